package dev.tcpecho.bench;

import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Program;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** A server in a process of its own, from its start until it has echoed a byte, and to its end. */
final class RunningServer implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int TIMEOUT_MILLIS = 20_000;

    private final int port;
    private final Program program;
    private final long nanosToFirstEcho;

    private RunningServer(Contender contender, Work work, UnaryOperator<List<String>> pinning) throws NoFigure {
        port = Ports.free();
        long start = System.nanoTime();
        program = Program.start(new File("."), pinning.apply(contender.command().of(work, port)));
        while (work.isTls() ? !takesConnections() : !echoes()) {
            if (!program.process().isAlive() || System.nanoTime() - start > PATIENCE_NANOS) {
                String output = program.output();
                program.close();
                throw new NoFigure("it did not echo: " + output);
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
        nanosToFirstEcho = System.nanoTime() - start;
    }

    static RunningServer start(Contender contender, Work work, UnaryOperator<List<String>> pinning) throws NoFigure {
        return new RunningServer(contender, work, pinning);
    }

    /** One that speaks TLS; its handshake is the load's. */
    private boolean takesConnections() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket.getLocalPort() != port;
        } catch (IOException notYet) {
            return false;
        }
    }

    private boolean echoes() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            if (socket.getLocalPort() == port) {
                return false; // the kernel chose the very port that nobody listens on yet: connected to itself
            }
            socket.getOutputStream().write('e');
            return socket.getInputStream().read() == 'e';
        } catch (IOException notYet) {
            return false;
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return program.process().pid();
    }

    double secondsToFirstEcho() {
        return nanosToFirstEcho / (double) TimeUnit.SECONDS.toNanos(1);
    }

    @Override
    public void close() {
        program.close();
    }
}
