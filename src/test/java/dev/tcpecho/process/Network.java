package dev.tcpecho.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tcpecho.testing.Program;
import java.util.List;
import java.util.stream.Stream;

/** A network namespace behind two veth pairs, one to spoil and one to ask the side port; needs root and {@code ip}. */
final class Network implements AutoCloseable {
    /** Two runs of the tests on one machine meet neither in names nor in addresses. */
    private static final long RUN = ProcessHandle.current().pid();

    private static final String NAME = "tcp-echo-test-" + RUN;
    private static final String SPOILED = "10.%d.%d".formatted(128 + RUN % 61, RUN / 61 % 125 * 2);
    private static final String UNSPOILED = "10.%d.%d".formatted(128 + RUN % 61, RUN / 61 % 125 * 2 + 1);
    private static final String HERE = "et" + RUN;
    private static final String ASKING = "es" + RUN;
    static final String ECHO = SPOILED + ".2";
    static final String SIDE_PORT = UNSPOILED + ".2";

    Network() {
        assumeTrue(succeeds("ip", "netns", "add", NAME), "skipped: network namespaces need root and the ip command");
        succeeds("ip", "-n", NAME, "link", "set", "lo", "up");
        link(HERE, "echot1", SPOILED);
        link(ASKING, "echos1", UNSPOILED);
    }

    private static void link(String here, String there, String prefix) {
        List.of(
                        "ip link add " + here + " type veth peer name " + there + " netns " + NAME,
                        "ip addr add " + prefix + ".1/24 dev " + here,
                        "ip link set " + here + " up",
                        "ip -n " + NAME + " addr add " + prefix + ".2/24 dev " + there,
                        "ip -n " + NAME + " link set " + there + " up")
                .forEach(command -> {
                    if (!succeeds(command.split(" "))) {
                        throw new IllegalStateException("failed: " + command);
                    }
                });
    }

    /** What comes before a command that is to run in there. */
    static String shell() {
        return "exec ip netns exec " + NAME;
    }

    Network sysctl(String key, String value) {
        run("sysctl", "-qw", key + "=" + value);
        return this;
    }

    /** What a command in there prints; it must succeed. */
    String run(String... command) {
        return Program.output(Stream.concat(Stream.of("ip", "netns", "exec", NAME), Stream.of(command))
                .toArray(String[]::new));
    }

    /** Of all sockets in there, such as {@code TcpExtTCPFastOpenPassive}; by nstat's names, zeros included. */
    long counter(String name) {
        return Stream.of(run("nstat", "-asz", name).split("\n"))
                .map(line -> line.split("\\s+"))
                .filter(words -> words[0].equals(name))
                .mapToLong(words -> Long.parseLong(words[1]))
                .findFirst()
                .orElseThrow();
    }

    /** Both ways; skips the test where the kernel has no netem. */
    Network spoil(String netem) {
        for (String where : List.of("tc qdisc add dev " + HERE, "tc -n " + NAME + " qdisc add dev echot1")) {
            assumeTrue(
                    succeeds((where + " root netem " + netem).split(" ")),
                    "skipped: no tc, or this kernel has no netem queueing discipline");
        }
        return this;
    }

    /** From now on every packet is lost, and nobody is told. */
    void vanish() {
        if (!succeeds(
                        "ip",
                        "-n",
                        NAME,
                        "neigh",
                        "replace",
                        SPOILED + ".1",
                        "lladdr",
                        "02:00:00:00:00:01",
                        "dev",
                        "echot1")
                || !succeeds("ip", "neigh", "replace", ECHO, "lladdr", "02:00:00:00:00:02", "dev", HERE)) {
            throw new IllegalStateException("cannot point the neighbours astray");
        }
    }

    @Override
    public void close() {
        succeeds("ip", "netns", "del", NAME);
        succeeds("ip", "link", "del", HERE);
        succeeds("ip", "link", "del", ASKING);
    }

    private static boolean succeeds(String... command) {
        return Program.succeeds(command);
    }
}
