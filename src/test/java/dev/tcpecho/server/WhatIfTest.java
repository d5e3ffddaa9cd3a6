package dev.tcpecho.server;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.net.EventLoops;
import dev.tcpecho.option.AskedSettings;
import dev.tcpecho.option.Bounds;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.SocketSettings;
import dev.tcpecho.testing.LogsAlso;
import dev.tcpecho.testing.Program;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import io.netty.channel.EventLoop;
import io.smallrye.config.WithConverter;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What would be, against the report of a service for which it is. */
class WhatIfTest {
    private static final List<Map<String, String>> ASKED = List.of(
            Map.of("receive-buffer-size", "512M", "accept-backlog", "100000"),
            Map.of("send-buffer-size", "64K", "tcp-keep-alive", "true", "tcp-keep-alive-idle", "60S"),
            Map.of("tcp-defer-accept", "10S", "tcp-no-delay", "false", "traffic-class", "16"),
            Map.of("tcp-fast-open", "16", "tcp-user-timeout", "30S", "so-linger", "5S"));

    private static final int STARTS = 2;
    private static final int LISTENERS = 12;

    /** However busy the machine is: the bound of the service is not what is asked about here. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** By the converter of a key: values within its bounds. */
    private static final Map<Class<?>, Function<Random, String>> VALUES = Map.ofEntries(
            entry(Bounds.Count.class, random -> "" + size(random, 1, Integer.MAX_VALUE)),
            entry(Bounds.Flag.class, random -> one(random, "true", "false", "yes", "no", "ON", "off", "1", "0")),
            entry(Bounds.BufferSize.class, random -> one(random, "" + size(random, 1, 1 << 29), "64K", "3M")),
            entry(Bounds.KeepAliveTime.class, random -> size(random, 1, 32767) + "S"),
            entry(Bounds.Probes.class, random -> "" + size(random, 1, 127)),
            entry(Bounds.UserTimeout.class, random -> size(random, 0, Integer.MAX_VALUE) + "MS"),
            entry(Bounds.FastOpenQueue.class, random -> one(random, "on", "" + size(random, 0, Integer.MAX_VALUE))),
            entry(Bounds.LingerTime.class, random -> size(random, 0, 65535) + "S"),
            entry(Bounds.Octet.class, random -> "" + random.nextInt(256)),
            entry(Bounds.SegmentSize.class, random -> "" + size(random, 88, 32767)),
            entry(Bounds.CongestionName.class, random -> one(random, "cubic", "reno", "bbr", "nobody")),
            entry(Bounds.Mark.class, random -> "" + size(random, 0, Integer.MAX_VALUE)),
            entry(Bounds.Hops.class, random -> "" + size(random, 1, 255)));

    @ParameterizedTest
    @EnumSource
    @LogsAlso("is (reduced|ignored|inert)")
    void theAnswerIsTheReportOfAServiceThatWasStartedSo(Transports transport)
            throws InterruptedException, TimeoutException {
        for (Map<String, String> asked : ASKED) {
            String[] properties = asked.entrySet().stream()
                    .map(each -> "echo.socket." + each.getKey() + "=" + each.getValue())
                    .toArray(String[]::new);
            try (RunningEcho echo = RunningEcho.start(transport, properties)) {
                WhatIf found = WhatIf.ask(echo.vertx(), false, AskedSettings.of(asked), PATIENCE);
                assertThat(told(found.listener()))
                        .isEqualTo(
                                told(echo.listener().sockets().get(0).options().readings()));
                assertThat(told(found.accepted()))
                        .isEqualTo(told(echo.listener().accepted()));
            }
        }
    }

