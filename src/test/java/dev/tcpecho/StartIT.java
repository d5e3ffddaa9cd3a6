package dev.tcpecho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** How the packaged service starts, and how it says that it cannot. */
class StartIT {
    private static final Pattern BOUND = Pattern.compile("\\(([0-9a-f.:]+), (\\d+)\\)");

    @Test
    void listsEveryViolationWithItsKeyAtOnce() {
        String output = failsToStart(
                "-Decho.port=-1",
                "-Decho.mode=loud",
                "-Decho.read-limit=0",
                "-Decho.idle-timeout=-5S",
                "-Decho.no-such-key=1",
                "-Decho.socket.receive-buffer-size=1T",
                "-Decho.socket.tcp-keep-alive-idle=10H",
                "-Decho.listeners.bulk.max-connections=0",
                "-Decho.listeners.bulk.bogus=1");
        assertThat(output)
                .contains("echo.port", "-1")
                .contains("echo.mode", "loud", "once,stream")
                .contains("echo.read-limit")
                .contains("echo.idle-timeout")
                .contains("echo.no-such-key")
                .contains("echo.socket.receive-buffer-size", "1T")
                .contains("echo.socket.tcp-keep-alive-idle")
                .contains("echo.listeners.bulk.max-connections")
                .contains("echo.listeners.bulk.bogus")
                .doesNotContain("\tat ");
    }

    @Test
    void namesBothListenersOfOnePort() {
        assertThat(failsToStart("-Decho.port=7777", "-Decho.listeners.bulk.port=7777"))
                .contains("default", "bulk", "echo.port", "echo.listeners.bulk.port", "7777")
                .doesNotContain("\tat ");
    }

    @Test
    void namesListenerHostAndPortWhenThePortIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(failsToStart("-Decho.port=" + taken.getLocalPort()))
                    .contains("listener default", "127.0.0.1", String.valueOf(taken.getLocalPort()), "in use")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void namesTheSidePortWhenThatIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(failsToStart("-Decho.port=0", "-Dquarkus.http.port=" + taken.getLocalPort()))
                    .contains("side port", "127.0.0.1", String.valueOf(taken.getLocalPort()), "in use")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void namesAnUnknownHost() {
        assertThat(failsToStart("-Decho.host=no-such-host.invalid"))
                .contains("listener default", "echo.host", "no-such-host.invalid", "8888")
                .doesNotContain("\tat ");
    }

    @Test
    void namesAHostThatIsNotOurs() {
        assertThat(failsToStart("-Decho.host=192.0.2.1", "-Decho.port=0"))
                .contains("listener default", "192.0.2.1", "does not have that address")
                .doesNotContain("\tat ");
    }

    @Test
    void freesTheFirstListenerWhenTheSecondFails() throws IOException {
        int first = Ports.free();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            failsToStart("-Decho.port=" + first, "-Decho.listeners.bulk.port=" + taken.getLocalPort());
        }
        new ServerSocket(first).close();
    }

    @Test
    void servesEveryAddressOfEveryListenerAndLogsThePortsTaken() {
        try (Program echo = Program.packaged(
                "-Dquarkus.http.port=0",
                "-Decho.host=127.0.0.1,::1",
                "-Decho.port=0",
                "-Decho.listeners.bulk.host=localhost",
                "-Decho.listeners.bulk.port=0",
                "-Decho.listeners.bulk.mode=stream",
                "-Decho.listeners.bulk.max-connections=100")) {
            String line = echo.awaitLine("Serving on ");
            List<InetSocketAddress> bound = bound(line);
            assertThat(bound).hasSizeGreaterThanOrEqualTo(3).allMatch(address -> address.getPort() > 0);
            assertThat(line).contains("(::1, ").contains("bulk (127.0.0.1, ");
            bound.forEach(StartIT::echoes);
            assertThat(echo.output()).doesNotContain("WARN").doesNotContain("ERROR");
        }
    }

    @Test
    void bindsAllInterfacesForAStar() {
        try (Program echo = Program.packaged("-Dquarkus.http.port=0", "-Decho.host=*", "-Decho.port=0")) {
            int port = bound(echo.awaitLine("Serving on ")).get(0).getPort();
            echoes(new InetSocketAddress("127.0.0.1", port));
            echoes(new InetSocketAddress("::1", port));
        }
    }

    @Test
    void servesOnNioAndSaysSoWhenTheNativeTransportIsMissing() {
        try (Program echo =
                Program.packaged("-Dquarkus.http.port=0", "-Decho.port=0", "-Dio.netty.transport.noNative=true")) {
            assertThat(echo.awaitLine("native transport")).contains("WARN", "NIO");
            String line = echo.awaitLine("Serving on ");
            assertThat(line).contains("transport nio");
            echoes(bound(line).get(0));
        }
    }

    @Test
    void warnsOnceOfAnOptionThatTheTransportCannotDo() {
        try (Program echo = Program.packaged(
                "-Dquarkus.http.port=0",
                "-Decho.port=0",
                "-Dquarkus.vertx.prefer-native-transport=false",
                "-Decho.socket.tcp-user-timeout=30S")) {
            echo.awaitLine("Serving on ");
            assertThat(echo.output().lines().filter(line -> line.contains("WARN")))
                    .singleElement()
                    .asString()
                    .contains("TCP_USER_TIMEOUT", "ignored");
        }
    }

    private static void echoes(InetSocketAddress address) {
        try (Peer peer = Peer.connect(address)) {
            peer.send("hello").expect("hello").fin().expectFin();
        }
    }

    private static List<InetSocketAddress> bound(String line) {
        List<InetSocketAddress> bound = new ArrayList<>();
        Matcher matcher = BOUND.matcher(line.substring(line.indexOf("Serving on ")));
        while (matcher.find()) {
            bound.add(new InetSocketAddress(matcher.group(1), Integer.parseInt(matcher.group(2))));
        }
        return bound;
    }

    private static String failsToStart(String... options) {
        try (Program echo = Program.packaged(options)) {
            assertThat(echo.awaitExit()).isEqualTo(1);
            return echo.output();
        }
    }
}
