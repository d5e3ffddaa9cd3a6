package dev.tcpecho.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;

/** A network namespace of its own, with its own sysctls; needs root and ip of iproute2. */
public final class NetworkNamespace implements AutoCloseable {
    private final String name;

    private NetworkNamespace(String name) {
        this.name = name;
    }

    public static NetworkNamespace create() {
        NetworkNamespace created =
                new NetworkNamespace("tcp-echo-" + ProcessHandle.current().pid());
        assumeTrue(
                Program.succeeds("ip", "netns", "add", created.name),
                "skipped: no network namespace to be had (needs root and ip of iproute2)");
        created.run("ip", "link", "set", "lo", "up");
        return created;
    }

    public NetworkNamespace sysctl(String key, String value) {
        run("sysctl", "-qw", key + "=" + value);
        return this;
    }

    /** A command inside, yet to be started. */
    public ProcessBuilder command(String... command) {
        List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", name));
        inside.addAll(List.of(command));
        return new ProcessBuilder(inside).redirectErrorStream(true);
    }

    /** What a command inside prints; it must succeed. */
    public String run(String... command) {
        return Program.output(command(command).command().toArray(String[]::new));
    }

    /**
     * The answer of an HTTP server inside, head and body, its lines ended by a line feed alone; empty while nobody
     * listens.
     */
    public String get(int port, String path) {
        String request = "GET " + path + " HTTP/1.0\\r\\nAccept: */*\\r\\n\\r\\n";
        return run(
                "bash",
                "-c",
                "{ exec 3<>/dev/tcp/127.0.0.1/" + port + "; } 2>/dev/null || exit 0; printf '" + request
                        + "' >&3; cat <&3");
    }

    @Override
    public void close() {
        Program.succeeds("ip", "netns", "del", name);
    }
}
