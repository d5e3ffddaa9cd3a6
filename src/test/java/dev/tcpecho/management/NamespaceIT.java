package dev.tcpecho.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.NetworkNamespace;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service in a network namespace whose sysctls are the test's own. */
class NamespaceIT {
    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final int SIDE_PORT = 8080;

    @TempDir
    Path directory;

    @Test
    void reportMetricLogAndSsAgreeOnALoweredBacklog() throws IOException {
        try (NetworkNamespace namespace = NetworkNamespace.create().sysctl("net.core.somaxconn", "64")) {
            Process echo = start(namespace);
            try {
                JsonObject socket = report(namespace);
                assertThat(socket.getJsonObject("acceptQueue").getInteger("max"))
                        .isEqualTo(64);
                JsonObject backlog = option(socket, "backlog");
                assertThat(backlog.getString("status")).isEqualTo("reduced");
                assertThat(backlog.getJsonObject("governedBy"))
                        .isEqualTo(new JsonObject("{\"sysctl\":\"net.core.somaxconn\",\"value\":64,"
                                + "\"scope\":\"namespace\",\"readable\":true}"));
                assertThat(namespace.get(SIDE_PORT, "/q/metrics"))
                        .containsPattern("echo_accept_queue\\{.*kind=\"max\".*} 64.0")
                        .containsPattern("echo_socket_option_shortfall\\{.*option=\"backlog\".*} 1.0");
                assertThat(namespace.run("ss", "-ltnH", "sport = :8888").split("\\s+"))
                        .contains("64");
                assertThat(Files.readString(log()))
                        .contains(
                                "backlog is 64.0 % of what was asked, since net.core.somaxconn is 64: asked for 100, got 64");
            } finally {
                stop(echo);
            }
        }
    }

