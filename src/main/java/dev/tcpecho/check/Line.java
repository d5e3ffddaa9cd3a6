package dev.tcpecho.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;

/**
 * A connection that is over at its deadline, whatever blocks on it: reads have a time-out of their own, but neither
 * writes nor handshakes do, so at the deadline the socket is closed under them.
 */
final class Line implements AutoCloseable {
    private static final ScheduledThreadPoolExecutor GUARD = guard();

    private final Socket raw;
    private final ScheduledFuture<?> end;
    private Socket socket;

    private Line(Socket raw, Deadline deadline) {
        this.raw = raw;
        this.socket = raw;
        this.end = GUARD.schedule(() -> shut(raw), deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    }

    private static ScheduledThreadPoolExecutor guard() {
        ScheduledThreadPoolExecutor guard = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "check-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        guard.setRemoveOnCancelPolicy(true);
        return guard;
    }

    /** Connected by then, or an IOException. @param connectBy may be nearer than the deadline of the whole */
    static Line connect(InetSocketAddress address, Deadline connectBy, Deadline deadline) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(address, connectBy.remainingMillis());
            socket.setTcpNoDelay(true);
            return new Line(socket, deadline);
        } catch (IOException e) {
            shut(socket);
            throw e;
        }
    }

    OutputStream out() throws IOException {
        return socket.getOutputStream();
    }

    /** Fewer bytes than wanted mean the end of the stream. */
    int read(byte[] into, int wanted) throws IOException {
        InputStream in = socket.getInputStream();
        int filled = 0;
        while (filled < wanted) {
            int read = in.read(into, filled, wanted - filled);
            if (read < 0) {
                break;
            }
            filled += read;
        }
        return filled;
    }

    InputStream in() throws IOException {
        return socket.getInputStream();
    }

    /** Our FIN. */
    void finish() throws IOException {
        socket.shutdownOutput();
    }

    /** TLS from here on. */
    void secure(Tls tls, HostAndPort target) throws IOException {
        socket = tls.over(raw, target);
    }

    /** Whether our FIN leaves the way back open: TLS 1.2 answers it with the end of both ways. */
    boolean canHalfClose() {
        return !(socket instanceof SSLSocket secured)
                || !secured.getSession().getProtocol().equals("TLSv1.2");
    }

    InetSocketAddress local() {
        return (InetSocketAddress) raw.getLocalSocketAddress();
    }

    InetSocketAddress remote() {
        return (InetSocketAddress) raw.getRemoteSocketAddress();
    }

    @Override
    public void close() {
        end.cancel(false);
        shut(raw);
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The descriptor is gone all the same.
        }
    }
}
