package dev.tcpecho.check;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Sends bytes to an echo listener and compares every byte that comes back, to the end of the stream. */
final class EchoCheck {
    private static final int CHUNK = 16 * 1024;
    private static final long SEED = 862;

    private final HostAndPort target;
    private final Mode mode;
    private final int bytes;
    private final Dialer dialer;
    private final Deadline deadline;

    EchoCheck(HostAndPort target, Mode mode, int bytes, Dialer dialer, Deadline deadline) {
        this.target = target;
        this.mode = mode;
        this.bytes = bytes;
        this.dialer = dialer;
        this.deadline = deadline;
    }

    Seen run() throws CheckFailure {
        try (Line line = dialer.dial(target, deadline)) {
            int received = mode == Mode.ONCE ? once(line) : stream(line);
            return new Seen(
                    "echo=" + target + " mode=" + mode + " bytes=" + received,
                    new JsonObject()
                            .put("target", target.toString())
                            .put("mode", mode.toString())
                            .put("bytes", received));
        } catch (IOException e) {
            throw new CheckFailure("echo " + target + ": " + Trouble.of(e, deadline));
        }
    }

    /** The listener answers the first bytes and closes, so our FIN may wait until its answer is here. */
    private int once(Line line) throws IOException, CheckFailure {
        send(line);
        return compareToTheEnd(line);
    }

    /** Writes on a thread of its own, because a listener that holds back must not keep us from reading. */
    private int stream(Line line) throws IOException, CheckFailure {
        Thread writer = new Thread(() -> sendAll(line), "check-writer");
        writer.setDaemon(true);
        writer.start();
        return compareToTheEnd(line);
    }

    private void sendAll(Line line) {
        try {
            send(line);
            if (line.canHalfClose()) {
                line.finish();
            }
        } catch (IOException e) {
            // The reader sees the same broken connection, and says what came before it.
        }
    }

    private void send(Line line) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        OutputStream out = line.out();
        for (int sent = 0; sent < bytes; sent += CHUNK) {
            out.write(next(random, Math.min(CHUNK, bytes - sent)));
        }
    }

    private int compareToTheEnd(Line line) throws IOException, CheckFailure {
        SplittableRandom random = new SplittableRandom(SEED);
        byte[] actual = new byte[CHUNK];
        int received = 0;
        while (received < bytes) {
            byte[] expected = next(random, Math.min(CHUNK, bytes - received));
            int read = line.read(actual, expected.length);
            int wrong = Arrays.mismatch(expected, 0, read, actual, 0, read);
            if (wrong >= 0) {
                throw new CheckFailure("echo " + target + ": byte " + (received + wrong) + " came back changed");
            }
            received += read;
            if (read < expected.length) {
                throw new CheckFailure("echo " + target + ": closed after " + received + " of " + bytes + " bytes");
            }
        }
        if (!line.canHalfClose()) {
            line.finish();
        }
        if (mode == Mode.STREAM ? !line.endsAfterUs(deadline) : line.read(actual, 1) > 0) {
            throw new CheckFailure("echo " + target + ": more than the " + bytes + " bytes sent came back");
        }
        return received;
    }

    private static byte[] next(SplittableRandom random, int length) {
        byte[] chunk = new byte[length];
        random.nextBytes(chunk);
        return chunk;
    }
}
