package dev.tcpecho.server;

import dev.tcpecho.kernel.Sysctl;
import dev.tcpecho.kernel.Sysctls;
import dev.tcpecho.net.Addresses;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.Reason;
import dev.tcpecho.option.Verdict;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.stream.Stream;

/** One sentence that a person acts on, before all the figures. */
public final class Summary {
    /** The least that two numbers of the kernel can differ by has no more: one of a long. */
    private static final int MOST_PLACES = 17;

    private static final int MOST_NAMED = 3;

    private Summary() {}

    /** Of sockets that nobody has yet. */
    public static String of(WhatIf found) {
        List<String> shortfalls = Stream.of(found.listener(), found.accepted())
                .flatMap(readings -> shortfalls(readings, found.sysctls()).stream())
                .distinct()
                .toList();
        return shortfalls.isEmpty() ? "this machine gives what is asked" : "here " + some(shortfalls);
    }

    /** What was read of a listener's sockets and of its connections. */
    public record Readings(Listener listener, List<OptionReading> options, Sample sample) {}

    /**
     * Of the whole service.
     *
     * @param drops of all listening sockets; negative where that cannot be read
     */
    public static String of(ServiceState state, List<Readings> listeners, long drops, Sysctls sysctls) {
        StringJoiner sentence = new StringJoiner("; ");
        sentence.add(state + " on " + listeners.size() + (listeners.size() == 1 ? " listener" : " listeners"));
        List<String> shortfalls = listeners.stream()
                .flatMap(each -> each.options().stream()
                        .filter(reading -> reading.verdict().status().isShortfall())
                        .map(reading -> reading.option().kernelName() + " of "
                                + each.listener().name() + " is " + shortfall(reading, sysctls)))
                .distinct()
                .toList();
        sentence.add(shortfalls.isEmpty() ? "every option is what was asked" : some(shortfalls));
        listeners.stream()
                .map(Readings::listener)
                .filter(listener -> listener.fault().isAsked())
                .forEach(listener -> sentence.add(listener.name() + " misbehaves on purpose: it "
                        + listener.fault().sentence()));
        if (drops >= 0) {
            sentence.add(drops == 0 ? "no drops" : drops + " SYNs or connections dropped");
        }
        long slowed = listeners.stream()
                .mapToLong(each -> each.sample().slowedByReader())
                .sum();
        if (slowed > 0) {
            sentence.add(slowed
                    + (slowed == 1
                            ? " connection is slowed by its reader"
                            : " connections are slowed by their readers"));
        }
        return sentence.toString();
    }

    /** Of one connection, for the one at its other end. */
    static String of(OpenConnection connection, Collection<OptionReading> options, Sysctls sysctls) {
        StringJoiner sentence = new StringJoiner("; ");
        sentence.add(Addresses.hostPort(connection.socket().remote()) + " reached listener " + connection.listener()
                + " of " + ServiceIdentity.OURS.who() + " at "
                + Addresses.hostPort(connection.socket().local()));
        List<String> shortfalls = shortfalls(options, sysctls);
        sentence.add(shortfalls.isEmpty() ? "every option is what was asked" : some(shortfalls));
        connection
                .limitedBy()
                .filter(limit -> limit.by() != LimitedBy.By.NOTHING)
                .ifPresent(limit -> sentence.add("slowed by " + limit.by()));
        return sentence.toString();
    }

    /** Each option of which the kernel gave less than was asked. */
    private static List<String> shortfalls(Collection<OptionReading> options, Sysctls sysctls) {
        return options.stream()
                .filter(reading -> reading.verdict().status().isShortfall())
                .map(reading -> reading.option().kernelName() + " is " + shortfall(reading, sysctls))
                .distinct()
                .toList();
    }

    /** Such as {@code half of what was asked, since net.core.rmem_max on the node is 4194304}. */
    static String shortfall(OptionReading reading, Sysctls sysctls) {
        Verdict verdict = reading.verdict();
        Sysctl governor = verdict.governedBy();
        if (governor == null) {
            return verdict.status() + " (" + verdict.reason() + ")";
        }
        String value = sysctls.text(governor);
        return (verdict.reason() == Reason.CLAMPED ? share(reading, sysctls.number(governor)) : verdict.status())
                + ", since " + governor.key()
                + (governor.scope().equals("machine") ? " on the node" : "")
                + (value == null ? " cannot be read" : " is " + value);
    }

    private static String share(OptionReading reading, OptionalLong clamp) {
        OptionalLong asked = reading.requested().asNumber();
        if (clamp.isEmpty() || asked.isEmpty() || clamp.getAsLong() >= asked.getAsLong()) {
            return reading.verdict().status().toString();
        }
        if (clamp.getAsLong() * 2 == asked.getAsLong()) {
            return "half of what was asked";
        }
        return percent(clamp.getAsLong(), asked.getAsLong()) + " % of what was asked";
    }

    /** With as many places as show that it is neither nothing nor all; of two numbers that differ. */
    static String percent(long part, long whole) {
        if (part == 0) {
            return "0";
        }
        String percent;
        int places = 0;
        do {
            percent = String.format(Locale.ROOT, "%." + ++places + "f", 100.0 * part / whole);
        } while (places < MOST_PLACES && Double.parseDouble(percent) % 100 == 0);
        return percent;
    }

    static String some(List<String> all) {
        String named = String.join(", ", all.subList(0, Math.min(MOST_NAMED, all.size())));
        return all.size() > MOST_NAMED ? named + " and " + (all.size() - MOST_NAMED) + " more" : named;
    }
}
