package dev.tcpecho.net;

import dev.tcpecho.net.SidePortSockets.Ended;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * One connection of the side port, and one answer at a time: nothing more is read, nor decoded from what was read,
 * until the kernel has the answer's last byte. All but what {@link SidePortSockets} asks runs on its event loop.
 */
final class SidePortConnection {
    private enum State {
        /** Connected, and no byte yet. */
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
    private static final long ENDING_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Who connects to ask has asked by then. */
    private static final long FIRST_BYTE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** An answer that has not moved for so long is not being read. */
    private static final long MOVING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A path, or an address of one; what is escaped can be read. */
    private static final Pattern TARGET =
            Pattern.compile("(?i:https?://[^/?#%]*)?(?:/(?:[^%]|%[0-9a-fA-F]{2})*)?", Pattern.DOTALL);

    /** Of bytes that arrived behind a request; the kernel reports the peer's FIN even where nothing is to be read. */
    private static final int MOST_HELD = 64 << 10;

    private final SidePortSockets sockets;
    private final Channel channel;
    private final Object source;
    private final Deque<ByteBuf> held = new ArrayDeque<>();
    private int heldBytes;
    private ChannelHandlerContext front;
    private boolean whole;
    private boolean inputEnded;
    private long answerSince;
    /** Whether its event loop has had the time to read what was there when it was accepted. */
    private volatile boolean settled;

    private volatile State state = State.FRESH;
    private volatile long since = System.nanoTime();

    SidePortConnection(SidePortSockets sockets, Channel channel) {
        this.sockets = sockets;
        this.channel = channel;
        this.source = source(channel);
    }

    /** An IPv4 address, or the network of an IPv6 one: whoever has one address of it has them all. */
    private static Object source(Channel channel) {
        if (channel.remoteAddress() instanceof InetSocketAddress remote && remote.getAddress() != null) {
            InetAddress address = remote.getAddress();
            byte[] bytes = address.getAddress();
            return bytes.length == 4 ? address : Arrays.toString(Arrays.copyOf(bytes, 8));
        }
        return "";
    }

    Channel channel() {
        return channel;
    }

    Object source() {
        return source;
    }

    long since() {
        return since;
    }

    /** How dispensable it is, 0 the most; empty while it is we who keep it waiting. */
    OptionalInt patience(long now) {
        if (!channel.isRegistered()) {
            return OptionalInt.empty();
        }
        return switch (state) {
            case ASKING, ENDING -> OptionalInt.of(0);
            case TAKING -> now - since > MOVING_NANOS ? OptionalInt.of(0) : OptionalInt.empty();
            case IDLE -> OptionalInt.of(1);
            case FRESH -> settled && now - since > FIRST_BYTE_NANOS ? OptionalInt.of(2) : OptionalInt.empty();
            case ANSWERING, OTHER -> OptionalInt.empty();
        };
    }

