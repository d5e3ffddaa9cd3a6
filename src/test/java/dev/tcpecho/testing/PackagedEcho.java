package dev.tcpecho.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.File;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The packaged application as a process of its own, on free ports. */
public final class PackagedEcho implements AutoCloseable {
    private final Program program;
    private final InetSocketAddress address;
    private final SidePort sidePort;

    private PackagedEcho(Program program, InetSocketAddress address, SidePort sidePort) {
        this.program = program;
        this.address = address;
        this.sidePort = sidePort;
    }

    /** Started and ready. @param properties each as {@code key=value} */
    public static PackagedEcho start(Transports transport, String... properties) {
        PackagedEcho echo = launch(transport, "exec", Ports.free(), properties);
        echo.awaitReady();
        return echo;
    }

    /** Started, and no more; by {@code shell}, such as {@code ulimit -n 200; exec}. */
    public static PackagedEcho launch(Transports transport, String shell, int port, String... properties) {
        transport.assumeAvailable();
        int sidePort = Ports.free();
        List<String> command = new ArrayList<>(List.of(
                "bash",
                "-c",
                shell + " \"$@\"",
                "bash",
                Program.JAVA,
                "-Decho.port=" + port,
                "-Dquarkus.http.port=" + sidePort,
                "-Dquarkus.vertx.prefer-native-transport=" + (transport == Transports.EPOLL)));
        Stream.of(properties).map(property -> "-D" + property).forEach(command::add);
        command.addAll(List.of("-jar", Program.JAR));
        return new PackagedEcho(
                Program.start(new File("."), command),
                new InetSocketAddress(host("echo.host", properties), port),
                new SidePort(
                        new InetSocketAddress(host("quarkus.http.host", properties), sidePort), Duration.ofSeconds(5)));
    }

    private static String host(String key, String... properties) {
        return Stream.of(properties)
                .filter(property -> property.startsWith(key + "="))
                .map(property -> property.substring(key.length() + 1))
                .findFirst()
                .orElse("127.0.0.1");
    }

    public PackagedEcho awaitReady() {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !isAlive() || status("/q/health/ready") == 200);
        assertThat(isAlive()).as(this::log).isTrue();
        return this;
    }

    /** A line of its log that contains this. */
    public String awaitLine(String words) {
        return program.awaitLine(words);
    }

    public InetSocketAddress address() {
        return address;
    }

    public InetSocketAddress sidePort() {
        return sidePort.address();
    }

    public Peer connect() {
        return Peer.connect(address());
    }

    /** The HTTP status of the side port; 0 when it does not answer. */
    public int status(String path) {
        return sidePort.status(path);
    }

    /** What the side port answers. */
    public String get(String path) {
        return sidePort.get(path).body();
    }

    /** The sum of a meter's samples whose line contains all of these words. */
    public double meter(String... words) {
        return sidePort.meter(words);
    }

    /** An option of the first listening socket, as the report has it now. */
    public JsonObject option(String name) {
        return new JsonObject(sidePort.get("/socket-options").body())
                        .getJsonArray("listeners")
                        .getJsonObject(0)
                        .getJsonArray("sockets")
                        .getJsonObject(0)
                        .getJsonArray("options")
                        .stream()
                        .map(JsonObject.class::cast)
                        .filter(option -> option.getString("option").equals(name))
                        .findFirst()
                        .orElseThrow();
    }

    /** Such as {@code TERM}. */
    public PackagedEcho signal(String name) {
        Program.output("kill", "-" + name, String.valueOf(pid()));
        return this;
    }

    /** The exit code; fails when the process has not ended in time. */
    public int awaitExit(Duration time) {
        return program.awaitExit(time);
    }

    public boolean isAlive() {
        return program.process().isAlive();
    }

    /** What it has written so far. */
    public String log() {
        return program.output();
    }

    public long pid() {
        return program.process().pid();
    }

    @Override
    public void close() {
        program.process().destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }
}
