package dev.tcpecho.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The packaged application as a process of its own, on free ports; its output goes to a file. */
public final class PackagedEcho implements AutoCloseable {
    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

    private final Process process;
    private final Path output;
    private final InetSocketAddress address;
    private final InetSocketAddress sidePort;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private PackagedEcho(Process process, Path output, InetSocketAddress address, InetSocketAddress sidePort) {
        this.process = process;
        this.output = output;
        this.address = address;
        this.sidePort = sidePort;
    }

    /** Started and ready. @param properties each as {@code key=value} */
    public static PackagedEcho start(Transports transport, String... properties) {
        PackagedEcho echo = launch(transport, "exec", freePort(), properties);
        echo.awaitReady();
        return echo;
    }

    /** Started, and no more; by {@code shell}, such as {@code ulimit -n 200; exec}. */
    public static PackagedEcho launch(Transports transport, String shell, int port, String... properties) {
        transport.assumeAvailable();
        int sidePort = freePort();
        List<String> java = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Decho.port=" + port,
                "-Dquarkus.http.port=" + sidePort,
                "-Dquarkus.vertx.prefer-native-transport=" + (transport == Transports.EPOLL)));
        for (String property : properties) {
            java.add("-D" + property);
        }
        java.addAll(List.of("-jar", JAR.toString()));
        try {
            Path output = Files.createTempFile("tcp-echo", ".log");
            Process process = new ProcessBuilder("bash", "-c", shell + " " + String.join(" ", java))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            return new PackagedEcho(
                    process,
                    output,
                    new InetSocketAddress(host("echo.host", properties), port),
                    new InetSocketAddress(host("quarkus.http.host", properties), sidePort));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String host(String key, String... properties) {
        return Stream.of(properties)
                .filter(property -> property.startsWith(key + "="))
                .map(property -> property.substring(key.length() + 1))
                .findFirst()
                .orElse("127.0.0.1");
    }

    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public PackagedEcho awaitReady() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !process.isAlive() || status("/q/health/ready") == 200);
        assertThat(process.isAlive()).as(this::log).isTrue();
        return this;
    }

    public InetSocketAddress address() {
        return address;
    }

    public Peer connect() {
        return Peer.connect(address());
    }

    /** The HTTP status of the side port; 0 when it does not answer. */
    public int status(String path) {
        try {
            return get(path).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The sum of a meter's samples whose line contains all of these words. */
    public double meter(String... words) {
        try {
            return get("/q/metrics")
                    .body()
                    .lines()
                    .filter(line ->
                            !line.startsWith("#") && List.of(words).stream().allMatch(line::contains))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> get(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + sidePort.getHostString() + ":" + sidePort.getPort() + path))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Such as {@code TERM}. */
    public PackagedEcho signal(String name) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            assertThat(exit).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** The exit code; fails when the process has not ended in time. */
    public int awaitExit(Duration time) {
        try {
            assertThat(process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS))
                    .as(() -> "not ended within " + time + ":\n" + log())
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has written so far. */
    public String log() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }
}
