package dev.tcpecho.process;

import dev.tcpecho.testing.Program;
import dev.tcpecho.testing.StalledCrowd;
import dev.tcpecho.testing.TlsBuckets;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** What peers do to the ports, in a process of their own, until it is killed. */
enum Flood {
    HALF_SENT_REQUESTS {
        @Override
        void attack(Targets targets) {
            targets.side().hold(1000, "GET /q/health/live HTTP/1.1\r\nHost: local", channel -> false);
        }
    },
    SILENT_CONNECTIONS {
        @Override
        void attack(Targets targets) {
            targets.side().hold(2000, "", Flood::readOne);
        }
    },
    SLOW_READERS {
        @Override
        void attack(Targets targets) {
            targets.side().hold(200, get("/socket-options"), Flood::readOne);
        }
    },
    PIPELINES_UNREAD {
        @Override
        void attack(Targets targets) {
            targets.side().hold(8, get("/q/metrics").repeat(20_000), channel -> false);
        }
    },
    ASKERS {
        @Override
        void attack(Targets targets) {
            targets.side().swarm(1000, socket -> ask(socket, get("/socket-options"), 20));
        }
    },
    ASKERS_OF_METRICS {
        @Override
        void attack(Targets targets) {
            targets.side().swarm(1000, socket -> ask(socket, get("/q/metrics"), 20));
        }
    },
    H2C_WITHOUT_WINDOW {
        @Override
        void attack(Targets targets) {
            String settings = "\0\0\6\4\0\0\0\0\0\0\4\0\0\0\0";
            targets.side().hold(20, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings, channel -> false);
        }
    },
    MALFORMED {
        @Override
        void attack(Targets targets) {
            List<String> heads = List.of(
                    get("/socket-options").replace("\r\n\r\n", "\r\nAccept: text/plain;a=\"\r\n\r\n"),
                    "GET /q/health/live HTTP/1.1\r\n\r\n",
                    get("/%"),
                    get("/connections?limit=%"),
                    "GET / HTTP/1.1\r\nHost: localhost\r\nb\0d: x\r\n\r\n",
                    "POST /q/metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
                    "\26\3\1\2\0\1\0\1\374\3\3");
            AtomicLong turn = new AtomicLong();
            targets.side().swarm(8, socket -> ask(socket, heads.get((int) (turn.getAndIncrement() % heads.size())), 1));
        }
    },
    CONNECT_AND_RESET {
        @Override
        void attack(Targets targets) {
            targets.side().swarm(8, Flood::reset);
        }

        @Override
        int times() {
            return LONGER;
        }
    },
    CONNECT_AND_RESET_OF_THE_ECHO {
        @Override
        void attack(Targets targets) {
            targets.echo().swarm(8, Flood::reset);
        }

        @Override
        int times() {
            return LONGER;
        }
    },
    STALLED_PEERS_THAT_ALL_CONNECT_FIRST {
        @Override
        void attack(Targets targets) throws IOException {
            stall(StalledCrowd.ALL_CONNECT_FIRST, targets);
        }

        @Override
        String[] trace() {
            return new String[] {"echo_reads_put_off_total"};
        }
    },
    STALLED_PEERS_ONE_AFTER_THE_OTHER {
        @Override
        void attack(Targets targets) throws IOException {
            stall(StalledCrowd.ONE_FILLS_AFTER_THE_OTHER, targets);
        }

        @Override
        String[] trace() {
            return new String[] {"echo_reads_put_off_total"};
        }
    },
    SILENT_PLACE_HOLDERS {
        @Override
        void attack(Targets targets) throws UnknownHostException {
            InetAddress one = InetAddress.getByName("127.0.0.2");
            new Attackers(one, targets.places()).hold(400, "", Flood::readOne);
        }

        @Override
        String[] trace() {
            return new String[] {"echo_connections_refused_total", "\"places\"", "\"address\""};
        }
    },
    HALF_SENT_RECORDS {
        @Override
        void attack(Targets targets) throws IOException {
            targets.tlsCrowd().sendHalf();
            System.out.println(Attackers.AT_ITS_WORST);
        }
    },
    STALLED_TLS_PEERS {
        @Override
        void attack(Targets targets) throws IOException {
            targets.tlsCrowd().sendUntilNoneTakesMore();
            System.out.println(Attackers.AT_ITS_WORST);
        }
    },
    BOTH_PORTS {
        @Override
        void attack(Targets targets) throws IOException {
            CONNECT_AND_RESET_OF_THE_ECHO.attack(targets);
            HALF_SENT_REQUESTS.attack(targets);
        }
    };

    private static final int LONGER = 2;
    private static final int MOST_OF_TLS = 2000;

    /** Returns, if ever, when there is nothing more to do than to stay. */
    abstract void attack(Targets targets) throws IOException;

    /** By how much it is longer than others. */
    int times() {
        return 1;
    }

    /** The meter that shows the flood; none where there is none of its own. */
    String[] trace() {
        return new String[0];
    }

    /**
     * @param keys of the listener with TLS
     * @param stalled peers of a crowd
     */
    record Targets(
            InetSocketAddress sidePort,
            InetSocketAddress listener,
            InetSocketAddress places,
            InetSocketAddress tls,
            Path keys,
            int stalled) {
        TlsCrowd tlsCrowd() {
            return new TlsCrowd(tls, TlsBuckets.context(null, keys), Math.min(stalled / 2, MOST_OF_TLS));
        }

        Attackers side() {
            return new Attackers(sidePort.getAddress(), sidePort);
        }

        Attackers echo() {
            return side().against(listener);
        }
    }

    /**
     * At the lowest priority: what is measured is what the service does with a flood, which comes over a network in
     * earnest, not what its senders' own threads take of the processors that they share with the service here.
     */
    Program start(Targets targets) {
        return Program.start(
                new File("."),
                List.of(
                        "nice",
                        "-n",
                        "19",
                        Program.JAVA,
                        "-Xss256k",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        Program.classPath(),
                        Flood.class.getName(),
                        name(),
                        String.valueOf(targets.sidePort().getPort()),
                        String.valueOf(targets.listener().getPort()),
                        String.valueOf(targets.places().getPort()),
                        String.valueOf(targets.tls().getPort()),
                        targets.keys().toString(),
                        String.valueOf(targets.stalled())));
    }

    public static void main(String[] args) throws IOException {
        valueOf(args[0])
                .attack(new Targets(
                        local(args[1]),
                        local(args[2]),
                        local(args[3]),
                        local(args[4]),
                        Path.of(args[5]),
                        Integer.parseInt(args[6])));
        LockSupport.park();
    }

    private static InetSocketAddress local(String port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    private static void stall(StalledCrowd crowd, Targets targets) throws IOException {
        List<SocketChannel> peers = new ArrayList<>();
        crowd.come(targets.listener(), targets.stalled(), peers);
        System.out.println(Attackers.AT_ITS_WORST);
    }

    private static void ask(Socket socket, String request, int times) throws IOException {
        socket.setSoTimeout(2000);
        byte[] buffer = new byte[64 << 10];
        for (int i = 0; i < times; i++) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            if (socket.getInputStream().read(buffer) < 0) {
                return;
            }
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
    }

    private static boolean readOne(SocketChannel channel) throws IOException {
        return channel.read(ByteBuffer.allocate(1)) < 0;
    }
}
