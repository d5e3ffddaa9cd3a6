package dev.tcpecho.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.Program;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetTest {
    private static final String REPORT = """
            {"service":{"name":"tcp-echo","version":"1","pod":"%s","node":"node-%s"},
             "state":"serving","transport":"epoll","kernel":"Linux %s","limits":{"net.core.rmem_max":%d,"net.core.somaxconn":4096},
             "listeners":[{"name":"default","mode":"once","generation":1,
               "sockets":[{"address":"10.0.0.%s","port":8888,"listening":true,"acceptQueue":{"current":%s,"max":100},
                 "options":[{"option":"SO_RCVBUF","requested":8388608,"effective":%d,"status":"%s"}]}],
               "accepted":{"options":[{"option":"TCP_NODELAY","requested":true,"effective":true,"status":"honoured"}]}}]}""";

    private static String report(String pod, String kernel, int most) {
        boolean less = most < 8388608;
        return REPORT.formatted(
                pod,
                pod,
                kernel,
                most,
                pod.length(),
                pod.length(),
                Math.min(2 * most, 16777216),
                less ? "reduced" : "honoured");
    }

    @TempDir
    private Path folder;

    /** The client, to which the name "pods" is 127.0.0.1 and the next ones. */
    private Program fleet(int addresses, int port, String... more) throws IOException {
        StringBuilder hosts = new StringBuilder();
        for (int i = 1; i <= addresses; i++) {
            hosts.append("127.0.0.").append(i).append(" pods\n");
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.net.hosts.file=" + Files.writeString(folder.resolve("hosts"), hosts),
                "-cp",
                Program.classPath(),
                "dev.tcpecho.Main",
                "check",
                "fleet",
                "http://pods:" + port + "/socket-options"));
        command.addAll(List.of(more));
        return Program.start(new File("."), command);
    }

    @Test
    void listsOnlyWhatDiffersAndWhere() throws IOException {
        try (SidePort a = new SidePort(200, report("a", "6.1", 16777216));
                SidePort b = new SidePort(address(2, a), 200, report("bb", "6.1", 16777216));
                SidePort c = new SidePort(address(3, b), 200, report("ccc", "5.10", 212992));
                Program program = fleet(3, a.port());
                Program strict = fleet(3, c.port(), "--strict")) {
            assertThat(program.awaitExit()).as(program.output()).isZero();
            assertThat(program.output().lines())
                    .containsSubsequence(
                            "default listener SO_RCVBUF: 16777216 (asked for 8388608) on 2 of 3, but on ccc (node node-ccc,"
                                    + " Linux 5.10): 425984 (1/39 of the 8388608 that was asked for)",
                            "kernel: Linux 6.1 on 2 of 3, but on ccc (node node-ccc, Linux 5.10): Linux 5.10",
                            "net.core.rmem_max: 16777216 on 2 of 3, but on ccc (node node-ccc, Linux 5.10): 212992",
                            last(program));
            assertThat(program.output()).doesNotContain("somaxconn", "TCP_NODELAY", "acceptQueue");
            assertThat(last(program))
                    .startsWith("ok fleet http://pods:" + a.port()
                            + "/socket-options: 3 addresses, 3 differences, shortfalls=1 ms=");
            assertThat(strict.awaitExit()).isOne();
        }
    }

    @Test
    void saysThatNothingDiffers() throws IOException {
        try (SidePort a = new SidePort(200, report("a", "6.1", 16777216));
                SidePort b = new SidePort(address(2, a), 200, report("bb", "6.1", 16777216));
                Program program = fleet(2, b.port(), "--strict")) {
            assertThat(program.awaitExit()).as(program.output()).isZero();
            assertThat(last(program)).contains(": 2 addresses, nothing differs, shortfalls=0");
        }
    }

    @Test
    void failsWhenOneDoesNotAnswer() throws IOException {
        try (SidePort a = new SidePort(200, report("a", "6.1", 16777216));
                SidePort b = new SidePort(address(2, a), 503, "{}");
                Program program = fleet(3, b.port(), "--timeout", "2s", "--json")) {
            assertThat(program.awaitExit()).isOne();
            assertThat(program.output())
                    .contains("\"ok\":false")
                    .contains("127.0.0.2: ", "status 503")
                    .contains("127.0.0.3: ", "cannot connect");
        }
    }

    @Test
    void takesNoOtherAnswerForAReport() throws IOException {
        try (SidePort a = new SidePort(200, "{\"listeners\":[1]}")) {
            Client client = Client.run("fleet", a.url("/"));
            assertThat(client.code()).isOne();
            assertThat(client.out()).contains("127.0.0.1: not a socket report");
        }
    }

    /** Sizes, segments and the CPU of a connection are what its traffic made of them. */
    @Test
    void doesNotCompareWhatTrafficMakesOfAConnection() throws IOException {
        String accepted = """
                {"option":"SO_INCOMING_CPU","requested":null,"effective":%d,"status":"default","reason":null},
                {"option":"SO_SNDBUF","requested":null,"effective":%d,"status":"default","reason":"autotuned"},
                {"option":"TCP_MAXSEG","requested":1400,"effective":%d,"status":"honoured","reason":"negotiated"},
                {"option":"IP_TOS","requested":null,"effective":%d,"status":"default","reason":"negotiated"},""";
        String one = "\"accepted\":{\"options\":[";
        String a = report("a", "6.1", 16777216).replace(one, one + accepted.formatted(0, 87040, 1388, 0));
        String b = report("bb", "6.1", 16777216).replace(one, one + accepted.formatted(1, 3939840, 536, 8));
        String c = b.replace("\"requested\":1400", "\"requested\":null").replace("\"bb\"", "\"c\"");
        try (SidePort first = new SidePort(200, a);
                SidePort second = new SidePort(address(2, first), 200, b);
                SidePort third = new SidePort(address(3, first), 200, c)) {
            try (Program same = fleet(2, second.port(), "--strict")) {
                assertThat(same.awaitExit()).as(same.output()).isZero();
            }
            try (Program other = fleet(3, third.port())) {
                assertThat(other.awaitExit()).as(other.output()).isZero();
                assertThat(other.output())
                        .contains("default accepted TCP_MAXSEG: asked for 1400 on 2 of 3, but on c (node node-bb): not"
                                + " asked for\n")
                        .contains(": 3 addresses, 1 difference, ");
            }
        }
    }

    @Test
    void saysOnceThatAListenerIsMissing() throws IOException {
        String more = report("bb", "6.1", 16777216)
                .replace("\"listeners\":[", "\"listeners\":[" + listener(report("bb", "6.1", 16777216)) + ",");
        try (SidePort a = new SidePort(200, report("a", "6.1", 16777216));
                SidePort b = new SidePort(address(2, a), 200, more);
                Program program = fleet(2, b.port())) {
            assertThat(program.awaitExit()).as(program.output()).isZero();
            assertThat(program.output())
                    .contains("listener extra: a (node node-a): absent; bb (node node-bb): there\n")
                    .doesNotContain("\nextra ");
            assertThat(last(program)).contains(": 2 addresses, 1 difference, ");
        }
    }

    private static String listener(String report) {
        int begin = report.indexOf("{\"name\":\"default\"");
        return report.substring(begin, report.length() - 2).replace("default", "extra");
    }

    @Test
    void tellsPodsOfOneNameApart() throws IOException {
        try (SidePort a = new SidePort(200, report("vm", "6.1", 16777216));
                SidePort b = new SidePort(address(2, a), 200, report("vm", "6.1", 212992));
                Program program = fleet(2, b.port())) {
            assertThat(program.awaitExit()).as(program.output()).isZero();
            assertThat(program.output())
                    .contains("net.core.rmem_max: vm at 127.0.0.1 (node node-vm): 16777216; vm at 127.0.0.2 (node"
                            + " node-vm): 212992\n");
        }
    }

    /** Buffers are shown doubled: half of what was asked for looks like all of it. */
    @Test
    void saysWhatIsLessThanAskedForAlthoughTheNumberIsTheSame() throws IOException {
        try (SidePort a = new SidePort(200, report("a", "6.1", 4194304));
                SidePort b = new SidePort(address(2, a), 200, report("bb", "6.1", 8388608));
                Program program = fleet(2, b.port())) {
            assertThat(program.awaitExit()).as(program.output()).isZero();
            assertThat(program.output())
                    .contains("SO_RCVBUF: a (node node-a): 8388608 (1/2 of the 8388608 that was asked for); bb");
        }
    }

    @Test
    void countsTheAddressesThatDoNotAnswer() throws IOException {
        try (SidePort a = new SidePort(200, report("a", "6.1", 16777216));
                Program program = fleet(3, a.port(), "--timeout", "2s")) {
            assertThat(program.awaitExit()).isOne();
            assertThat(last(program)).contains(": 3 addresses, nothing differs, shortfalls=0, 2 without a report");
        }
    }

    /** Sixteen are asked at a time: as many that hang must not take the time of those behind them. */
    @Test
    void asksThoseBehindOnesThatHang() throws IOException {
        List<ServerSocket> hanging = new ArrayList<>();
        try (SidePort last = new SidePort(
                new InetSocketAddress("127.0.0.9", 0), Duration.ofMillis(500), 200, report("a", "6.1", 16777216))) {
            for (int i = 1; i <= 40; i++) {
                if (i != 9) { // sorted as text: 127.0.0.9 is the last but few
                    hanging.add(
                            new ServerSocket(last.port(), 50, address(i, last).getAddress()));
                }
            }
            try (Program program = fleet(40, last.port(), "--timeout", "6s", "--json")) {
                assertThat(program.awaitExit()).isOne();
                assertThat(program.output())
                        .contains("\"pods\":[\"a\"]", "127.0.0.10: ", "no answer in time")
                        .doesNotContain("127.0.0.9: ");
            }
        } finally {
            for (ServerSocket each : hanging) {
                each.close();
            }
        }
    }

    private static String last(Program program) {
        return program.output().lines().reduce((a, b) -> b).orElseThrow();
    }

    private static InetSocketAddress address(int last, SidePort first) {
        return new InetSocketAddress("127.0.0." + last, first.port());
    }
}
