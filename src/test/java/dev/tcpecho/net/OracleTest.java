package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.option.OptionReading;
import dev.tcpecho.server.Listener;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Ss;
import dev.tcpecho.testing.Transports;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random configurations against rules of this test's own, taken from the manual pages, and against what ss and /proc
 * say. {@code -Doracle.starts=500} makes it longer, {@code -Doracle.seed=} repeats a run.
 */
class OracleTest {
    private static final int STARTS = Integer.getInteger("oracle.starts", 14);
    private static final long SEED = Long.getLong("oracle.seed", System.nanoTime());

    /** What one option must show on the listening socket; no value where the transport cannot tell. */
    private record Expected(Long effective, String status) {}

    @ParameterizedTest
    @EnumSource
    void everyVerdictFollowsFromTheManualPages(Transports transport) {
        Random random = new Random(SEED + transport.ordinal());
        for (int start = 0; start < STARTS; start++) {
            Map<String, Long> asked = configuration(random);
            String what = "seed " + SEED + ", start " + start + " on " + transport + ": " + asked;
            try (RunningEcho echo = RunningEcho.start(transport, properties(asked))) {
                ListeningSocket socket = echo.listener().sockets().get(0);
                Map<String, OptionReading> told = new LinkedHashMap<>();
                socket.options().readings().stream()
                        .filter(reading -> reading.requested() != null)
                        .forEach(reading -> told.put(reading.option().key(), reading));
                expected(asked, transport).forEach((key, expected) -> {
                    OptionReading reading = told.get(key);
                    assertThat(reading.verdict().status()).as(what + " " + key).hasToString(expected.status());
                    if (expected.effective() != null) {
                        assertThat(reading.effective().plain())
                                .as(what + " " + key)
                                .isEqualTo(expected.effective());
                    }
                });
                seenFromOutside(echo, asked, what);
            }
        }
    }

    @Test
    void itsOwnRulesAreThoseOfTheManualPages() {
        assertThat(rounded(5)).isEqualTo(7);
        assertThat(rounded(128)).isEqualTo(247);
        assertThat(buffer(1, 1000, 2304)).isEqualTo(new Expected(2304L, "raised"));
        assertThat(buffer(2000, 1000, 2304)).isEqualTo(new Expected(2304L, "reduced"));
    }

    private static Map<String, Long> configuration(Random random) {
        Map<String, Long> asked = new LinkedHashMap<>();
        asked.put("accept-backlog", size(random, 100_000));
        asked.put("tcp-no-delay", (long) random.nextInt(2));
        asked.put("tcp-keep-alive", (long) random.nextInt(2));
        maybe(random, asked, "receive-buffer-size", size(random, 1 << 28));
        maybe(random, asked, "send-buffer-size", size(random, 1 << 28));
        maybe(random, asked, "tcp-keep-alive-idle", size(random, 32767));
        maybe(random, asked, "tcp-keep-alive-interval", size(random, 32767));
        maybe(random, asked, "tcp-keep-alive-count", size(random, 127));
        maybe(random, asked, "tcp-user-timeout", (long) random.nextInt(3) * 10_000);
        maybe(random, asked, "tcp-cork", (long) random.nextInt(2));
        maybe(random, asked, "tcp-linger2", size(random, 300));
        maybe(random, asked, "traffic-class", (long) random.nextInt(256));
        maybe(random, asked, "time-to-live", size(random, 255));
        maybe(random, asked, "tcp-max-segment", 88 + size(random, 1400));
        if (asked.getOrDefault("tcp-cork", 0L) == 0) {
            maybe(random, asked, "tcp-defer-accept", size(random, 2000));
        }
        if (random.nextInt(4) == 0) {
            asked.put("so-linger", 0L);
        }
        return asked;
    }

    private static void maybe(Random random, Map<String, Long> asked, String key, long value) {
        if (random.nextBoolean()) {
            asked.put(key, value);
        }
    }

    /** From 1; as often small as large. */
    private static long size(Random random, int most) {
        return 1 + (long) Math.pow(most - 1, random.nextDouble());
    }

    private static String[] properties(Map<String, Long> asked) {
        List<String> properties = new ArrayList<>(List.of("echo.mode=stream"));
        asked.forEach((key, value) -> {
            String unit = key.equals("tcp-user-timeout")
                    ? "MS"
                    : key.matches("tcp-keep-alive-(idle|interval)|tcp-linger2|tcp-defer-accept|so-linger") ? "S" : "";
            String text =
                    key.matches("tcp-no-delay|tcp-keep-alive|tcp-cork") ? String.valueOf(value == 1) : value + unit;
            properties.add("echo.socket." + key + "=" + text);
        });
        return properties.toArray(String[]::new);
    }

