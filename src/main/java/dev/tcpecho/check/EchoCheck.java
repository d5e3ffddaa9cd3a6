package dev.tcpecho.check;

import dev.tcpecho.check.CheckArguments.HostAndPort;
import dev.tcpecho.check.CheckArguments.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Sends bytes to an echo listener and compares every byte that comes back, to the end of the stream. */
final class EchoCheck {
    private static final int CHUNK = 16 * 1024;
    private static final long SEED = 862;

    private final HostAndPort target;
    private final Mode mode;
    private final int bytes;
    private final Deadline deadline;

    EchoCheck(HostAndPort target, Mode mode, int bytes, Deadline deadline) {
        this.target = target;
        this.mode = mode;
        this.bytes = bytes;
        this.deadline = deadline;
    }

    /** What was seen, for the line of result. */
    String run() throws CheckFailure {
        try (Socket socket = connect()) {
            int received = mode == Mode.ONCE ? once(socket) : stream(socket);
            return "echo=" + target + " mode=" + mode.name().toLowerCase() + " bytes=" + received;
        } catch (SocketTimeoutException e) {
            throw new CheckFailure("echo " + target + ": no answer in time");
        } catch (IOException e) {
            throw new CheckFailure("echo " + target + ": " + e.getMessage());
        }
    }

    private Socket connect() throws IOException, CheckFailure {
        IOException last = null;
        for (InetAddress address : addresses()) {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(address, target.port()), deadline.remainingMillis());
                socket.setTcpNoDelay(true);
                return socket;
            } catch (IOException e) {
                socket.close();
                last = e;
            }
        }
        throw last;
    }

    private InetAddress[] addresses() throws CheckFailure {
        try {
            return InetAddress.getAllByName(target.host());
        } catch (UnknownHostException e) {
            throw new CheckFailure("echo " + target + ": the host name is unknown");
        }
    }

    /** One segment out; the listener answers it and closes, so our FIN may wait until its answer is here. */
    private int once(Socket socket) throws IOException, CheckFailure {
        socket.getOutputStream().write(next(new SplittableRandom(SEED), bytes));
        return compareToTheEnd(socket);
    }

    /** Writes on a thread of its own, because a listener that holds back must not keep us from reading. */
    private int stream(Socket socket) throws IOException, CheckFailure {
        Thread writer = new Thread(() -> sendAll(socket), "check-writer");
        writer.setDaemon(true);
        writer.start();
        return compareToTheEnd(socket);
    }

    private void sendAll(Socket socket) {
        SplittableRandom random = new SplittableRandom(SEED);
        try {
            OutputStream out = socket.getOutputStream();
            for (int sent = 0; sent < bytes; sent += CHUNK) {
                out.write(next(random, Math.min(CHUNK, bytes - sent)));
            }
            socket.shutdownOutput();
        } catch (IOException e) {
            // The reader sees the same broken connection, and says what came before it.
        }
    }

    private int compareToTheEnd(Socket socket) throws IOException, CheckFailure {
        SplittableRandom random = new SplittableRandom(SEED);
        InputStream in = socket.getInputStream();
        byte[] actual = new byte[CHUNK];
        int received = 0;
        while (received < bytes) {
            byte[] expected = next(random, Math.min(CHUNK, bytes - received));
            int read = readInTime(socket, in, actual, expected.length);
            int wrong = Arrays.mismatch(expected, 0, read, actual, 0, read);
            if (wrong >= 0) {
                throw new CheckFailure("echo " + target + ": byte " + (received + wrong) + " came back changed");
            }
            received += read;
            if (read < expected.length) {
                throw new CheckFailure("echo " + target + ": closed after " + received + " of " + bytes + " bytes");
            }
        }
        if (readInTime(socket, in, actual, 1) > 0) {
            throw new CheckFailure("echo " + target + ": more than the " + bytes + " bytes sent came back");
        }
        return received;
    }

    /** Fewer bytes than wanted mean the end of the stream. */
    private int readInTime(Socket socket, InputStream in, byte[] into, int wanted) throws IOException {
        int filled = 0;
        while (filled < wanted) {
            if (deadline.isOver()) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout(deadline.remainingMillis());
            int read = in.read(into, filled, wanted - filled);
            if (read < 0) {
                break;
            }
            filled += read;
        }
        return filled;
    }

    private static byte[] next(SplittableRandom random, int length) {
        byte[] chunk = new byte[length];
        random.nextBytes(chunk);
        return chunk;
    }
}
