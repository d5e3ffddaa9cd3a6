package dev.tcpecho.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A network namespace behind two veth pairs, one to spoil and one to ask the side port; needs root and {@code ip}. */
final class Network implements AutoCloseable {
    static final String ECHO = "10.213.7.2";
    static final String SIDE_PORT = "10.213.8.2";
    private static final String NAME = "tcp-echo-test";

    Network() {
        assumeTrue(run("ip", "netns", "add", NAME), "skipped: network namespaces need root and the ip command");
        run("ip", "-n", NAME, "link", "set", "lo", "up");
        link("echot0", "echot1", "10.213.7");
        link("echos0", "echos1", "10.213.8");
    }

    private static void link(String here, String there, String prefix) {
        List.of(
                        "ip link add " + here + " type veth peer name " + there + " netns " + NAME,
                        "ip addr add " + prefix + ".1/24 dev " + here,
                        "ip link set " + here + " up",
                        "ip -n " + NAME + " addr add " + prefix + ".2/24 dev " + there,
                        "ip -n " + NAME + " link set " + there + " up")
                .forEach(command -> {
                    if (!run(command.split(" "))) {
                        throw new IllegalStateException("failed: " + command);
                    }
                });
    }

    /** What comes before a command that is to run in there. */
    static String shell() {
        return "exec ip netns exec " + NAME;
    }

    /** Both ways; skips the test where the kernel has no netem. */
    Network spoil(String netem) {
        for (String where : List.of("tc qdisc add dev echot0", "tc -n " + NAME + " qdisc add dev echot1")) {
            assumeTrue(
                    run((where + " root netem " + netem).split(" ")),
                    "skipped: no tc, or this kernel has no netem queueing discipline");
        }
        return this;
    }

    /** From now on every packet is lost, and nobody is told. */
    void vanish() {
        if (!run("ip", "-n", NAME, "neigh", "replace", "10.213.7.1", "lladdr", "02:00:00:00:00:01", "dev", "echot1")
                || !run("ip", "neigh", "replace", ECHO, "lladdr", "02:00:00:00:00:02", "dev", "echot0")) {
            throw new IllegalStateException("cannot point the neighbours astray");
        }
    }

    @Override
    public void close() {
        run("ip", "netns", "del", NAME);
        run("ip", "link", "del", "echot0");
        run("ip", "link", "del", "echos0");
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