    /** Why it is to be ended now. */
    Optional<Ended> overdue(long now) {
        long time = now - since;
        return switch (state) {
            case FRESH, ASKING -> time > REQUEST_NANOS ? Optional.of(Ended.REQUEST_TIMEOUT) : Optional.empty();
            case IDLE -> time > IDLE_NANOS ? Optional.of(Ended.IDLE) : Optional.empty();
            case TAKING -> time > STALL_NANOS ? Optional.of(Ended.ANSWER_NOT_TAKEN) : Optional.empty();
            case ANSWERING, ENDING, OTHER -> Optional.empty();
        };
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
                            ? patience(now).isPresent()
                            : overdue(now).isPresent())) {
                sockets.count(reason);
                close();
            }
            after.run();
        });
    }

    private void close() {
        boolean owing = state == State.TAKING;
        state = State.ENDING;
        if (owing && channel.config() instanceof SocketChannelConfig socket) {
            try {
                socket.setSoLinger(0);
            } catch (ChannelException e) {
                // The peer was faster: there is nothing left to drop.
            }
        }
        if (front == null) {
            channel.close();
        } else {
            front.close();
        }
    }

    /** Before the HTTP decoder where that is there already; behind TLS where it comes later. */
    void guard() {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.get("httpDecoder") == null) {
            pipeline.addLast(new Bytes());
        } else {
            pipeline.addFirst(new Bytes());
        }
        channel.eventLoop().execute(() -> channel.eventLoop().execute(() -> settled = true));
    }

    private void enter(State next) {
        state = next;
        since = System.nanoTime();
    }

    private boolean answering() {
        return state == State.ANSWERING || state == State.TAKING;
    }

    private void touched() {
        long now = System.nanoTime();
        if (now - answerSince < ANSWER_NANOS) {
            since = now;
        }
    }

    private void answered() {
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
        if (state != State.TAKING || !channel.isActive()) {
            return;
        }
        if (sockets.isWanted()) {
            endInOrder(channel.newPromise());
            return;
        }
        enter(State.IDLE);
        ByteBuf more = held.poll();
        front.fireChannelRead(more == null ? Unpooled.EMPTY_BUFFER : more);
        heldBytes -= more == null ? 0 : more.readableBytes();
        front.fireChannelReadComplete();
        while (!answering() && !held.isEmpty()) {
            front.fireChannelRead(held.poll());
            front.fireChannelReadComplete();
        }
        if (!answering() && channel.isActive()) {
            if (inputEnded) {
                channel.close();
            } else {
                channel.config().setAutoRead(true);
                sockets.freed();
            }
        }
    }

    /** A FIN, and the close once the peer has read it or had time to. */
    private void endInOrder(ChannelPromise promise) {
        boolean plain = channel.pipeline().get(SslHandler.class) == null;
        if (state == State.ENDING || inputEnded || !plain || !(channel instanceof DuplexChannel duplex)) {
            state = State.ENDING;
            front.close(promise);
            return;
        }
        enter(State.ENDING);
        release();
        duplex.shutdownOutput();
        channel.config().setAutoRead(true);
        sockets.freed();
        channel.eventLoop().schedule(() -> front.close(promise), ENDING_NANOS, TimeUnit.NANOSECONDS);
    }

    private void release() {
        held.forEach(ByteBuf::release);
        held.clear();
        heldBytes = 0;
    }

    /** Before the decoder. */
    private final class Bytes extends ChannelInboundHandlerAdapter {
        private boolean installed;
        private boolean passedOn;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            front = ctx;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (!installed) {
                installed = true;
                install(ctx.pipeline());
            }
            if (state == State.FRESH || state == State.IDLE) {
                enter(State.ASKING);
            }
            if (state == State.ENDING) {
                ReferenceCountUtil.release(msg);
            } else if (answering()) {
                hold((ByteBuf) msg);
            } else {
                passedOn = true;
                ctx.fireChannelRead(msg);
            }
        }

        /** Netty's decoder would read again when it has got nothing. */
        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (passedOn) {
                passedOn = false;
                ctx.fireChannelReadComplete();
            }
        }

        private void install(ChannelPipeline pipeline) {
            if (pipeline.get("httpDecoder") instanceof ByteToMessageDecoder decoder) {
                decoder.setSingleDecode(true);
                pipeline.addBefore("handler", "tcp-echo answers", new Answers());
            } else {
                enter(State.OTHER);
            }
        }

        private void hold(ByteBuf bytes) {
            held.add(bytes);
            heldBytes += bytes.readableBytes();
            if (heldBytes > MOST_HELD) {
                state = State.ENDING;
                front.close();
            }
        }

        /** The peer's FIN ends its requests, not our answers. */
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                inputEnded = true;
                if (!answering()) {
                    ctx.close();
                }
            } else if (!(event instanceof ChannelInputShutdownReadComplete)) {
                ctx.fireUserEventTriggered(event);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            release();
            ctx.fireChannelInactive();
        }
    }

    /** Between the codec and Vert.x. */
    private final class Answers extends ChannelDuplexHandler {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (state == State.OTHER) {
                ctx.fireChannelRead(msg);
                return;
            }
            if (state == State.ENDING || !channel.isActive()) {
                ReferenceCountUtil.release(msg);
                return;
            }
            if (msg instanceof HttpRequest request) {
                enter(State.ANSWERING);
                whole = request instanceof LastHttpContent;
                channel.config().setAutoRead(false);
                if (request.decoderResult().isFailure()
                        || !TARGET.matcher(request.uri()).matches()) {
                    whole = false;
                    ReferenceCountUtil.release(msg);
                    refuse(ctx, request.decoderResult().cause());
                    return;
                }
            } else if (msg instanceof LastHttpContent) {
                whole = true;
            } else if (msg instanceof HttpContent) {
                // The route has refused a request with a body before the first of it is here.
                ReferenceCountUtil.release(msg);
                return;
            }
            ctx.fireChannelRead(msg);
        }

        /** What is no request never reaches a route. */
        private void refuse(ChannelHandlerContext ctx, Throwable cause) {
            HttpResponseStatus status = cause instanceof TooLongHttpLineException
                    ? HttpResponseStatus.REQUEST_URI_TOO_LONG
                    : cause instanceof TooLongHttpHeaderException
                            ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                            : HttpResponseStatus.BAD_REQUEST;
            ByteBuf body =
                    Unpooled.copiedBuffer("{\"error\":\"" + status.reasonPhrase() + "\"}\n", StandardCharsets.US_ASCII);
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                    .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            write(ctx, response, ctx.newPromise());
            ctx.flush();
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            if (state == State.OTHER) {
                ctx.write(msg, promise);
                return;
            }
            if (msg instanceof HttpResponse response
                    && response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                    enter(State.OTHER);
                    channel.config().setAutoRead(true);
                }
                ctx.write(msg, promise);
                return;
            }
            if (state == State.ANSWERING) {
                enter(State.TAKING);
                answerSince = since;
            }
            ChannelPromise taken = promise.unvoid();
            boolean last = msg instanceof LastHttpContent;
            taken.addListener(done -> {
                touched();
                if (last && done.isSuccess()) {
                    answered();
                }
            });
            ctx.write(msg, taken);
        }

        @Override
        public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
            if (answering()) {
                endInOrder(promise);
            } else {
                ctx.close(promise);
            }
        }
    }
}
