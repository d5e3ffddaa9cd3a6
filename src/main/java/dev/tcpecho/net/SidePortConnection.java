package dev.tcpecho.net;

import dev.tcpecho.net.SidePortSockets.Ended;
import dev.tcpecho.net.SidePortTurn.State;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * One connection of the side port, and one answer at a time: nothing more is read, nor decoded from what was read,
 * until the kernel has the answer's last byte. All but what {@link SidePortSockets} asks runs on its event loop.
 */
final class SidePortConnection {
    private static final long ENDING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SidePortSockets sockets;
    private final Channel channel;
    private final long source;
    private final SidePortTurn turn = new SidePortTurn();
    private final SidePortBytes bytes = new SidePortBytes(this, turn);
    private final ChannelHandler http;
    private final SidePortDoor door;
    private SidePortPlaces places;

    /** @param http puts into a pipeline what Vert.x needs for HTTP */
    SidePortConnection(SidePortSockets sockets, Channel channel, ChannelHandler http) {
        this.sockets = sockets;
        this.channel = channel;
        this.http = http;
        this.source = channel.remoteAddress() instanceof InetSocketAddress remote && remote.getAddress() != null
                ? Addresses.network(remote.getAddress())
                : 0;
        this.door = new SidePortDoor(this, sockets.doorRoom());
    }

    /** Its peer's network. */
    long source() {
        return source;
    }

    SidePortTurn turn() {
        return turn;
    }

    /**
     * By any thread. Not if, by the time its event loop is at it, the peer does not keep us waiting any more. What the
     * peer has not taken of an answer is dropped with a reset.
     *
     * @param after runs when that is decided, on the event loop of the connection
     */
    void end(Ended reason, Runnable after) {
        channel.eventLoop().execute(() -> {
            long now = System.nanoTime();
            if (channel.isOpen()
                    && (reason == Ended.DISPLACED
                            ? turn.patience(now).isPresent()
                            : turn.overdue(now).isPresent())) {
                sockets.count(reason);
                close();
            }
            after.run();
        });
    }

    private void close() {
        boolean owing = turn.is(State.TAKING);
        turn.closing();
        if (owing && channel.config() instanceof SocketChannelConfig socket) {
            try {
                socket.setSoLinger(0);
            } catch (ChannelException e) {
                // The peer was faster: there is nothing left to drop.
            }
        }
        bytes.close(channel.newPromise());
    }

    /** Vert.x does not know of those that have no place. */
    void closeAtDoor() {
        if (turn.is(State.OUTSIDE) || turn.is(State.WAITING)) {
            channel.close();
        }
    }

    /** Before anything of HTTP stands in its pipeline. */
    void standAtDoor() {
        channel.pipeline().addLast(door);
        channel.eventLoop().execute(() -> channel.eventLoop().execute(turn::settled));
    }

    /** It has asked for something. */
    void ask(boolean probe) {
        turn.enter(State.WAITING);
        places = sockets.places(probe);
        if (places.ask(this)) {
            serve();
        }
    }

    /** By any thread. */
    void serveSoon() {
        channel.eventLoop().execute(this::serve);
    }

    private void serve() {
        if (!channel.isActive()) {
            return;
        }
        turn.enter(State.FRESH);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(http);
        // Before the HTTP decoder where that is there already; behind TLS where it comes later.
        if (pipeline.get("httpDecoder") == null) {
            pipeline.addLast(bytes);
        } else {
            pipeline.addFirst(bytes);
        }
        door.open(pipeline);
    }

    /** Its place, or its turn, is for others. */
    void leave() {
        if (places != null) {
            places.leave(this);
        }
    }

    /** What stands behind the bytes is known by the first of them; without a handler it may become HTTP/2 yet. */
    void firstByte() {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.get("handler") != null && pipeline.get("httpDecoder") instanceof ByteToMessageDecoder decoder) {
            decoder.setSingleDecode(true);
            pipeline.addBefore("handler", "tcp-echo answers", new SidePortAnswers(this, turn));
        } else {
            turn.enter(State.OTHER);
        }
    }

    /**
     * The kernel has the last byte of an answer.
     *
     * @param whole whether all of its request is here
     */
    void answered(boolean whole) {
        if (whole) {
            // Not at once: Vert.x has not done with this answer yet, and a pipeline would be a recursion.
            channel.eventLoop().execute(this::next);
        } else {
            // Of this request something is still to come, which nobody will read.
            endInOrder(channel.newPromise());
        }
    }

    /** Decodes the next request, if there is one, and reads again if not. */
    private void next() {
        if (!turn.is(State.TAKING) || !channel.isActive()) {
            return;
        }
        if (sockets.isWanted() || places.isWanted()) {
            endInOrder(channel.newPromise());
            return;
        }
        turn.enter(State.IDLE);
        bytes.decodeNext();
        if (!turn.isAnswer() && channel.isActive()) {
            if (bytes.isInputEnded()) {
                channel.close();
            } else {
                channel.config().setAutoRead(true);
                places.next();
                sockets.freed();
            }
        }
    }

    /** A FIN, and the close once the peer has read it or had time to. */
    void endInOrder(ChannelPromise promise) {
        boolean plain = channel.pipeline().get(SslHandler.class) == null;
        if (turn.is(State.ENDING) || bytes.isInputEnded() || !plain || !(channel instanceof DuplexChannel duplex)) {
            turn.closing();
            bytes.close(promise);
            return;
        }
        turn.enter(State.ENDING);
        bytes.release();
        duplex.shutdownOutput();
        channel.config().setAutoRead(true);
        leave();
        sockets.freed();
        channel.eventLoop().schedule(() -> bytes.close(promise), ENDING_NANOS, TimeUnit.NANOSECONDS);
    }
}
