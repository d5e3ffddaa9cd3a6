package dev.tcpecho.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the client in C does one after the other with one server: {@code name=connections:bytes:seconds}. */
final class Phases {
    /** Of the curve; those that the descriptor limit or {@code bench.idle} leaves. */
    private static final List<Integer> ACTIVE = List.of(1, 10, 100, 1000, 10_000, 19_000);

    private static final int OF_THE_CURVE = 2;

    private Phases() {}

    static List<Integer> active(int most) {
        return ACTIVE.stream().filter(count -> count <= most).toList();
    }

    /** The name of a point of the curve. */
    static String active(Integer count) {
        return "active" + count;
    }

    static List<String> of(Work work, Settings settings, int most) {
        if (work == Work.NATIVE_ONCE || work == Work.TLS_ONCE) {
            return List.of(phase("warmup", 64, 100, settings.warmup()), phase("once", 64, 100, settings.seconds()));
        }
        List<String> phases = new ArrayList<>(List.of(
                phase("warmup", 64, 1024, settings.warmup()),
                phase("stream", 64, 1024, settings.seconds()),
                phase("bulk", 4, 1 << 20, settings.seconds())));
        if (work == Work.TLS) {
            return phases;
        }
        Stream<String> curve = active(most).stream()
                .map(count -> phase(active(count), count, 1024, settings.seconds() / OF_THE_CURVE));
        curve.forEach(phases::add);
        return phases;
    }

    private static String phase(String name, int connections, int bytes, double seconds) {
        return name + "=" + connections + ":" + bytes + ":" + seconds;
    }
}
