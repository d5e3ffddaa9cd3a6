package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a connection of the side port waits for its place, with nothing of HTTP behind it yet. What it asks first says
 * whether it is a probe. On its event loop.
 */
final class SidePortDoor extends ChannelInboundHandlerAdapter {
    private enum Asker {
        UNKNOWN,
        PROBE,
        OTHER
    }

    private static final List<byte[]> PROBES = List.of(bytes("GET /q/health"), bytes("HEAD /q/health"));

    /** Usually one read; but Netty reads all that there is once the peer has sent its FIN. */
    private static final int MOST_HELD = 64 << 10;

    private final SidePortConnection connection;

    /** What the bytes of all who wait may take. */
    private final AtomicInteger room;

    private final ByteBuf held = Unpooled.buffer(0, MOST_HELD);
    private int counted;
    private boolean asked;
    private boolean inputEnded;

    SidePortDoor(SidePortConnection connection, AtomicInteger room) {
        this.connection = connection;
        this.room = room;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Those behind the door hear of it when it opens. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // Nobody is there yet.
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf bytes = (ByteBuf) msg;
        boolean fits = hold(bytes);
        bytes.release();
        if (!fits) {
            ctx.close();
        } else if (!asked) {
            Asker asker = asker();
            if (asker != Asker.UNKNOWN) {
                asked = true;
                ctx.channel().config().setAutoRead(false);
                connection.ask(asker == Asker.PROBE);
            }
        }
    }

    private boolean hold(ByteBuf bytes) {
        int length = bytes.readableBytes();
        counted += length;
        boolean fits = room.addAndGet(-length) >= 0 && length <= held.maxWritableBytes();
        if (fits) {
            held.writeBytes(bytes);
        }
        return fits;
    }

    private Asker asker() {
        Asker best = Asker.OTHER;
        for (byte[] probe : PROBES) {
            int length = Math.min(probe.length, held.readableBytes());
            boolean begun = held.slice(0, length).equals(Unpooled.wrappedBuffer(probe, 0, length));
            if (begun) {
                best = length == probe.length ? Asker.PROBE : Asker.UNKNOWN;
            }
        }
        return best;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // Nobody is there yet.
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (!asked) {
                ctx.close();
            }
        }
    }

    /** A peer that is gone has nobody to tell. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        room.addAndGet(counted);
    }

    /** What came is read by those who stand in the pipeline now. */
    void open(ChannelPipeline pipeline) {
        pipeline.remove(this);
        pipeline.channel().config().setAutoRead(true);
        pipeline.fireChannelActive();
        pipeline.fireChannelRead(held);
        pipeline.fireChannelReadComplete();
        if (inputEnded) {
            pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }
}
