package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.EventLoops;
import dev.tcpecho.net.HostAddress;
import dev.tcpecho.net.ReadBuffer;
import dev.tcpecho.net.WaitingRoom;
import io.netty.channel.EventLoop;
import io.netty.util.internal.PlatformDependent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * From the configuration to listeners that can be bound: hosts resolved, ports apart, limits that the process can keep.
 */
final class ConfiguredListeners {
    private static final Logger LOG = Logger.getLogger(ConfiguredListeners.class);

    /** More than most senders have ready at once; still larger reads leave the second-level cache. */
    static final int LARGEST_READ = 192 << 10;

    private ConfiguredListeners() {}

    /** @throws StartException when hosts or ports cannot be, with a line for each problem */
    static List<Listener> of(EchoConfig config, Vertx vertx, SidePortAddress sidePort, TlsConfigurationRegistry tls) {
        Map<String, ListenerConfig> configs = new LinkedHashMap<>();
        configs.put(EchoConfig.DEFAULT_LISTENER, config);
        configs.putAll(config.listeners());
        List<String> problems = new ArrayList<>();
        Map<String, List<HostAddress>> addresses = new LinkedHashMap<>();
        configs.forEach((name, each) -> addresses.put(name, addresses(name, each, problems)));
        PortClashes clashes = new PortClashes(configs, addresses);
        problems.addAll(clashes.with(sidePort));
        configs.forEach((name, each) -> problems.addAll(ListenerEntrance.problems(name, each, tls)));
        configs.forEach((name, each) -> problems.addAll(FaultClashes.of(name, each)));
        configs.forEach((name, each) -> shardProblem(name, each, vertx).ifPresent(problems::add));
        if (!problems.isEmpty()) {
            throw new StartException(String.join(System.lineSeparator(), problems));
        }
        addresses.forEach(ConfiguredListeners::tellOfNoIpv6);
        if (!PlatformDependent.hasUnsafe()) {
            LOG.info("Unsafe is denied to Netty: bytes go out through NIO buffers, a little slower");
        }
        ConnectionLimits limits = ConnectionLimits.ofThisProcess(
                configs.values(), config.sidePort().maxConnections());
        Map<EventLoop, ReadBuffer> readBuffers = readBuffers(configs.values(), vertx);
        Map<EventLoop, ClosedRing> rings = rings(config.connections(), vertx);
        return configs.entrySet().stream()
                .map(entry -> new Listener(
                        entry.getKey(),
                        entry.getValue(),
                        limits.of(entry.getKey(), entry.getValue()),
                        addresses.get(entry.getKey()),
                        clashes.isIpv4AnyAskedFor(entry.getKey()),
                        vertx,
                        tls,
                        readBuffers,
                        rings))
                .toList();
    }

    private static List<HostAddress> addresses(String name, ListenerConfig config, List<String> problems) {
        List<HostAddress> addresses = new ArrayList<>();
        for (String host : config.host().orElse(List.of(Addresses.ALL))) {
            try {
                Addresses.resolve(host.strip()).forEach(each -> Addresses.add(addresses, each));
            } catch (UnknownHostException e) {
                problems.add("listener " + name + ": unknown host in " + key(name, "host") + ": " + host + " (port "
                        + config.port() + ")");
            }
        }
        return addresses;
    }

    private static void tellOfNoIpv6(String name, List<HostAddress> addresses) {
        for (HostAddress each : addresses) {
            if (each.isInsteadOfIpv6()) {
                // A star asks for what there is, and gets it.
                LOG.logf(
                        each.isAllInterfaces() ? Logger.Level.INFO : Logger.Level.WARN,
                        "listener %s: host %s: there is no IPv6 on this machine or in this JVM, so 0.0.0.0 is listened on",
                        name,
                        each.host());
            }
        }
    }

    private static Optional<String> shardProblem(String name, ListenerConfig config, Vertx vertx) {
        if (config.acceptShards() == 1) {
            return Optional.empty();
        }
        String shards = key(name, "accept-shards") + "=" + config.acceptShards();
        if (!config.socket().reusePort()) {
            return Optional.of(
                    "listener " + name + ": " + shards + " needs " + key(name, "socket.reuse-port") + "=true");
        }
        return vertx.isNativeTransportEnabled()
                ? Optional.empty()
                : Optional.of("listener " + name + ": " + shards
                        + " needs the native transport: on NIO one thread accepts for all");
    }

    /** A read should bring what a sender has ready, and a reply limit in one piece. */
    static int largestRead(ListenerConfig config) {
        return config.mode() == EchoMode.ONCE ? Math.max(LARGEST_READ, config.readLimit()) : LARGEST_READ;
    }

    /** One for each event loop. Half of the direct memory is for bytes that wait for slow readers. */
    private static Map<EventLoop, ReadBuffer> readBuffers(Collection<ListenerConfig> configs, Vertx vertx) {
        int largest = configs.stream()
                .mapToInt(ConfiguredListeners::largestRead)
                .max()
                .orElse(LARGEST_READ);
        List<EventLoop> loops = EventLoops.of(vertx);
        long mayWait = PlatformDependent.maxDirectMemory() / 2 / loops.size();
        Map<EventLoop, ReadBuffer> buffers = new HashMap<>();
        loops.forEach(loop -> buffers.put(loop, new ReadBuffer(largest, new WaitingRoom(mayWait))));
        return buffers;
    }

    /** One for each event loop; none while connections are not shown. */
    private static Map<EventLoop, ClosedRing> rings(EchoConfig.ConnectionsReport config, Vertx vertx) {
        Map<EventLoop, ClosedRing> rings = new HashMap<>();
        if (config.enabled() && config.closed() > 0) {
            EventLoops.of(vertx).forEach(loop -> rings.put(loop, new ClosedRing(loop, config.closed())));
        }
        return rings;
    }

    static String key(String listener, String key) {
        return EchoKeys.property(listener, key);
    }
}
