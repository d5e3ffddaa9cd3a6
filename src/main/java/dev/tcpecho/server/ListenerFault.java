package dev.tcpecho.server;

import dev.tcpecho.net.Fault;
import dev.tcpecho.net.FaultEntrance;
import dev.tcpecho.option.NumberRange;
import dev.tcpecho.option.TimeRange;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** How one listener misbehaves on purpose, as its configuration asks, and how many connections it happened to. */
public final class ListenerFault {
    private final FaultSettings settings;
    private final Fault fault;
    private final long seed;
    private final LongAdder faulty = new LongAdder();
    private volatile String filledBy;

    ListenerFault(FaultSettings settings) {
        this.settings = settings;
        this.fault = fault(settings);
        this.seed = settings.seed().orElseGet(() -> ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
    }

    private static Fault fault(FaultSettings settings) {
        return new Fault(
                settings.delay(),
                bytes(settings.rate()),
                settings.chunk(),
                bytes(settings.resetAfter()),
                bytes(settings.closeAfter()),
                settings.read().isPresent(),
                settings.holdOpen());
    }

    private static OptionalLong bytes(Optional<MemorySize> size) {
        return size.map(MemorySize::asLongValue).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    /** Whether anything is wrong on purpose. */
    public boolean isAsked() {
        return neverAccepts() || !fault.isNone();
    }

    public boolean neverAccepts() {
        return settings.accept().isPresent();
    }

    /** What stands in the queue that nobody takes from. */
    void filledBy(String what) {
        filledBy = what;
    }

    /** How {@code accept=never} is done; empty for any other fault. */
    public Optional<String> filledBy() {
        return Optional.ofNullable(filledBy);
    }

    /** Connections that got the fault. */
    public long faulty() {
        return faulty.sum();
    }

    /** Where random choices start. */
    public long seed() {
        return seed;
    }

    /** The share of connections that get the fault. */
    public double probability() {
        return settings.probability();
    }

    /** What stands in front of each connection, nearest to it; empty where nothing is wrong. */
    Optional<Function<Channel, ChannelHandler>> step() {
        if (fault.isNone()) {
            return Optional.empty();
        }
        Function<Channel, ChannelHandler> step =
                new FaultEntrance(fault, settings.probability(), seed, System::nanoTime).step();
        return Optional.of(accepted -> {
            ChannelHandler handler = step.apply(accepted);
            if (FaultEntrance.isFaulty(accepted)) {
                faulty.increment();
            }
            return handler;
        });
    }

    /** Each fault with its value, as its key has it: {@code delay=200MS}. */
    public List<String> words() {
        if (!isAsked()) {
            return List.of();
        }
        List<String> words = new ArrayList<>();
        settings.accept().ifPresent(never -> words.add("accept=never"));
        settings.read().ifPresent(never -> words.add("read=never"));
        settings.delay().ifPresent(delay -> words.add("delay=" + text(delay)));
        fault.rate().ifPresent(rate -> words.add("rate=" + rate));
        settings.chunk().ifPresent(chunk -> words.add("chunk=" + text(chunk)));
        fault.resetAfter().ifPresent(bytes -> words.add("reset-after=" + bytes));
        fault.closeAfter().ifPresent(bytes -> words.add("close-after=" + bytes));
        if (settings.holdOpen()) {
            words.add("hold-open=true");
        }
        if (settings.probability() < 1) {
            words.add(
                    "probability=" + BigDecimal.valueOf(settings.probability()).toPlainString());
        }
        return words;
    }

    private static String text(TimeRange range) {
        return range.least().equals(range.most())
                ? range.least().toMillis() + "MS"
                : range.least().toMillis() + "MS.." + range.most().toMillis() + "MS";
    }

    private static String text(NumberRange range) {
        return range.least() == range.most() ? "" + range.least() : range.least() + ".." + range.most();
    }

    /** What happens, for a person; empty where nothing is wrong. */
    public String sentence() {
        List<String> clauses = new ArrayList<>();
        if (neverAccepts()) {
            return "accepts no connection";
        }
        if (fault.neverReads()) {
            clauses.add("reads nothing");
        }
        settings.delay().ifPresent(delay -> clauses.add("answers " + text(delay).replace("MS", " ms") + " late"));
        fault.rate().ifPresent(rate -> clauses.add("sends at most " + rate + " bytes a second"));
        settings.chunk().ifPresent(chunk -> clauses.add("sends pieces of " + text(chunk) + " bytes"));
        fault.resetAfter().ifPresent(bytes -> clauses.add("resets after " + bytes + " bytes"));
        fault.closeAfter().ifPresent(bytes -> clauses.add("finishes after " + bytes + " bytes"));
        if (fault.holdsOpen()) {
            clauses.add("never answers the peer's FIN");
        }
        if (clauses.isEmpty()) {
            return "";
        }
        String all = String.join(", ", clauses);
        return probability() < 1 ? all + ", for " + percent() + " % of connections" : all;
    }

    private String percent() {
        return BigDecimal.valueOf(probability())
                .movePointRight(2)
                .stripTrailingZeros()
                .toPlainString();
    }

    /** Which fault keeps this connection from sending faster, as {@code key=value}; empty if none does. */
    Optional<String> heldBack(Channel connection) {
        boolean holds = settings.delay().isPresent()
                || fault.rate().isPresent()
                || fault.chunk().isPresent()
                || fault.neverReads();
        return holds && FaultEntrance.isFaulty(connection)
                ? Optional.of(String.join(
                        ", ",
                        words().stream()
                                .filter(word -> word.matches("(read|delay|rate|chunk)=.*"))
                                .toList()))
                : Optional.empty();
    }
}
