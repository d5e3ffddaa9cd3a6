package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Takes the header of the PROXY protocol off the front of a connection, and keeps the connection back until that is
 * done. It tells where a header ends, whom it may come from and how long it may take; what it says is Netty's to read.
 */
final class ProxyGate extends ChannelDuplexHandler {
    private final ProxyPolicy policy;
    private ByteBuf held;
    private Future<?> timeout;
    private boolean waiting;
    private boolean decoding;

    ProxyGate(ProxyPolicy policy) {
        this.policy = policy;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (policy.isTrusted(ctx.channel())) {
            waiting = true;
            held = ctx.alloc().heapBuffer(ProxyHeaderEnd.LONGEST_V1);
            timeout = ctx.executor().schedule(() -> timedOut(ctx), policy.time().toMillis(), TimeUnit.MILLISECONDS);
        } else if (policy.isRequired()) {
            refuse(ctx, ProxyOutcome.UNTRUSTED, "the connection did not come from a trusted proxy");
        } else {
            ctx.pipeline().remove(this);
            ctx.fireChannelActive();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (!waiting) {
            bytes.release(); // refused: the reset is under way
            return;
        }
        held.writeBytes(bytes);
        bytes.release();
        int end = ProxyHeaderEnd.of(held);
        if (end == ProxyHeaderEnd.NO_HEADER) {
            if (policy.isRequired()) {
                refuse(ctx, ProxyOutcome.INVALID, "the connection does not begin with a PROXY header");
            } else {
                pass(ctx, ProxyOutcome.ABSENT);
            }
        } else if (end == ProxyHeaderEnd.TOO_LONG) {
            refuse(ctx, ProxyOutcome.INVALID, "the PROXY header is longer than its bound");
        } else if (end != ProxyHeaderEnd.NOT_YET) {
            decode(ctx, end);
        }
    }

    private void decode(ChannelHandlerContext ctx, int end) {
        ByteBuf whole = held.readSlice(end);
        Optional<ProxyHeader> header = ProxyHeaderEnd.isLine(whole) ? ProxyLine.read(whole) : readByNetty(ctx, whole);
        if (header.isEmpty()) {
            refuse(ctx, ProxyOutcome.INVALID, "the PROXY header is malformed");
        } else {
            ctx.channel().attr(Peer.PROXY).set(header.get());
            pass(ctx, header.get().outcome());
        }
    }

    /** Netty's decoder stands behind this handler for one message, and takes itself out. */
    private Optional<ProxyHeader> readByNetty(ChannelHandlerContext ctx, ByteBuf whole) {
        boolean intact = ProxyChecksum.isRight(whole);
        Reader reader = new Reader();
        ctx.pipeline().addAfter(ctx.name(), null, reader);
        ctx.pipeline().addAfter(ctx.name(), null, new HAProxyMessageDecoder(ProxyHeaderEnd.LONGEST_V2, true));
        decoding = true;
        ctx.fireChannelRead(whole.retain());
        decoding = false;
        HAProxyMessageDecoder left = ctx.pipeline().get(HAProxyMessageDecoder.class);
        if (left != null) {
            ctx.pipeline().remove(left);
        }
        ctx.pipeline().remove(reader); // only now: nothing of a header may reach the connection
        return Optional.ofNullable(reader.header).filter(read -> intact);
    }

    private static final class Reader extends ChannelInboundHandlerAdapter {
        private ProxyHeader header;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof HAProxyMessage read) {
                try {
                    header = ProxyHeader.of(read);
                } finally {
                    read.release();
                }
            } else {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {}

        /** Malformed: no header was read. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {}
    }

    /** Netty's decoder closes in order what it cannot read; how this ends is not for it to say. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!decoding) {
            ctx.close(promise);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!waiting || event != ChannelInputShutdownEvent.INSTANCE) {
            if (!waiting) {
                ctx.fireUserEventTriggered(event);
            }
            return;
        }
        if (!policy.isRequired()) {
            pass(ctx, ProxyOutcome.ABSENT);
            ctx.fireUserEventTriggered(event);
        } else if (held.isReadable()) {
            refuse(ctx, ProxyOutcome.INVALID, "the PROXY header is cut off");
        } else {
            done();
            policy.told().accept(ProxyOutcome.MISSING, ctx.channel());
            ctx.fireUserEventTriggered(event); // a bare connect, as balancers check ports: it ends in order
        }
    }

    private void timedOut(ChannelHandlerContext ctx) {
        if (!waiting) {
            return;
        }
        if (policy.isRequired()) {
            refuse(ctx, ProxyOutcome.TIMEOUT, "no PROXY header came in time");
        } else {
            pass(ctx, ProxyOutcome.ABSENT);
        }
    }

    private void pass(ChannelHandlerContext ctx, ProxyOutcome outcome) {
        ByteBuf rest = held;
        held = null;
        done();
        policy.told().accept(outcome, ctx.channel());
        ctx.fireChannelActive();
        if (rest.isReadable()) {
            ctx.fireChannelRead(rest);
            ctx.fireChannelReadComplete();
        } else {
            rest.release();
        }
        if (ctx.pipeline().context(this) != null) {
            ctx.pipeline().remove(this);
        }
    }

    private void refuse(ChannelHandlerContext ctx, ProxyOutcome outcome, String why) {
        done();
        policy.told().accept(outcome, ctx.channel());
        ctx.fireExceptionCaught(new EntranceException(SocketError.PROXY, why));
    }

    private void done() {
        waiting = false;
        if (timeout != null) {
            timeout.cancel(false);
        }
        if (held != null) {
            held.release();
            held = null;
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        done();
    }
}
