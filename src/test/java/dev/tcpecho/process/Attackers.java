package dev.tcpecho.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Connections to one address, from another, until the process is killed. */
record Attackers(InetAddress from, InetSocketAddress target) {
    /** Printed as soon as there is the whole flood. */
    static final String AT_ITS_WORST = "at its worst";

    private static final int SEVERAL = 100;
    private static final int PATIENCE_MILLIS = 2000;

    interface Session {
        void with(Socket socket) throws IOException;
    }

    interface Step {
        boolean ends(SocketChannel channel) throws IOException;
    }

    Attackers against(InetSocketAddress address) {
        return new Attackers(from, address);
    }

    /** So many connections at a time, each used once and then again. */
    void swarm(int clients, Session session) {
        AtomicInteger sessions = new AtomicInteger();
        for (int i = 0; i < clients; i++) {
            new Thread(() -> {
                        while (true) {
                            try (Socket socket = new Socket()) {
                                socket.connect(target, PATIENCE_MILLIS);
                                if (sessions.incrementAndGet() == Math.max(clients, SEVERAL)) {
                                    System.out.println(AT_ITS_WORST);
                                }
                                session.with(socket);
                            } catch (IOException e) {
                                // It may refuse; the next one tries again.
                                Thread.onSpinWait();
                            }
                        }
                    })
                    .start();
        }
    }

    /** So many connections that send this, as far as it is taken, and stay; the ended are replaced. */
    void hold(int connections, String text, Step step) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        SocketChannel[] held = new SocketChannel[connections];
        ByteBuffer[] unsent = new ByteBuffer[connections];
        for (int round = 1; ; round++) {
            for (int i = 0; i < connections; i++) {
                try {
                    if (held[i] == null) {
                        unsent[i] = ByteBuffer.wrap(bytes);
                        held[i] = SocketChannel.open();
                        held[i].socket().setReceiveBufferSize(4096);
                        held[i].bind(new InetSocketAddress(from, 0));
                        held[i].socket().connect(target, PATIENCE_MILLIS);
                        held[i].configureBlocking(false);
                    }
                    held[i].write(unsent[i]);
                    if (unsent[i].hasRemaining() || !step.ends(held[i])) {
                        continue;
                    }
                } catch (IOException e) {
                    // It may refuse; the next one takes the place.
                    Thread.onSpinWait();
                }
                close(held[i]);
                held[i] = null;
            }
            if (round == 1) {
                System.out.println(AT_ITS_WORST);
            }
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
