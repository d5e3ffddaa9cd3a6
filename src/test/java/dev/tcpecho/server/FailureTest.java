package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.net.BlockReads;
import dev.tcpecho.net.Entrance;
import dev.tcpecho.net.NoRoom;
import dev.tcpecho.net.Outflow;
import dev.tcpecho.net.ReadBuffer;
import dev.tcpecho.net.WaitingRoom;
import dev.tcpecho.testing.LogsAlso;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A failure of ours costs one connection, with a reset, and its place comes back once. */
class FailureTest {
    @ParameterizedTest
    @EnumSource
    @LogsAlso("a connection failed and was reset")
    void resetsOnlyTheConnectionWhoseHandlerThrows(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream");
                Peer broken = echo.connect()) {
            Channel channel = OpenConnections.of(echo, broken);
            try (Peer other = echo.connect()) {
                OpenConnections.addFirst(channel, new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                        ReferenceCountUtil.release(message);
                        context.fireExceptionCaught(new IllegalStateException("broken on purpose"));
                    }
                });
                broken.send("x").expectReset();
                echo.expectClosedSoFar(CloseReason.ERROR, 1);
                assertThat(echo.traffic().active()).isEqualTo(1);
                other.send("y").expect("y");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @LogsAlso("a connection failed and was reset")
    void keepsTheFirstReasonWhenAnExceptionFollowsTheClose(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream");
                Peer peer = echo.connect()) {
            Channel channel = OpenConnections.of(echo, peer);
            channel.eventLoop().execute(() -> {
                Connection connection = (Connection) channel.pipeline().last();
                connection.end(CloseReason.IDLE);
                channel.pipeline().fireExceptionCaught(new IllegalStateException("late on purpose"));
                connection.failed(new java.io.IOException("Broken pipe"));
            });
            peer.expectFin();
            echo.expectClosed(CloseReason.IDLE, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void returnsThePlaceOfAConnectionThatNeverReachedItsEventLoop(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport)) {
            Traffic traffic = new Traffic();
            assertThat(traffic.take(1)).isTrue();
            traffic.open();
            Connection connection = new Connection(served(echo, traffic, new DefaultEventLoop()), null);
            Channel never = new EmbeddedChannel();
            ChannelFuture closed = never.closeFuture().addListener(connection);
            never.close();
            assertThat(closed.isDone()).isTrue();
            assertThat(traffic.active()).isZero();
            assertThat(traffic.closed(CloseReason.ERROR)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void returnsThePlaceOfAConnectionThatCannotBeAdded(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport)) {
            Traffic traffic = new Traffic();
            assertThat(traffic.take(1)).isTrue();
            traffic.open();
            // An event loop that has ended makes handlerAdded() throw: it takes no timer any more.
            EventLoop ended = new DefaultEventLoop();
            LoopConnections served = served(echo, traffic, ended);
            ended.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
            EmbeddedChannel channel = new EmbeddedChannel();
            channel.pipeline().addLast(new Connection(served, null));
            assertThat(channel.isOpen()).isFalse();
            assertThat(traffic.active()).isZero();
            assertThat(traffic.closed(CloseReason.ERROR)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("deprecation") // of the only handle that Netty has
    void aReadThatFindsNoRoomIsCountedAndComesLater(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream", "echo.write-stall-timeout=1S");
                Peer peer = echo.connect()) {
            Channel channel = OpenConnections.of(echo, peer);
            BlockReads reads = new BlockReads(new WaitingRoom(0));
            List<ByteBuf> others = new ArrayList<>();
            channel.eventLoop()
                    .submit(() -> {
                        RecvByteBufAllocator.Handle handle = reads.newHandle();
                        handle.reset(channel.config());
                        try {
                            while (true) {
                                others.add(handle.allocate(ByteBufAllocator.DEFAULT));
                            }
                        } catch (NoRoom all) {
                            assertThat(others).isNotEmpty();
                        }
                        channel.config().setRecvByteBufAllocator(reads);
                    })
                    .syncUninterruptibly();
            peer.send("later");
            await().until(() -> echo.traffic().readsPutOff() > 0);
            assertThat(echo.traffic().bytesReceived()).isZero();
            channel.eventLoop().execute(() -> others.forEach(ByteBuf::release));
            peer.expect("later");
        }
    }

    private static LoopConnections served(RunningEcho echo, Traffic traffic, EventLoop loop) {
        Outflow outflow = Outflow.of(
                Entrance.NONE,
                new ReadBuffer(1000, new WaitingRoom(0)),
                echo.listener().config().socket());
        return new LoopConnections(echo.listener(), loop, traffic, Entrance.NONE, outflow, null);
    }
}
