package dev.tcpecho.check;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One GET, over by the deadline, body included, and no longer than a report can be. Not the JDK's client, which refuses
 * host names with underscores and reads whatever is sent to it.
 */
final class Http {
    static final int MOST_BODY = 8 << 20;
    private static final int MOST_LINE = 8 << 10;
    private static final int MOST_LINES = 200;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (?<code>[1-9]\\d\\d)(?: .*)?");
    private static final Pattern CHUNK = Pattern.compile("(?<size>[0-9a-fA-F]{1,8})\\s*(?:;.*)?");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,10}");

    private final InputStream in;
    private boolean chunked;
    private long length = Long.MAX_VALUE;

    private Http(InputStream in) {
        this.in = in;
    }

    record Answer(int status, String body) {}

    /** Not what HTTP says an answer is, worded for the line of result. */
    private static final class Malformed extends IOException {
        Malformed(String message) {
            super(message);
        }
    }

    static Answer get(Url url, Dialer dialer, Deadline deadline) throws CheckFailure {
        return get(url, () -> dialer.dial(url.target(), deadline), deadline);
    }

    /** From this address of the host, and no other. */
    static Answer get(Url url, InetAddress address, Dialer dialer, Deadline deadline) throws CheckFailure {
        return get(url, () -> dialer.dial(address, url.target(), deadline), deadline);
    }

    private static Answer get(Url url, Dialer.Try<Line> dialed, Deadline deadline) throws CheckFailure {
        try (Line line = dialed.once()) {
            return exchange(url, line);
        } catch (IOException e) {
            throw new CheckFailure(
                    url + ": " + (e instanceof ConnectException ? "cannot connect" : Trouble.of(e, deadline)));
        }
    }

    private static Answer exchange(Url url, Line line) throws IOException {
        String request = "GET " + url.path() + " HTTP/1.1\r\nHost: " + url.target()
                + "\r\nAccept: application/json, */*;q=0.1\r\nUser-Agent: tcp-echo-check\r\nConnection: close\r\n\r\n";
        line.out().write(request.getBytes(StandardCharsets.US_ASCII));
        return new Http(line.in()).answer();
    }

    private Answer answer() throws IOException {
        int status;
        do {
            Matcher line = STATUS.matcher(line());
            if (!line.matches()) {
                throw new Malformed("not an HTTP answer");
            }
            status = Integer.parseInt(line.group("code"));
            headers();
        } while (status < 200);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (chunked) {
            chunks(body);
        } else if (status != 204 && status != 304) {
            copy(length, body);
        }
        return new Answer(status, body.toString(StandardCharsets.UTF_8));
    }

    private void headers() throws IOException {
        for (int i = 0; i < MOST_LINES; i++) {
            String[] header = line().split(":", 2);
            if (header[0].isEmpty()) {
                return;
            }
            String value = header.length == 1 ? "" : header[1].strip();
            switch (header[0].toLowerCase(Locale.ROOT)) {
                case "transfer-encoding" ->
                    chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
                case "content-length" -> {
                    if (!LENGTH.matcher(value).matches()) {
                        throw new Malformed("not an HTTP answer");
                    }
                    length = Long.parseLong(value);
                }
                default -> {} // of no use here
            }
        }
        throw new Malformed("more than " + MOST_LINES + " header lines");
    }

    private void chunks(ByteArrayOutputStream body) throws IOException {
        while (true) {
            Matcher size = CHUNK.matcher(line());
            if (!size.matches()) {
                throw new Malformed("not an HTTP answer");
            }
            long bytes = Long.parseLong(size.group("size"), 16);
            if (bytes == 0) {
                return;
            }
            copy(bytes, body);
            line();
        }
    }

    /** @param bytes to come; as many as there are when it is the greatest long */
    private void copy(long bytes, ByteArrayOutputStream body) throws IOException {
        byte[] some = new byte[16 << 10];
        for (long rest = bytes; rest > 0; ) {
            int read = in.read(some, 0, (int) Math.min(some.length, rest));
            if (read < 0) {
                if (bytes == Long.MAX_VALUE) {
                    return;
                }
                throw new Malformed("the answer ended early");
            }
            if (body.size() + read > MOST_BODY) {
                throw new Malformed("the answer is longer than " + (MOST_BODY >> 20) + " MiB");
            }
            body.write(some, 0, read);
            rest -= read;
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new Malformed(line.isEmpty() ? "closed without an answer" : "the answer ended early");
            }
            if (line.length() == MOST_LINE) {
                throw new Malformed("not an HTTP answer");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }
}
