package dev.tcpecho.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** What peers do to the side port, and to both ports, until they are told to stop. */
enum Flood {
    HALF_SENT_REQUESTS {
        @Override
        void run(Target target) {
            target.hold(1000, "GET /q/health/live HTTP/1.1\r\nHost: local", channel -> false);
        }
    },
    SLOW_READERS {
        @Override
        void run(Target target) {
            target.hold(200, get("/socket-options"), channel -> readOne(channel));
        }
    },
    PIPELINES_UNREAD {
        @Override
        void run(Target target) {
            target.hold(8, get("/q/metrics").repeat(20_000), channel -> false);
        }
    },
    ASKERS {
        @Override
        void run(Target target) {
            target.swarm(100, socket -> ask(socket, get("/socket-options"), 20));
        }
    },
    ASKERS_OF_METRICS {
        @Override
        void run(Target target) {
            target.swarm(100, socket -> ask(socket, get("/q/metrics"), 20));
        }
    },
    H2C_WITHOUT_WINDOW {
        @Override
        void run(Target target) {
            String settings = "\0\0\6\4\0\0\0\0\0\0\4\0\0\0\0";
            target.hold(20, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings, channel -> false);
        }
    },
    MALFORMED {
        @Override
        void run(Target target) {
            List<String> heads = List.of(
                    get("/socket-options").replace("\r\n\r\n", "\r\nAccept: text/plain;a=\"\r\n\r\n"),
                    "GET /q/health/live HTTP/1.1\r\n\r\n",
                    get("/%"),
                    get("/connections?limit=%"),
                    "GET / HTTP/1.1\r\nHost: localhost\r\nb\0d: x\r\n\r\n",
                    "POST /q/metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
                    "\26\3\1\2\0\1\0\1\374\3\3");
            AtomicLong turn = new AtomicLong();
            target.swarm(8, socket -> ask(socket, heads.get((int) (turn.getAndIncrement() % heads.size())), 1));
        }
    },
    CONNECT_AND_RESET {
        @Override
        void run(Target target) {
            target.swarm(8, socket -> socket.setSoLinger(true, 0));
        }
    },
    BOTH_PORTS {
        @Override
        void run(Target target) {
            Thread other = new Thread(() -> CONNECT_AND_RESET.run(target.instead(target.echo())));
            other.start();
            HALF_SENT_REQUESTS.run(target);
            Target.join(other);
        }
    };

    abstract void run(Target target);

    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
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

    private static boolean readOne(SocketChannel channel) throws IOException {
        return channel.read(ByteBuffer.allocate(1)) < 0;
    }

    /** Where to, and until when. */
    record Target(InetSocketAddress sidePort, InetSocketAddress echo, AtomicBoolean over) {
        private interface Session {
            void with(Socket socket) throws IOException;
        }

        interface Step {
            boolean ends(SocketChannel channel) throws IOException;
        }

        Target instead(InetSocketAddress address) {
            return new Target(address, echo, over);
        }

        /** So many connections at a time, each used once and then again. */
        void swarm(int clients, Session session) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Thread thread = new Thread(() -> {
                    while (!over.get()) {
                        try (Socket socket = new Socket()) {
                            socket.connect(sidePort, 2000);
                            session.with(socket);
                        } catch (IOException e) {
                            // It may refuse; the next one tries again.
                            Thread.onSpinWait();
                        }
                    }
                });
                thread.start();
                threads.add(thread);
            }
            threads.forEach(Target::join);
        }

        /** So many connections that send this, as far as it is taken, and stay; the ended are replaced. */
        void hold(int connections, String text, Step step) {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            List<SocketChannel> held = new ArrayList<>();
            List<ByteBuffer> unsent = new ArrayList<>();
            while (!over.get()) {
                for (int i = 0; i < connections && !over.get(); i++) {
                    if (i == held.size()) {
                        held.add(null);
                        unsent.add(null);
                    }
                    try {
                        if (held.get(i) == null) {
                            held.set(i, SocketChannel.open());
                            held.get(i).socket().setReceiveBufferSize(4096);
                            held.get(i).socket().connect(sidePort, 2000);
                            held.get(i).configureBlocking(false);
                            unsent.set(i, ByteBuffer.wrap(bytes));
                        }
                        held.get(i).write(unsent.get(i));
                        if (unsent.get(i).hasRemaining() || !step.ends(held.get(i))) {
                            continue;
                        }
                        close(held.get(i));
                        held.set(i, null);
                    } catch (IOException e) {
                        close(held.get(i));
                        held.set(i, null);
                    }
                }
            }
            held.forEach(Target::close);
        }

        private static void close(SocketChannel channel) {
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
