package dev.tcpecho.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Program;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckTest {
    private static final String REPORT = """
            {"state":"serving","transport":"epoll","kernel":"Linux","limits":{},"network":{},
             "listeners":[{"name":"default","mode":"once","generation":1,
               "sockets":[{"address":"0.0.0.0","port":8888,"family":"IPv4",
                 "acceptQueue":{"current":0,"peak":0,"max":100},
                 "options":[
                   {"option":"SO_REUSEADDR","requested":true,"effective":true,"status":"honoured"},
                   {"option":"SO_SNDBUF","requested":null,"effective":87040,"status":"default"}%s]}],
               "accepted":{"options":[
                   {"option":"TCP_NODELAY","requested":true,"effective":true,"status":"honoured"}]}}]}""";

    private static final String CLAMPED = """
            ,{"option":"SO_RCVBUF","requested":8388608,"effective":8388608,"unit":"bytes","status":"reduced",
              "reason":"clamped","governedBy":{"sysctl":"net.core.rmem_max","value":4194304}}""";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int check(String... args) {
        return new Check(new PrintStream(out, true), new PrintStream(err, true)).run(args);
    }

    private String line() {
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(out.toString(StandardCharsets.UTF_8)).hasLineCount(1);
        return out.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void acceptsAListenerThatAnswersOnceAndCloses() throws IOException {
        try (ScriptedServer echo = new ScriptedServer(ScriptedServer.ONCE)) {
            assertThat(check("--echo", echo.hostAndPort())).isZero();
            assertThat(line()).matches("ok echo=" + echo.hostAndPort() + " mode=once bytes=64 ms=\\d+");
        }
    }

    @Test
    void acceptsAListenerThatStreamsMoreThanTheSocketBuffersHold() throws IOException {
        try (ScriptedServer echo = new ScriptedServer(ScriptedServer.STREAM)) {
            assertThat(check(
                            "--echo", echo.hostAndPort(), "--mode", "stream", "--bytes", "50000001", "--timeout", "1m"))
                    .isZero();
            assertThat(line()).contains("mode=stream bytes=50000001");
        }
    }

    @Test
    void triesEveryAddressOfAName() throws IOException {
        try (ScriptedServer echo = new ScriptedServer(ScriptedServer.ONCE)) {
            String port = echo.hostAndPort().substring(echo.hostAndPort().indexOf(':'));
            assertThat(check("--echo", "localhost" + port)).isZero();
        }
    }

    @Test
    void namesTheByteThatCameBackChanged() throws IOException {
        ScriptedServer.Script flipTenth = (in, out) -> {
            byte[] read = new byte[100];
            int length = in.read(read);
            read[10] ^= 1;
            out.write(read, 0, length);
        };
        try (ScriptedServer echo = new ScriptedServer(flipTenth)) {
            assertThat(check("--echo", echo.hostAndPort())).isOne();
            assertThat(line()).isEqualTo("failed echo " + echo.hostAndPort() + ": byte 10 came back changed");
        }
    }

    @Test
    void saysHowFarAnEchoCameThatWasCutShort() throws IOException {
        ScriptedServer.Script half = (in, out) -> out.write(in.readNBytes(64), 0, 32);
        try (ScriptedServer echo = new ScriptedServer(half)) {
            assertThat(check("--echo", echo.hostAndPort())).isOne();
            assertThat(line()).endsWith("closed after 32 of 64 bytes");
        }
    }

    @Test
    void refusesBytesThatItDidNotSend() throws IOException {
        ScriptedServer.Script twice = (in, out) -> {
            byte[] read = in.readNBytes(64);
            out.write(read);
            out.write(read);
        };
        try (ScriptedServer echo = new ScriptedServer(twice)) {
            assertThat(check("--echo", echo.hostAndPort())).isOne();
            assertThat(line()).endsWith("more than the 64 bytes sent came back");
        }
    }

    @Test
    void givesUpOnAListenerThatNeverAnswers() throws IOException {
        try (ServerSocket silent = new ServerSocket(0)) {
            assertThat(check("--echo", "127.0.0.1:" + silent.getLocalPort(), "--timeout", "200ms"))
                    .isOne();
            assertThat(line()).endsWith("no answer in time");
        }
    }

    @Test
    void givesUpOnAListenerThatAnswersTooSlowly() throws IOException {
        ScriptedServer.Script oneByteOnly = (in, out) -> {
            out.write(in.read());
            in.transferTo(OutputStream.nullOutputStream());
        };
        try (ScriptedServer echo = new ScriptedServer(oneByteOnly)) {
            assertThat(check("--echo", echo.hostAndPort(), "--timeout", "200ms"))
                    .isOne();
            assertThat(line()).endsWith("no answer in time");
        }
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        int freePort;
        try (ServerSocket socket = new ServerSocket(0)) {
            freePort = socket.getLocalPort();
        }
        assertThat(check("--echo", "127.0.0.1:" + freePort)).isOne();
        assertThat(line()).startsWith("failed echo 127.0.0.1:" + freePort + ": Connection refused");
    }

    @Test
    void saysThatAHostIsUnknown() {
        assertThat(check("--echo", "no-such-host.invalid:8888")).isOne();
        assertThat(line()).endsWith("the host name is unknown");
    }

    @Test
    void countsRequestedOptionsThatAreHonoured() throws IOException {
        try (SidePort sidePort = new SidePort(200, REPORT.formatted(""))) {
            assertThat(check("--report", sidePort.url("/socket-options"), "--strict"))
                    .isZero();
            assertThat(line()).startsWith("ok requested=2 shortfalls=0 ms=");
        }
    }

    @Test
    void namesAShortfallAndItsGovernorInTheSameLine() throws IOException {
        try (SidePort sidePort = new SidePort(200, REPORT.formatted(CLAMPED))) {
            assertThat(check("--report", sidePort.url("/socket-options"))).isZero();
            assertThat(line())
                    .startsWith("ok requested=3 shortfalls=1 (default listener SO_RCVBUF asked 8388608 got 8388608, "
                            + "reduced clamped by net.core.rmem_max=4194304)");
        }
    }

    @Test
    void namesAShortfallThatNothingExplains() throws IOException {
        String ignored = ",{\"option\":\"TCP_CORK\",\"requested\":1,\"effective\":null,\"status\":\"ignored\"}";
        try (SidePort sidePort = new SidePort(200, REPORT.formatted(ignored))) {
            assertThat(check("--report", sidePort.url("/socket-options"))).isZero();
            assertThat(line()).contains("(default listener TCP_CORK asked 1 got null, ignored)");
        }
    }

    @Test
    void failsOnAShortfallWhenStrict() throws IOException {
        try (SidePort sidePort = new SidePort(200, REPORT.formatted(CLAMPED))) {
            assertThat(check("--report", sidePort.url("/socket-options"), "--strict"))
                    .isOne();
            assertThat(line()).startsWith("failed report").contains("SO_RCVBUF");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200, not json, not a socket report",
        "200, {}, not a socket report",
        "200, '{\"listeners\":[1]}', not a socket report",
        "200, '{\"listeners\":null}', not a socket report",
        "200, '{\"listeners\":[null]}', not a socket report",
        "200, '{\"listeners\":[{\"sockets\":[null]}]}', not a socket report",
        "200, '{\"listeners\":[{\"sockets\":[{\"options\":[null]}]}]}', not a socket report",
        "200, '{\"listeners\":7}', not a socket report",
        "200, '{\"listeners\":[{\"sockets\":null}]}', not a socket report",
        "200, '{\"listeners\":[{\"sockets\":[{\"options\":null}]}]}', not a socket report",
        "200, '[]', not a socket report",
        "200, 'null', not a socket report",
        "200, '{\"listeners\":[]}', it names no listener",
        "200, '{\"listeners\":[{\"name\":\"a\",\"sockets\":[]}]}', listener a has no socket",
        "200, '{\"listeners\":[{\"name\":\"a\",\"sockets\":[{\"listening\":false,\"address\":\"::\",\"port\":7}]}]}', does not listen on :: port 7",
        "200, '{\"listeners\":[{\"name\":\"a\",\"sockets\":[{\"options\":[]}]}]}', 'it leaves the options of listener a out, as details=false asks'",
        "500, {}, status 500"
    })
    void doesNotTakeAnotherAnswerForAReport(int status, String body, String reason) throws IOException {
        try (SidePort sidePort = new SidePort(status, body)) {
            assertThat(check("--report", sidePort.url("/socket-options"))).isOne();
            assertThat(line()).endsWith(reason);
            Client fleet = Client.run("fleet", sidePort.url("/socket-options"));
            assertThat(fleet.code()).isOne();
            assertThat(fleet.out().lines().findFirst().orElse(""))
                    .startsWith("127.0.0.1: ")
                    .endsWith(reason);
        }
    }

    @Test
    void takesStatus200ForHealthy() throws IOException {
        try (SidePort sidePort = new SidePort(200, "{\"status\":\"UP\",\"checks\":[]}")) {
            assertThat(check("--health", sidePort.url("/q/health/ready"))).isZero();
            assertThat(line()).startsWith("ok health=UP");
        }
    }

    @Test
    void namesTheHealthChecksThatAreDown() throws IOException {
        String body = "{\"status\":\"DOWN\",\"checks\":[{\"name\":\"a\",\"status\":\"UP\"},"
                + "{\"name\":\"echo\",\"status\":\"DOWN\"}]}";
        try (SidePort sidePort = new SidePort(503, body)) {
            assertThat(check("--health", sidePort.url("/q/health/ready"))).isOne();
            assertThat(line()).endsWith("status 503, down: echo");
        }
    }

    @Test
    void saysThatTheSidePortIsClosed() throws IOException {
        String url;
        try (SidePort sidePort = new SidePort(200, "")) {
            url = sidePort.url("/q/health/ready");
        }
        assertThat(check("--health", url)).isOne();
        assertThat(line()).isEqualTo("failed " + url + ": cannot connect");
    }

    @Test
    void givesUpOnASidePortThatNeverAnswers() throws IOException {
        try (ServerSocket silent = new ServerSocket(0)) {
            assertThat(check("--health", "http://127.0.0.1:" + silent.getLocalPort() + "/", "--timeout", "200ms"))
                    .isOne();
            assertThat(line()).endsWith("no answer in time");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--strict                          | nothing to check",
                "--echo                            | --echo needs a value",
                "--echo localhost                  | --echo takes HOST:PORT",
                "--echo ::1:8888                   | --echo takes HOST:PORT",
                "--echo localhost:0                | port must be a number from 1 to 65535",
                "--echo localhost:99999999999      | port must be a number from 1 to 65535",
                "--echo localhost:1 --mode never   | --mode takes once or stream, not never",
                "--echo localhost:1 --bytes 0      | --bytes must be a number from 1",
                "--echo localhost:1 --bytes many   | --bytes must be a number from 1",
                "--echo localhost:1 --timeout 5    | --timeout takes 500ms, 5s or 1m, not 5",
                "--echo localhost:1 --timeout 0s   | --timeout takes 500ms, 5s or 1m, not 0s",
                "--echo localhost:1 --timeout 366d | --timeout takes at most 365 days, not 366d",
                "--echo localhost:1 --timeout 999999999m | --timeout takes at most 365 days",
                "--report http://localhost:99999/  | --report's port must be a number from 1 to 65535, not 99999",
                "--health http://localhost:0/      | --health's port must be a number from 1 to 65535, not 0",
                "--health http://a@localhost/      | --health takes an address like http://HOST:8080/path",
                "--report ftp://host/              | --report takes an address like http://HOST:8080/path",
                "--health http://[                 | --health takes an address like http://HOST:8080/path",
                "--verbose                         | unknown argument --verbose",
                "nonsense                          | unknown argument nonsense",
                "--echo localhost:1 --sni a.b      | --ca, --cert, --key and --sni need --tls",
                "--echo localhost:1 --tls --cert /x | --cert /x: there is no such file",
                "--echo localhost:1 --tls --ca /nowhere | --ca /nowhere: there is no such file",
                "--echo localhost:1 --send-proxy v3 | --send-proxy takes v1 or v2, not v3",
                "--echo localhost:1 --tls --sni a_b | --sni takes a host name, not a_b",
            })
    void explainsWrongArguments(String args, String reason) {
        assertThat(check(args.strip().split(" "))).isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(reason, "usage: check");
    }

    @Test
    void takesAnIpv6AddressInBrackets() throws UsageError {
        HostAndPort echo = HostAndPort.parse("[::1]:8888");
        assertThat(echo.host()).isEqualTo("::1");
        assertThat(echo).hasToString("[::1]:8888");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5S", "5000MS", "36000m", "25d", "1H"})
    void takesATimeoutAsConfigurationKeysTakeIt(String timeout) throws IOException {
        try (ScriptedServer echo = new ScriptedServer(ScriptedServer.ONCE)) {
            assertThat(check("--echo", echo.hostAndPort(), "--timeout", timeout))
                    .isZero();
        }
    }

    @Test
    void waitsForAListenerThatIsAboutToStart() throws IOException {
        int port = Ports.free();
        CompletableFuture<Integer> code =
                CompletableFuture.supplyAsync(() -> check("--echo", "127.0.0.1:" + port, "--timeout", "20s"));
        assertThat(code).isNotDone();
        try (ScriptedServer echo = new ScriptedServer(port, ScriptedServer.ONCE)) {
            assertThat(code.join()).as(echo.hostAndPort()).isZero();
        }
    }

    @Test
    void givesUpOnAListenerThatNeverReads() throws IOException {
        ScriptedServer.Script deaf = (in, out) -> new CountDownLatch(1).await(20, TimeUnit.SECONDS);
        try (ScriptedServer echo = new ScriptedServer(deaf)) {
            assertThat(check("--echo", echo.hostAndPort(), "--bytes", "100000000", "--timeout", "300ms"))
                    .isOne();
            assertThat(line()).endsWith("no answer in time");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 200 OK; ;                                  | the answer is longer than 8 MiB",
                "HTTP/1.1 200 OK;Content-Length: 9999999999; ;       | the answer is longer than 8 MiB",
                "HTTP/1.1 200 OK;Transfer-Encoding: chunked; ;7fffffff; | the answer is longer than 8 MiB",
                "HTTP/1.1 200 OK;Content-Length: -1; ;               | not an HTTP answer",
                "HTTP/1.1 200 OK;X-Long:                             | not an HTTP answer",
                "SSH-2.0-OpenSSH_9.2;                                | not an HTTP answer",
                "HTTP/1.1 999999 OK;                                 | not an HTTP answer",
            })
    void readsNoMoreOfAnAnswerThanAReportCanBe(String head, String reason) throws IOException {
        ScriptedServer.Script endless = (in, out) -> {
            in.read(new byte[1000]);
            out.write(head.replace("; ;", ";;").replace(";", "\r\n").getBytes(StandardCharsets.US_ASCII));
            byte[] some = new byte[64 << 10];
            Arrays.fill(some, (byte) ' ');
            while (true) {
                out.write(some);
            }
        };
        try (ScriptedServer server = new ScriptedServer(endless)) {
            assertThat(check("--report", "http://" + server.hostAndPort() + "/", "--timeout", "1m"))
                    .isOne();
            assertThat(line()).endsWith(reason);
        }
    }

    @Test
    void printsNothingThatATerminalWouldActOn() throws IOException {
        String name = "\\u001b[2Ja\\nok health=UP\\u202e\\u009b1m\\\\";
        try (SidePort sidePort = new SidePort(503, "{\"checks\":[{\"name\":\"" + name + "\",\"status\":\"DOWN\"}]}")) {
            assertThat(check("--health", sidePort.url("/"))).isOne();
            assertThat(line()).endsWith("down: \\u{1b}[2Ja\\nok health=UP\\u{202e}\\u{9b}1m\\\\");
        }
    }

    @Test
    void cutsANameThatIsMeantToFillTheScreen() throws IOException {
        String body = "{\"checks\":[{\"name\":\"" + "x".repeat(100_000) + "\",\"status\":\"DOWN\"}]}";
        try (SidePort sidePort = new SidePort(503, body)) {
            assertThat(check("--health", sidePort.url("/"))).isOne();
            assertThat(line()).hasSizeLessThan(500).endsWith("xxx...");
        }
    }

    @Test
    void escapesArgumentsInItsMessages() {
        assertThat(check("--\u001b[2Jx\nok")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("\\u{1b}[2Jx\\nok")
                .doesNotContain("\u001b");
    }

    @Test
    void takesHostNamesWithUnderscores(@TempDir Path folder) throws IOException {
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 tcp_echo\n");
        try (SidePort sidePort = new SidePort(200, "{\"status\":\"UP\"}")) {
            String url = sidePort.url("/q/health").replace("127.0.0.1", "tcp_echo");
            List<String> command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Djdk.net.hosts.file=" + hosts,
                    "-cp",
                    Program.classPath(),
                    "dev.tcpecho.Main",
                    "check",
                    "--health",
                    url);
            try (Program program = Program.start(new File("."), command)) {
                assertThat(program.awaitExit()).as(program.output()).isZero();
            }
        }
    }
}