    @Test
    void aLoopbackInterfaceThatIsDownIsToldInOneLine() throws IOException {
        try (NetworkNamespace namespace = NetworkNamespace.create()) {
            namespace.run("ip", "link", "set", "lo", "down");
            Process echo = start(namespace);
            try {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> Files.readString(log()).contains("Listening on"));
                assertThat(Files.readString(log())).doesNotContain("\tat ");
                assertThat(Files.readString(log()).lines().filter(line -> line.contains("WARN")))
                        .singleElement()
                        .asString()
                        .contains("listener default: ", "cannot be reached from here: ");
            } finally {
                stop(echo);
            }
        }
    }

    @Test
    void aChangedSysctlShowsInTheNextReport() throws IOException {
        try (NetworkNamespace namespace = NetworkNamespace.create()
                .sysctl("net.ipv4.tcp_fastopen", "1")
                .sysctl("net.ipv4.tcp_keepalive_time", "1234")) {
            Process echo = start(namespace, "-Decho.socket.tcp-fast-open=16");
            try {
                JsonObject before = report(namespace);
                assertThat(option(before, "TCP_FASTOPEN").getString("reason")).isEqualTo("sysctl-off");
                assertThat(option(before, "TCP_KEEPIDLE").getInteger("effective"))
                        .isEqualTo(1234);
                namespace.sysctl("net.ipv4.tcp_fastopen", "3").sysctl("net.ipv4.tcp_keepalive_time", "4321");
                JsonObject after = report(namespace);
                assertThat(option(after, "TCP_FASTOPEN").getString("status")).isEqualTo("honoured");
                assertThat(option(after, "TCP_KEEPIDLE").getInteger("effective"))
                        .isEqualTo(4321);
                assertThat(option(after, "TCP_KEEPIDLE").getString("reason")).isEqualTo("sysctl-default");
            } finally {
                stop(echo);
            }
        }
    }

    @Test
    void aReportUnderChangedSysctlsContradictsNothing() throws IOException {
        try (NetworkNamespace namespace = NetworkNamespace.create()) {
            Process echo = start(namespace, "-Decho.mode=stream", "-Decho.socket.accept-backlog=500");
            try {
                report(namespace);
                namespace
                        .sysctl("net.core.somaxconn", "64")
                        .sysctl("net.ipv4.ip_default_ttl", "99")
                        .sysctl("net.ipv4.tcp_keepalive_time", "1111")
                        .sysctl("net.ipv4.tcp_keepalive_intvl", "11")
                        .sysctl("net.ipv4.tcp_keepalive_probes", "7")
                        .sysctl("net.ipv4.tcp_fin_timeout", "33");
                Process client = namespace
                        .command("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8888; read -r -u 3")
                        .start();
                try {
                    await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                        JsonObject whole = whole(namespace);
                        Map<String, Object> sysctls = new HashMap<>();
                        whole.getJsonArray("sysctls").stream()
                                .map(JsonObject.class::cast)
                                .forEach(each -> sysctls.put(each.getString("name"), each.getValue("value")));
                        assertThat(sysctls)
                                .containsEntry("net.core.somaxconn", 64)
                                .containsEntry("net.ipv4.ip_default_ttl", 99);
                        List<JsonObject> options = new ArrayList<>();
                        collect(whole, options);
                        assertThat(options).hasSizeGreaterThan(15).allSatisfy(option -> agrees(option, sysctls));
                    });
                } finally {
                    stop(client);
                }
            } finally {
                stop(echo);
            }
        }
    }

    /** A governor has the value that the list of sysctls has, and what follows it alone has that value too. */
    private static void agrees(JsonObject option, Map<String, Object> sysctls) {
        JsonObject governor = option.getJsonObject("governedBy");
        assertThat(governor.getValue("value")).as("%s", option).isEqualTo(sysctls.get(governor.getString("sysctl")));
        boolean zeroStandsForIt = option.getString("option").equals("TCP_NOTSENT_LOWAT");
        if ("sysctl-default".equals(option.getString("reason"))
                && governor.getBoolean("readable")
                && !zeroStandsForIt) {
            assertThat(option.getValue("effective")).as("%s", option).isEqualTo(governor.getValue("value"));
        }
    }

    /** Every option of the report that a sysctl governs, wherever it stands. */
    private static void collect(Object node, List<JsonObject> options) {
        if (node instanceof JsonObject object) {
            if (object.getValue("governedBy") instanceof JsonObject && object.containsKey("option")) {
                options.add(object);
            }
            object.forEach(each -> collect(object.getValue(each.getKey()), options));
        } else if (node instanceof JsonArray array) {
            array.forEach(each -> collect(each, options));
        }
    }

    @Test
    void failExitsWithOneLineThatNamesTheSysctl() throws IOException, InterruptedException {
        try (NetworkNamespace namespace = NetworkNamespace.create().sysctl("net.core.somaxconn", "64")) {
            Process echo = start(namespace, "-Decho.shortfall=fail");
            try {
                assertThat(echo.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(echo.exitValue()).isEqualTo(1);
                assertThat(Files.readString(log()))
                        .contains(
                                "backlog is 64.0 % of what",
                                "asked for 100, got 64", "net.core.somaxconn is 64", "To do: ")
                        .doesNotContain("\tat ");
            } finally {
                stop(echo);
            }
        }
    }

    private Process start(NetworkNamespace namespace, String... properties) throws IOException {
        ProcessBuilder builder = namespace.command(
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.command().add("-Xmx64m");
        builder.command().addAll(List.of(properties));
        builder.command().addAll(List.of("-jar", JAR.toString()));
        return builder.redirectOutput(log().toFile()).start();
    }

    private Path log() {
        return directory.resolve("log");
    }

    private static void stop(Process echo) {
        echo.destroy();
        echo.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static JsonObject report(NetworkNamespace namespace) {
        return whole(namespace)
                .getJsonArray("listeners")
                .getJsonObject(0)
                .getJsonArray("sockets")
                .getJsonObject(0);
    }

    private static JsonObject whole(NetworkNamespace namespace) {
        String answer = await().atMost(Duration.ofSeconds(60))
                .until(() -> namespace.get(SIDE_PORT, "/socket-options"), text -> text.startsWith("HTTP/1.0 200"));
        return new JsonObject(answer.substring(answer.indexOf("\n\n")));
    }

    private static JsonObject option(JsonObject socket, String name) {
        return socket.getJsonArray("options").stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("option").equals(name))
                .findFirst()
                .orElseThrow();
    }
}
