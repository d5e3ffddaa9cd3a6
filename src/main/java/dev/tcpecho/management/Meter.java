package dev.tcpecho.management;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;

/**
 * A row of the table of meters.
 *
 * @param figure NaN while it is not known
 */
record Meter(Kind kind, String name, String help, Tags tags, ToDoubleFunction<Snapshot> figure) {
    enum Kind {
        GAUGE,
        /** Never falls while the process lives. */
        COUNTER
    }

    static Meter gauge(String name, String help, Tags tags, ToDoubleFunction<Snapshot> figure) {
        return new Meter(Kind.GAUGE, name, help, tags, figure);
    }

    static Meter counter(String name, String help, Tags tags, ToDoubleFunction<Snapshot> figure) {
        return new Meter(Kind.COUNTER, name, help, tags, figure);
    }

    /** @param scrapes what the figure is taken from; kept from the garbage collector by its owner */
    void register(MeterRegistry registry, Scrapes scrapes) {
        switch (kind) {
            case GAUGE ->
                Gauge.builder(name, scrapes, all -> all.figure(this))
                        .description(help)
                        .tags(tags)
                        .register(registry);
            case COUNTER ->
                FunctionCounter.builder(name, scrapes, all -> all.figure(this))
                        .description(help)
                        .tags(tags)
                        .register(registry);
        }
    }
}
