package dev.tcpecho.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counters of this network namespace (not of this service alone) that tell of connections lost before accept(), and of
 * loss on the way.
 */
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
    SyncookiesFailed("syncookiesFailed"),
    /** Segments sent again. */
    RetransSegs("retransmittedSegments");

    private static final Path TCP_EXT = Path.of("/proc/self/net/netstat");
    private static final Path TCP = Path.of("/proc/self/net/snmp");

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
        Map<String, Long> counters = new HashMap<>();
        addTo(counters, TCP_EXT, "TcpExt:");
        addTo(counters, TCP, "Tcp:");
        for (NetworkCounters counter : values()) {
            read.put(counter, counters.get(counter.name()));
        }
        return read;
    }

    /** Such a file has a line of names and a line of numbers for each protocol. */
    private static void addTo(Map<String, Long> counters, Path file, String protocol) {
        try {
            List<String[]> lines = Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(protocol))
                    .map(line -> line.split(" "))
                    .toList();
            for (int i = 1; lines.size() == 2 && i < lines.get(0).length; i++) {
                counters.put(lines.get(0)[i], Long.parseLong(lines.get(1)[i]));
            }
        } catch (IOException e) {
            // What is not there is told as unknown.
        }
    }
}
