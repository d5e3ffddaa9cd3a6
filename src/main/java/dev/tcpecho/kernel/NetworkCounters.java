package dev.tcpecho.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counters of this network namespace (not of this service alone) that tell of connections lost before accept(). */
public enum NetworkCounters {
    /** Connections dropped because an accept queue was full. */
    ListenOverflows("listenOverflows"),
    /** Connections dropped while listening, for any reason, a full accept queue among them. */
    ListenDrops("listenDrops"),
    /** SYNs dropped because a SYN queue was full and SYN cookies were off. */
    TCPReqQFullDrop("reqQFullDrop"),
    /** SYNs answered with a cookie because a SYN queue was full. */
    TCPReqQFullDoCookies("reqQFullDoCookies"),
    /** SYN cookies sent. */
    SyncookiesSent("syncookiesSent"),
    /** SYN cookies that came back valid. */
    SyncookiesRecv("syncookiesReceived"),
    /** SYN cookies that came back invalid. */
    SyncookiesFailed("syncookiesFailed");

    private static final Path NETSTAT = Path.of("/proc/self/net/netstat");

    private final String jsonName;

    NetworkCounters(String jsonName) {
        this.jsonName = jsonName;
    }

    public String jsonName() {
        return jsonName;
    }

    /** In declaration order; null where /proc or this kernel does not tell. */
    public static Map<NetworkCounters, Long> read() {
        Map<NetworkCounters, Long> read = new EnumMap<>(NetworkCounters.class);
        Map<String, Long> tcpExt = tcpExt();
        for (NetworkCounters counter : values()) {
            read.put(counter, tcpExt.get(counter.name()));
        }
        return read;
    }

    /** The file has a line of names and a line of numbers for each protocol. */
    private static Map<String, Long> tcpExt() {
        Map<String, Long> counters = new java.util.HashMap<>();
        try {
            List<String[]> lines = Files.readAllLines(NETSTAT).stream()
                    .filter(line -> line.startsWith("TcpExt:"))
                    .map(line -> line.split(" "))
                    .toList();
            for (int i = 1; lines.size() == 2 && i < lines.get(0).length; i++) {
                counters.put(lines.get(0)[i], Long.parseLong(lines.get(1)[i]));
            }
        } catch (IOException e) {
            return Map.of();
        }
        return counters;
    }
}
