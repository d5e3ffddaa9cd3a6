package dev.tcpecho.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tcpecho.testing.Program;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A network namespace behind two veth pairs, one to spoil and one to ask the side port; needs root and {@code ip}. */
final class Network implements AutoCloseable {
    /** Two runs of the tests on one machine meet neither in names nor in addresses. */
    private static final long RUN = ProcessHandle.current().pid();

    private static final String NAME = "tcp-echo-test-" + RUN;
    private static final String SPOILED = "10.%d.%d".formatted(128 + RUN % 61, RUN / 61 % 125 * 2);
    private static final String UNSPOILED = "10.%d.%d".formatted(128 + RUN % 61, RUN / 61 % 125 * 2 + 1);
    private static final String HERE = "et" + RUN;
    private static final String THERE = "echot1";
    private static final String RELAY = "src/test/resources/network/relay.py";
    private static final String ASKING = "es" + RUN;
    static final String ECHO = SPOILED + ".2";
    static final String SIDE_PORT = UNSPOILED + ".2";

    /** Null where the kernel alone carries the packets. */
    private final Program relay;

    Network() {
        this(() -> {
            veth(HERE, THERE, SPOILED);
            return null;
        });
    }

    private Network(Supplier<Program> path) {
        assumeTrue(succeeds("ip", "netns", "add", NAME), "skipped: network namespaces need root and the ip command");
        succeeds("ip", "-n", NAME, "link", "set", "lo", "up");
        veth(ASKING, "echos1", UNSPOILED);
        relay = path.get();
    }

    /**
     * With a path to the echo that needs no netem: a program of the test's carries the packets.
     *
     * @param delay of each way, in milliseconds
     * @param loss of segments with data, in percent
     */
    static Network relayed(int delay, int loss) {
        assumeTrue(Files.exists(Path.of("/dev/net/tun")), "skipped: there is no /dev/net/tun for a path of the test's");
        assumeTrue(succeeds("python3", "--version"), "skipped: the path of the test's is made by python3");
        return new Network(() -> {
            Program relay = Program.start(
                    new File("."),
                    List.of("python3", RELAY, HERE, NAME, THERE, String.valueOf(delay), String.valueOf(loss)));
            relay.awaitLine("relaying");
            address(HERE, THERE, SPOILED);
            return relay;
        });
    }

    private static void veth(String here, String there, String prefix) {
        must("ip link add " + here + " type veth peer name " + there + " netns " + NAME);
        address(here, there, prefix);
    }

    private static void address(String here, String there, String prefix) {
        List.of(
                        "ip addr add " + prefix + ".1/24 dev " + here,
                        "ip link set " + here + " up",
                        "ip -n " + NAME + " addr add " + prefix + ".2/24 dev " + there,
                        "ip -n " + NAME + " link set " + there + " up")
                .forEach(Network::must);
    }

    private static void must(String command) {
        if (!succeeds(command.split(" "))) {
            throw new IllegalStateException("failed: " + command);
        }
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
        if (!succeeds("ip", "-n", NAME, "neigh", "replace", SPOILED + ".1", "lladdr", "02:00:00:00:00:01", "dev", THERE)
                || !succeeds("ip", "neigh", "replace", ECHO, "lladdr", "02:00:00:00:00:02", "dev", HERE)) {
            throw new IllegalStateException("cannot point the neighbours astray");
        }
    }

    @Override
    public void close() {
        if (relay != null) {
            relay.close();
        }
        succeeds("ip", "netns", "del", NAME);
        succeeds("ip", "link", "del", HERE);
        succeeds("ip", "link", "del", ASKING);
    }

    private static boolean succeeds(String... command) {
        return Program.succeeds(command);
    }
}