    private static Map<String, Expected> expected(Map<String, Long> asked, Transports transport) {
        boolean nio = transport == Transports.NIO;
        boolean keepAlive = asked.get("tcp-keep-alive") == 1;
        boolean corked = asked.getOrDefault("tcp-cork", 0L) == 1;
        boolean resets = asked.getOrDefault("so-linger", -1L) == 0;
        Map<String, Expected> expected = new LinkedHashMap<>();
        asked.forEach((key, value) -> {
            Expected kept = new Expected(value, "honoured");
            Expected inert = new Expected(value, "inert");
            Expected epoll =
                    switch (key) {
                        case "accept-backlog" -> {
                            long most = sysctl("net/core/somaxconn");
                            yield value > most ? new Expected(most, "reduced") : kept;
                        }
                        case "receive-buffer-size" -> buffer(value, sysctl("net/core/rmem_max"), 2304);
                        case "send-buffer-size" -> buffer(value, sysctl("net/core/wmem_max"), 4608);
                        case "tcp-keep-alive-idle", "tcp-keep-alive-interval" -> keepAlive ? kept : inert;
                        case "tcp-keep-alive-count" ->
                            keepAlive && asked.getOrDefault("tcp-user-timeout", 0L) == 0 ? kept : inert;
                        case "tcp-no-delay" -> corked && value == 1 ? inert : kept;
                        case "tcp-linger2" -> resets ? new Expected(null, "inert") : most(value, 120);
                        case "traffic-class" -> (value & 3) == 0 ? kept : new Expected(value & ~3L, "reduced");
                        case "tcp-defer-accept" ->
                            rounded(value) == value ? kept : new Expected(rounded(value), "raised");
                        default -> kept;
                    };
            if (!nio) {
                expected.put(key, epoll);
            } else if (key.equals("accept-backlog")) {
                expected.put(key, epoll);
            } else if (key.equals("receive-buffer-size")) {
                expected.put(key, new Expected(epoll.effective() / 2, epoll.status()));
            } else if (key.matches("tcp-(user-timeout|cork|linger2|max-segment|defer-accept)|time-to-live")) {
                expected.put(key, new Expected(null, "ignored"));
            }
        });
        return expected;
    }

    /** socket(7): no more than the sysctl, and doubled; never below the least. */
    private static Expected buffer(long asked, long most, long least) {
        long kept = Math.max(least, 2 * Math.min(asked, most));
        return new Expected(kept, kept < 2 * asked ? "reduced" : kept > 2 * asked ? "raised" : "honoured");
    }

    private static Expected most(long asked, long most) {
        return new Expected(Math.min(asked, most), asked > most ? "reduced" : "honoured");
    }

    /** tcp(7), TCP_DEFER_ACCEPT: when the SYN-ACK would be sent again, each time after twice as long, 120 s at most. */
    private static long rounded(long asked) {
        long total = 1;
        for (long wait = 2; total < asked; wait = Math.min(2 * wait, 120)) {
            total += wait;
        }
        return total;
    }

    private static void seenFromOutside(RunningEcho echo, Map<String, Long> asked, String what) {
        Listener listener = echo.listener();
        Ss ss = Ss.listening(echo.address());
        assertThat(ss.sendQ())
                .as(what)
                .isEqualTo(listener.sockets().get(0).acceptQueue().max());
        if (asked.containsKey("receive-buffer-size")) {
            assertThat(ss.rb())
                    .as(what)
                    .isEqualTo(buffer(asked.get("receive-buffer-size"), sysctl("net/core/rmem_max"), 2304)
                            .effective());
        }
        if (asked.containsKey("send-buffer-size")
                && echo.service().transport().name().equals("epoll")) {
            assertThat(ss.tb())
                    .as(what)
                    .isEqualTo(buffer(asked.get("send-buffer-size"), sysctl("net/core/wmem_max"), 4608)
                            .effective());
        }
    }

    private static long sysctl(String file) {
        try (BufferedReader reader = Files.newBufferedReader(Path.of("/proc/sys", file))) {
            return Long.parseLong(reader.readLine().strip());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
