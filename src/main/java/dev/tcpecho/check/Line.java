package dev.tcpecho.check;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLProtocolException;
import javax.net.ssl.SSLSocket;

/**
 * A connection that is over at its deadline, whatever blocks on it: reads have a time-out of their own, but neither
 * writes nor handshakes do, so at the deadline the socket is closed under them.
 */
final class Line implements AutoCloseable {
    private static final ScheduledThreadPoolExecutor GUARD = guard();

    private final Socket raw;
    private final long begun;
    private final ScheduledFuture<?> end;
    private Socket socket;
    private InputStream in;

    private Line(Socket raw, long begun, Deadline deadline) throws IOException {
        this.raw = raw;
        this.begun = begun;
        use(raw);
        this.end = GUARD.schedule(() -> shut(raw), deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void use(Socket next) throws IOException {
        socket = next;
        in = new BufferedInputStream(next.getInputStream());
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
    static Line connect(InetSocketAddress address, SocketMaker maker, Deadline connectBy, Deadline deadline)
            throws IOException {
        Socket socket = maker.make(address.getAddress());
        long begun = System.nanoTime();
        try {
            socket.connect(address, connectBy.remainingMillis());
            socket.setTcpNoDelay(true);
            return new Line(socket, begun, deadline);
        } catch (IOException e) {
            shut(socket);
            throw e;
        }
    }

    /** When this connection was asked for, by {@link System#nanoTime}: not the tries that came to nothing before it. */
    long begun() {
        return begun;
    }

    OutputStream out() throws IOException {
        return socket.getOutputStream();
    }

    InputStream in() {
        return in;
    }

    /** Fewer bytes than wanted mean the end of the stream. */
    int read(byte[] into, int wanted) throws IOException {
        return in.readNBytes(into, 0, wanted);
    }

    /** As {@link InputStream#read(byte[], int, int)}, but no longer than until then: SocketTimeoutException. */
    int readBy(byte[] into, int from, int most, Deadline by) throws IOException {
        raw.setSoTimeout(by.remainingMillis());
        try {
            return in.read(into, from, most);
        } finally {
            raw.setSoTimeout(0);
        }
    }

    /**
     * Whether nothing more comes, once we have finished and have all that we waited for. Whoever ends TLS first need
     * not wait for the other side's close_notify (RFC 8446, 6.1), and nginx sends none: that is its end all the same.
     */
    boolean endsAfterUs(Deadline by) throws IOException {
        raw.setSoTimeout(by.remainingMillis());
        try {
            return in.read() < 0;
        } catch (SSLProtocolException e) {
            if (e.getCause() == null || e.getCause() instanceof EOFException) { // the JDK's two forms of it
                return true;
            }
            throw e;
        }
    }

    /** What the other side does in this time, without taking it. A reset is an IOException. */
    Word listen(Duration time) throws IOException {
        in.mark(1);
        raw.setSoTimeout(Deadline.in(time).remainingMillis());
        try {
            int next = in.read();
            in.reset();
            return next < 0 ? Word.END : Word.BYTES;
        } catch (SocketTimeoutException e) {
            return Word.SILENCE;
        } finally {
            raw.setSoTimeout(0);
        }
    }

    /** What can be heard. */
    enum Word {
        SILENCE,
        BYTES,
        END
    }

    /** Our FIN. */
    void finish() throws IOException {
        socket.shutdownOutput();
    }

    /** Makes an unconnected socket for an address. */
    interface SocketMaker {
        Socket make(InetAddress address) throws IOException;
    }

    /** TLS from here on. */
    void secure(Tls tls, HostAndPort target) throws IOException {
        use(tls.over(raw, target));
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