    /** {@code -Dwhatif.seed=} repeats a run. A key without a way to make values here fails it. */
    @ParameterizedTest
    @EnumSource
    @LogsAlso("is (reduced|ignored|inert)")
    void whateverIsAskedTheAnswerIsTheReport(Transports transport) throws InterruptedException, TimeoutException {
        long seed = Long.getLong("whatif.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int start = 0; start < STARTS; start++) {
            Map<String, Map<String, String>> asked = new TreeMap<>();
            List<String> properties = new ArrayList<>(List.of("echo.max-connections=10"));
            for (int i = 0; i < LISTENERS; i++) {
                String name = "l" + i;
                asked.put(name, random(random));
                properties.addAll(List.of(
                        "echo.listeners." + name + ".port=0",
                        "echo.listeners." + name + ".max-connections=10",
                        "echo.listeners." + name + ".mode=discard"));
                asked.get(name)
                        .forEach((key, value) ->
                                properties.add("echo.listeners." + name + ".socket." + key + "=" + value));
            }
            try (RunningEcho echo = RunningEcho.start(transport, properties.toArray(String[]::new))) {
                for (Listener listener : echo.service().listeners().subList(1, LISTENERS + 1)) {
                    Map<String, String> settings = asked.get(listener.name());
                    WhatIf found = WhatIf.ask(echo.vertx(), false, AskedSettings.of(settings), PATIENCE);
                    String what = "seed " + seed + " on " + transport + ": " + settings;
                    assertThat(told(found.listener()))
                            .as(what)
                            .isEqualTo(told(listener.sockets().get(0).options().readings()));
                    assertThat(told(found.accepted())).as(what).isEqualTo(told(listener.accepted()));
                }
            }
        }
    }

    private static Map<String, String> random(Random random) {
        Map<String, String> asked = new TreeMap<>();
        for (Method method : SocketSettings.class.getMethods()) {
            String key = AskedSettings.key(method);
            String value = VALUES.get(method.getAnnotation(WithConverter.class).value())
                    .apply(random);
            if (random.nextInt(3) == 0) {
                asked.put(key, value);
            }
        }
        return asked;
    }

    /** As often small as large. */
    private static long size(Random random, long least, long most) {
        return least + (long) Math.pow(most - least, random.nextDouble());
    }

    private static String one(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }

    @ParameterizedTest
    @EnumSource
    void aLoopThatDoesNotGetToItEndsTheQuestionAndLeavesNothing(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport)) {
            CountDownLatch hold = new CountDownLatch(1);
            List<EventLoop> loops = new ArrayList<>(EventLoops.of(echo.vertx()));
            echo.listener().sockets().get(0).loop().ifPresent(loops::add);
            long before = listening();
            loops.forEach(loop -> loop.execute(() -> {
                try {
                    hold.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            assertThatThrownBy(() -> echo.service().whatIf(AskedSettings.of(Map.of())))
                    .isInstanceOf(TimeoutException.class);
            hold.countDown();
            loops.forEach(loop -> loop.submit(() -> {}).syncUninterruptibly());
            await().until(() -> listening() == before);
        }
    }

    /** Sockets of this process alone. */
    private static long listening() {
        return Stream.of(Program.output("ss", "-ltnpH").split("\n"))
                .filter(line -> line.contains("pid=" + ProcessHandle.current().pid() + ","))
                .count();
    }

    /** But for the CPU, which is another one each time. */
    private static Map<String, String> told(List<OptionReading> readings) {
        Map<String, String> told = new LinkedHashMap<>();
        for (OptionReading each : readings) {
            if (!each.option().kernelName().equals("SO_INCOMING_CPU")) {
                told.put(each.option().kernelName(), each.requested() + " " + each.effective() + " " + each.verdict());
            }
        }
        return told;
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLeftBehind(Transports transport) throws InterruptedException, TimeoutException {
        try (RunningEcho echo = RunningEcho.start(transport)) {
            WhatIf found = WhatIf.ask(echo.vertx(), false, AskedSettings.of(Map.of()), PATIENCE);
            assertThat(Summary.of(found)).isEqualTo("this machine gives what is asked");
            assertThat(echo.service().listeners()).hasSize(1);
            assertThat(echo.traffic().opened()).isZero();
        }
    }

    @Test
    void boundsAreThoseOfTheConfiguration() {
        assertThatThrownBy(() -> AskedSettings.of(Map.of("receive-buffer-size", "1T")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("receive-buffer-size must be from 1 to 1073741823 bytes");
        assertThatThrownBy(() -> AskedSettings.of(Map.of("tcp-keep-alive-idle", "1500MS")))
                .hasMessageStartingWith("tcp-keep-alive-idle must be");
        assertThat(AskedSettings.of(Map.of()).acceptBacklog()).isEqualTo(100);
        assertThat(AskedSettings.of(Map.of()).tcpLinger2()).isEmpty();
        assertThat(AskedSettings.names()).contains("accept-backlog", "tcp-linger2", "so-linger", "tcp-save-syn");
    }
}
