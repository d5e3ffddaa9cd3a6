package dev.tcpecho.check;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What our kernel writes into a SYN to this address. Java's sockets cannot be asked, so a second connection of Netty's
 * is: TCP_INFO has its MSS (advmss) and window scale (rcv_wscale). The rest are sysctls, which are per namespace. Each
 * is null where it is not known.
 */
record SentSyn(
        Integer mss,
        Integer windowScale,
        Boolean sackPermitted,
        Boolean timestamps,
        Boolean ecn,
        int dscp,
        Integer ttl) {
    private static final Path SYSCTLS = Path.of("/proc/sys/net");
    private static final int TIMESTAMPS_NEGOTIATED = 1;
    private static final int SCALES_NEGOTIATED = 4;
    private static final int TIMESTAMPS_LENGTH = 12;

    static SentSyn to(InetSocketAddress address, int dscp, Deadline deadline) {
        EpollTcpInfo kernel = Epoll.isAvailable() ? tcpInfo(address, deadline) : null;
        boolean scaled = kernel != null && (kernel.options() & SCALES_NEGOTIATED) != 0;
        Boolean scaling = flag("tcp_window_scaling");
        Integer scale =
                Boolean.FALSE.equals(scaling) ? Integer.valueOf(-1) : scaled ? (Integer) kernel.rcvWscale() : null;
        boolean ipv4 = address.getAddress().getAddress().length == 4;
        return new SentSyn(
                kernel == null ? null : (Integer) mss(kernel),
                scale,
                flag("tcp_sack"),
                flag("tcp_timestamps"),
                asksForEcn(),
                dscp,
                ipv4 ? sysctl("ipv4/ip_default_ttl") : sysctl("ipv6/conf/default/hop_limit"));
    }

    /** Once timestamps are agreed upon the kernel takes their length off what it wrote into the SYN. */
    private static int mss(EpollTcpInfo kernel) {
        boolean less = (kernel.options() & TIMESTAMPS_NEGOTIATED) != 0;
        return (int) kernel.advmss() + (less ? TIMESTAMPS_LENGTH : 0);
    }

    /** Null when there is no connection to be had. */
    private static EpollTcpInfo tcpInfo(InetSocketAddress address, Deadline deadline) {
        EventLoopGroup loop = new EpollEventLoopGroup(1, new DefaultThreadFactory("check-tcp-info", true));
        CompletableFuture<EpollTcpInfo> answer = new CompletableFuture<>();
        try {
            new Bootstrap()
                    .group(loop)
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, deadline.remainingMillis())
                    .handler(new Asker(answer))
                    .connect(address)
                    .addListener(connected -> {
                        if (!connected.isSuccess()) {
                            answer.complete(null);
                        }
                    });
            return answer.get(deadline.remainingMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    /** Asks as soon as there is a connection: the service, which has its say and ends, may end it at once. */
    private static final class Asker extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<EpollTcpInfo> answer;

        private Asker(CompletableFuture<EpollTcpInfo> answer) {
            this.answer = answer;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            try {
                answer.complete(((EpollSocketChannel) context.channel()).tcpInfo());
            } catch (ChannelException e) {
                answer.complete(null);
            }
            context.close();
        }
    }

    /** 0 never, 1 and 3 ask, 2 (the default) only answers. */
    private static Boolean asksForEcn() {
        Integer mode = sysctl("ipv4/tcp_ecn");
        return mode == null ? null : (Boolean) (mode == 1 || mode > 2);
    }

    private static Boolean flag(String name) {
        Integer value = sysctl("ipv4/" + name);
        return value == null ? null : (Boolean) (value != 0);
    }

    private static Integer sysctl(String name) {
        try {
            List<String> lines = Files.readAllLines(SYSCTLS.resolve(name));
            return lines.isEmpty() ? null : Integer.valueOf(lines.get(0).strip());
        } catch (IOException | NumberFormatException e) {
            return null; // another kernel, or none of ours to read
        }
    }

    JsonObject json() {
        return new JsonObject()
                .put("mss", mss)
                .put("windowScale", windowScale)
                .put("sackPermitted", sackPermitted)
                .put("timestamps", timestamps)
                .put("ecn", ecn)
                .put("dscp", dscp)
                .put("ttl", ttl);
    }
}
