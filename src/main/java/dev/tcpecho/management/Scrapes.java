package dev.tcpecho.management;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets one snapshot feed a scrape, of which a registry tells neither beginning nor end: it asks each meter once, one
 * after the other, on one thread. A meter that is asked again therefore belongs to the next scrape.
 */
final class Scrapes {
    /** For a scrape that asks for some meters only, and so never comes round. */
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Supplier<Snapshot> snapshots;
    private final int meters;
    private final ThreadLocal<Scrape> current = new ThreadLocal<>();

    private record Scrape(Snapshot snapshot, long begun, Set<Meter> asked) {}

    /** @param meters how many a whole scrape asks */
    Scrapes(Supplier<Snapshot> snapshots, int meters) {
        this.snapshots = snapshots;
        this.meters = meters;
    }

    double figure(Meter meter) {
        Scrape scrape = current.get();
        if (scrape == null
                || System.nanoTime() - scrape.begun() > LONGEST_NANOS
                || scrape.asked().contains(meter)) {
            scrape = new Scrape(snapshots.get(), System.nanoTime(), Collections.newSetFromMap(new IdentityHashMap<>()));
            current.set(scrape);
        }
        scrape.asked().add(meter);
        if (scrape.asked().size() == meters) {
            current.remove(); // complete: a pool's thread need not keep it
        }
        return meter.figure().applyAsDouble(scrape.snapshot());
    }
}
