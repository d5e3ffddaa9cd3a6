package dev.tcpecho.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        "500, {}, status 500"
    })
    void doesNotTakeAnotherAnswerForAReport(int status, String body, String reason) throws IOException {
        try (SidePort sidePort = new SidePort(status, body)) {
            assertThat(check("--report", sidePort.url("/socket-options"))).isOne();
            assertThat(line()).endsWith(reason);
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
                "--report ftp://host/              | --report takes an address like http://HOST:8080/path",
                "--health http://[                 | --health takes an address like http://HOST:8080/path",
                "--verbose                         | unknown argument --verbose",
            })
    void explainsWrongArguments(String args, String reason) {
        assertThat(check(args.strip().split(" "))).isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(reason, "usage: check");
    }

    @Test
    void takesAnIpv6AddressInBrackets() throws UsageError {
        CheckArguments arguments = CheckArguments.parse(java.util.List.of("--echo", "[::1]:8888"));
        assertThat(arguments.echo().host()).isEqualTo("::1");
        assertThat(arguments.echo()).hasToString("[::1]:8888");
    }
}
