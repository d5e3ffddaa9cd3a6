package dev.tcpecho.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Faults of one listener that cannot be asked together, or not of its mode: a sentence each, with the key and why. */
final class FaultClashes {
    private final String listener;
    private final ListenerConfig config;
    private final FaultSettings fault;
    private final List<String> problems = new ArrayList<>();

    private FaultClashes(String listener, ListenerConfig config) {
        this.listener = listener;
        this.config = config;
        this.fault = config.fault();
    }

    static List<String> of(String listener, ListenerConfig config) {
        FaultClashes clashes = new FaultClashes(listener, config);
        if (config.fault().accept().isPresent()) {
            clashes.withoutConnections();
        } else {
            clashes.ofEnds();
            clashes.ofModes();
            clashes.ofReplies();
            clashes.ofChoices();
        }
        return clashes.problems;
    }

    private void withoutConnections() {
        refuseBeside(
                "accept=never",
                "there is no connection that it could happen to",
                Stream.of(READ, DELAY, RATE, CHUNK, RESET, CLOSE, HOLD, PROBABILITY, SEED));
        if (config.acceptShards() > 1) {
            problem("accept=never", key("accept-shards") + " must be 1: one queue is enough that nobody takes from");
        }
    }

    private void ofEnds() {
        if (fault.resetAfter().isPresent()) {
            refuseBeside("reset-after", "a connection ends once", Stream.of(CLOSE));
        }
        if (fault.holdOpen()) {
            refuseBeside("hold-open=true", "it never sends our FIN", Stream.of(CLOSE));
        }
    }

    private void ofModes() {
        EchoMode mode = config.mode();
        boolean finishesFirst = mode == EchoMode.ONCE || mode == EchoMode.REPORT;
        if (fault.holdOpen() && finishesFirst) {
            problem("hold-open=true", mode(mode) + " finishes before the peer: ask for stream, discard or chargen");
        }
        if (mode == EchoMode.DISCARD) {
            refuse("mode discard sends nothing", Stream.of(DELAY, RATE, CHUNK));
            refuseUnlessZero("mode discard sends nothing: only 0 ever comes");
        }
        if (mode == EchoMode.ONCE) {
            end().filter(bytes -> bytes > config.readLimit())
                    .ifPresent(bytes -> problem(
                            endKey() + "=" + bytes,
                            "mode once sends at most " + key("read-limit") + "=" + config.readLimit() + " bytes"));
        }
        if (fault.read().isPresent()) {
            boolean speaksFirst = mode == EchoMode.REPORT || mode == EchoMode.CHARGEN;
            refuseBeside("read=never", "the peer's FIN is never read either", Stream.of(HOLD));
            if (!speaksFirst) {
                refuseBeside("read=never", "there is no reply to what is not read", Stream.of(DELAY, RATE, CHUNK));
                refuseUnlessZero(
                        "there is no reply to what is not read (" + key("fault.read") + "=never): only 0 comes");
            }
        }
        if (end().isPresent() && end().get() == 0) {
            refuse(endKey() + "=0 leaves nothing to send", Stream.of(DELAY, RATE, CHUNK));
        }
    }

    private void ofReplies() {
        if (fault.chunk().isPresent()
                && (!config.socket().tcpNoDelay() || config.socket().tcpCork().orElse(false))) {
            problem(
                    "chunk",
                    "pieces would be joined again: it needs " + key("socket.tcp-no-delay") + "=true and no "
                            + key("socket.tcp-cork"));
        }
        Duration stall = config.writeStallTimeout();
        if (longestWait().compareTo(stall) >= 0) {
            problem(
                    fault.delay().isPresent() ? "delay" : "rate",
                    "a reply that waits up to " + longestWait().toMillis() + " ms would be taken for a reader that has"
                            + " stopped: raise " + key("write-stall-timeout") + " above it");
        }
    }

    /** Of one piece. */
    private Duration longestWait() {
        Duration delay = fault.delay().map(range -> range.most()).orElse(Duration.ZERO);
        long bytes = fault.chunk().map(range -> range.most()).orElse(1L);
        return delay.plus(fault.rate()
                .map(rate -> Duration.ofMillis(bytes * 1000 / rate.asLongValue()))
                .orElse(Duration.ZERO));
    }

    private void ofChoices() {
        boolean anyFault = ALL.stream().anyMatch(each -> each.isAsked().apply(fault));
        if (!anyFault) {
            refuse("there is no fault that it could concern", Stream.of(PROBABILITY, SEED));
        }
    }

    private Optional<Long> end() {
        return fault.resetAfter().or(fault::closeAfter).map(size -> size.asLongValue());
    }

    private String endKey() {
        return fault.resetAfter().isPresent() ? "reset-after" : "close-after";
    }

    private void refuseUnlessZero(String why) {
        end().filter(bytes -> bytes > 0).ifPresent(bytes -> problem(endKey() + "=" + bytes, why));
    }

    private void refuseBeside(String beside, String why, Stream<Key> keys) {
        keys.filter(each -> each.isAsked().apply(fault))
                .forEach(each -> problem(each.name(), "not with " + key("fault." + beside) + ": " + why));
    }

    private void refuse(String why, Stream<Key> keys) {
        keys.filter(each -> each.isAsked().apply(fault)).forEach(each -> problem(each.name(), why));
    }

    private void problem(String key, String why) {
        problems.add("listener " + listener + ": " + key("fault." + key) + ": " + why);
    }

    private String key(String key) {
        return ConfiguredListeners.key(listener, key);
    }

    private static String mode(EchoMode mode) {
        return "mode " + mode.name().toLowerCase(Locale.ROOT);
    }

    /** One of the keys below {@code fault.} */
    private record Key(String name, Function<FaultSettings, Boolean> isAsked) {}

    private static final Key READ = new Key("read", fault -> fault.read().isPresent());
    private static final Key DELAY = new Key("delay", fault -> fault.delay().isPresent());
    private static final Key RATE = new Key("rate", fault -> fault.rate().isPresent());
    private static final Key CHUNK = new Key("chunk", fault -> fault.chunk().isPresent());
    private static final Key RESET =
            new Key("reset-after", fault -> fault.resetAfter().isPresent());
    private static final Key CLOSE =
            new Key("close-after", fault -> fault.closeAfter().isPresent());
    private static final Key HOLD = new Key("hold-open", FaultSettings::holdOpen);
    private static final Key PROBABILITY = new Key("probability", fault -> fault.probability() < 1);
    private static final Key SEED = new Key("seed", fault -> fault.seed().isPresent());
    private static final List<Key> ALL = List.of(READ, DELAY, RATE, CHUNK, RESET, CLOSE, HOLD);
}
