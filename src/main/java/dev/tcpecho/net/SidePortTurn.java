package dev.tcpecho.net;

import dev.tcpecho.net.SidePortSockets.Ended;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * Whose turn it is on a connection of the side port, and since when: how long that may last, and how dispensable it
 * makes the connection. Changed on the connection's event loop, asked by any thread.
 */
final class SidePortTurn {
    enum State {
        /** Connected, and nothing asked yet. */
        OUTSIDE,
        /** It has asked, and waits for a place. */
        WAITING,
        /** It has a place, and nothing has come out of TLS yet. */
        FRESH,
        /** A part of a request is here. */
        ASKING,
        /** The answer is being made. */
        ANSWERING,
        /** The answer is being taken. */
        TAKING,
        /** Answered, and no byte since. */
        IDLE,
        /** Our last word is said; what the peer still sends is discarded, since closing on it would be a reset. */
        ENDING,
        /** Speaks what is not HTTP/1.1 any more: asked for by configuration, or a socket of the dev mode's pages. */
        OTHER
    }

    private static final long REQUEST_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Who connects to ask has asked by then. */
    private static final long FIRST_BYTE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** An answer that has not moved for so long is not being read. */
    private static final long MOVING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Whether its event loop has had the time to read what was there when it was accepted. */
    private volatile boolean settled;

    private volatile State state = State.OUTSIDE;
    private volatile long since = System.nanoTime();
    private long answerSince;

    boolean is(State one) {
        return state == one;
    }

    /** Ours: no further request is looked at. */
    boolean isAnswer() {
        return state == State.ANSWERING || state == State.TAKING;
    }

    long since() {
        return since;
    }

    void settled() {
        settled = true;
    }

    /** How dispensable the connection is, 0 the most; empty while it is we who keep it waiting. */
    OptionalInt patience(long now) {
        return switch (state) {
            case ASKING, ENDING -> OptionalInt.of(0);
            case TAKING -> now - since > MOVING_NANOS ? OptionalInt.of(0) : OptionalInt.empty();
            case IDLE -> OptionalInt.of(1);
            case OUTSIDE, FRESH -> settled && now - since > FIRST_BYTE_NANOS ? OptionalInt.of(2) : OptionalInt.empty();
            case WAITING, ANSWERING, OTHER -> OptionalInt.empty();
        };
    }

    /** Why it is to be ended now. */
    Optional<Ended> overdue(long now) {
        long time = now - since;
        return switch (state) {
            case OUTSIDE, FRESH, ASKING -> time > REQUEST_NANOS ? Optional.of(Ended.REQUEST_TIMEOUT) : Optional.empty();
            case IDLE -> time > IDLE_NANOS ? Optional.of(Ended.IDLE) : Optional.empty();
            case TAKING -> time > STALL_NANOS ? Optional.of(Ended.ANSWER_NOT_TAKEN) : Optional.empty();
            case WAITING, ANSWERING, ENDING, OTHER -> Optional.empty();
        };
    }

    void enter(State next) {
        state = next;
        since = System.nanoTime();
    }

    /** The first byte of a request, where none was under way. */
    void asking() {
        if (state == State.FRESH || state == State.IDLE) {
            enter(State.ASKING);
        }
    }

    /** The first part of the answer. */
    void taking() {
        if (state == State.ANSWERING) {
            enter(State.TAKING);
            answerSince = since;
        }
    }

    /** The kernel took a part of the answer, which gives the rest more time, but not for ever. */
    void moved() {
        long now = System.nanoTime();
        if (now - answerSince < ANSWER_NANOS) {
            since = now;
        }
    }

    /** The connection is being closed; how long it has waited stays what it is. */
    void closing() {
        state = State.ENDING;
    }
}
