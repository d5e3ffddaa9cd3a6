package dev.tcpecho.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tcpecho.server.EchoMode;
import dev.tcpecho.testing.Program;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Paths whose answer is known: client, router and service each in a network namespace, and the packaged jar at both
 * ends. Needs root, ip of iproute2, and iptables with the targets used.
 */
class StagedPathIT {
    private static final String SERVICE = "10.77.2.1";
    private final String prefix = "echo-" + ProcessHandle.current().pid();
    private final List<Program> programs = new ArrayList<>();

    @BeforeEach
    void layThePath() {
        for (String end : List.of("c", "r", "s")) {
            assumeTrue(
                    succeeds("ip netns add " + prefix + end),
                    "skipped: no network namespace to be had (needs root and ip of iproute2)");
            must("ip -n " + prefix + end + " link set lo up");
        }
        link("c", "10.77.1.1", "r", "10.77.1.2");
        link("s", SERVICE, "r", "10.77.2.2");
        must("ip -n " + prefix + "c route add default via 10.77.1.2");
        must("ip -n " + prefix + "s route add default via 10.77.2.2");
        must("ip netns exec " + prefix + "r sysctl -qw net.ipv4.ip_forward=1");
    }

    @AfterEach
    void takeItAway() {
        programs.forEach(Program::close);
        List.of("c", "r", "s").forEach(end -> succeeds("ip netns del " + prefix + end));
    }

    private void link(String end, String address, String router, String routerAddress) {
        must("ip link add to" + router + " netns " + prefix + end + " type veth peer name to" + end + " netns " + prefix
                + router);
        must("ip -n " + prefix + end + " addr add " + address + "/24 dev to" + router);
        must("ip -n " + prefix + end + " link set to" + router + " up");
        must("ip -n " + prefix + router + " addr add " + routerAddress + "/24 dev to" + end);
        must("ip -n " + prefix + router + " link set to" + end + " up");
    }

    private void service(String... options) {
        List<String> command = java("s", options);
        Program program = Program.start(new File("."), command);
        programs.add(program);
        program.awaitLine("Listening on");
    }

    private Program client(String... args) {
        List<String> command = java("c");
        command.add("check");
        command.addAll(List.of(args));
        Program program = Program.start(new File("."), command);
        programs.add(program);
        return program;
    }

    private List<String> java(String end, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "ip",
                "netns",
                "exec",
                prefix + end,
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-jar", Path.of("target", "quarkus-app", "quarkus-run.jar").toString()));
        return command;
    }

    private void router(String rule) {
        assumeTrue(
                succeeds("ip netns exec " + prefix + "r " + rule),
                "skipped: this machine cannot do '" + rule + "' (needs iptables and its targets)");
    }

    private static void must(String command) {
        assertThat(succeeds(command)).as(command).isTrue();
    }

    private static boolean succeeds(String command) {
        try {
            return new ProcessBuilder(command.split(" "))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void idleFindsWhenAnAddressTranslationForgetsAndWhichKeepAliveSurvives() {
        router("iptables -t nat -A POSTROUTING -o tos -j MASQUERADE");
        router(
                "sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_established=12 net.netfilter.nf_conntrack_tcp_loose=0");
        router("iptables -A FORWARD -m conntrack --ctstate INVALID -j DROP");
        service("-Decho.host=" + SERVICE, "-Decho.port=8888", "-Decho.mode=stream", "-Dquarkus.http.port=0");

        Program idle = client("idle", SERVICE + ":8888", "--up-to", "1m", "--json");
        assertThat(idle.awaitExit()).as(idle.output()).isOne();
        JsonObject found = new JsonObject(idle.output());
        assertThat(found.getJsonObject("cut").getString("how")).isEqualTo("forgotten");
        assertThat(found.getInteger("survivedMillis")).isBetween(9_000, 12_500);
        assertThat(found.getJsonObject("cut").getInteger("afterMillis")).isBetween(11_500, 16_000);
        assertThat(found.getInteger("keepAliveSeconds")).isEqualTo(10);
    }

    @Test
    void pathNamesEveryRewriteOfARouter() {
        assumeTrue(
                Stream.of(EchoMode.values()).anyMatch(mode -> mode.name().equals("REPORT")),
                "skipped: the service has no mode report");
        router("iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1360");
        router("iptables -t mangle -A FORWARD -p tcp -j DSCP --set-dscp 0");
        router("iptables -t nat -A POSTROUTING -o tos -j MASQUERADE");
        service(
                "-Decho.host=" + SERVICE,
                "-Decho.port=8888",
                "-Decho.mode=report",
                "-Decho.socket.tcp-save-syn=true",
                "-Dquarkus.vertx.prefer-native-transport=true",
                "-Dquarkus.http.port=0");

        Program path = client("path", SERVICE + ":8888", "--strict", "--timeout", "1m");
        assertThat(path.awaitExit()).as(path.output()).isOne();
        assertThat(path.output())
                .contains("source: 10.77.1.1:", " left here, 10.77.2.2:")
                .contains("mss: 1460 left here, 1360 arrived: clamped on the way")
                .contains("dscp: 10 left here, 0 arrived: cleared on the way")
                .contains("ttl: 64 left here, 63 arrived: 1 hop")
                .contains("failed path " + SERVICE + ":8888: 3 rewrites on the way to ");
    }

    /** Without a client of ours: what arrived stands in what the connection is told. */
    @Test
    void theReportHasTheSynAsTheRouterMadeIt() {
        router("iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1234");
        router("iptables -t mangle -A FORWARD -p tcp -d " + SERVICE + " -j TOS --set-tos 0x48");
        router("iptables -t mangle -A FORWARD -p tcp -d " + SERVICE + " -j TTL --ttl-set 200");
        service(
                "-Decho.host=" + SERVICE,
                "-Decho.port=8888",
                "-Decho.mode=report",
                "-Decho.socket.tcp-save-syn=true",
                "-Dquarkus.http.port=0");

        JsonObject report = new JsonObject(Program.output(
                "ip", "netns", "exec", prefix + "c", "bash", "-c", "exec 3<>/dev/tcp/" + SERVICE + "/8888; cat <&3"));
        JsonObject syn = report.getJsonObject("syn");
        assertThat(syn.getInteger("mss")).isEqualTo(1234);
        assertThat(syn.getInteger("dscp")).isEqualTo(0x48 >> 2);
        assertThat(syn.getInteger("ttl")).isEqualTo(200);
        assertThat(syn.getInteger("hops")).isEqualTo(55); // less than 255, which nobody but the router chose
        assertThat(report.getJsonObject("tcpInfo").getInteger("sendMss")).isEqualTo(1234 - 12);
    }
}
