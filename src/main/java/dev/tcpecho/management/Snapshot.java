package dev.tcpecho.management;

import dev.tcpecho.kernel.NetworkCounters;
import dev.tcpecho.kernel.Sysctl;
import dev.tcpecho.kernel.Sysctls;
import dev.tcpecho.net.AcceptQueue;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.net.OtherListener;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.server.AcceptedReading;
import dev.tcpecho.server.CloseReason;
import dev.tcpecho.server.EchoServer;
import dev.tcpecho.server.Listener;
import dev.tcpecho.server.OptionFacts;
import dev.tcpecho.server.RefusalReason;
import dev.tcpecho.server.Sample;
import dev.tcpecho.server.ServiceState;
import dev.tcpecho.server.Summary;
import dev.tcpecho.server.Traffic;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** All that a report or a scrape tells, read once: no value in it can contradict another. */
record Snapshot(ServiceState state, Sysctls sysctls, Map<NetworkCounters, Long> network, List<OfListener> listeners) {

    record OfListener(
            Listener listener,
            Counts counts,
            Map<String, Integer> connectionsByLoop,
            List<OfSocket> sockets,
            List<AcceptedReading> acceptedByFamily,
            List<OptionReading> accepted,
            Sample sample) {
        OfSocket of(ListeningSocket socket) {
            return sockets.stream()
                    .filter(each -> each.socket() == socket)
                    .findFirst()
                    .orElseThrow();
        }
    }

    record Counts(
            long active,
            long opened,
            Map<CloseReason, Long> closed,
            Map<RefusalReason, Long> refused,
            long received,
            long sent,
            long discarded,
            long acceptFailures) {}

    record OfSocket(
            ListeningSocket socket,
            InetSocketAddress address,
            boolean listening,
            List<OtherListener> others,
            Queue queue,
            long drops,
            List<OptionReading> options) {}

    /** -1 for what is not known. */
    record Queue(long current, long peak, long max, boolean maxComputed) {}

    /**
     * For a scrape, which samples connections at a pace of its own and does not ask who else listens: that reads a line
     * for each connection of the network namespace. Off the event loops.
     */
    static Snapshot ofScrape(EchoServer service) {
        return of(
                service, service.listeners(), listener -> new Sample(listener.name(), List.of()), socket -> List.of());
    }

    /**
     * Reads files of /proc and every option of every socket, and asks a few connections how they fare: off the event
     * loops.
     */
    static Snapshot of(EchoServer service, List<Listener> listeners) {
        return of(service, listeners, Sample::of, ListeningSocket::others);
    }

    private static Snapshot of(
            EchoServer service,
            List<Listener> listeners,
            Function<Listener, Sample> samples,
            Function<ListeningSocket, List<OtherListener>> others) {
        Sysctls sysctls = Sysctls.read();
        return new Snapshot(
                service.state(),
                sysctls,
                NetworkCounters.read(),
                listeners.stream()
                        .map(listener -> of(listener, sysctls, samples.apply(listener), others))
                        .toList());
    }

    private static OfListener of(
            Listener listener, Sysctls sysctls, Sample sample, Function<ListeningSocket, List<OtherListener>> others) {
        List<AcceptedReading> accepted = listener.accepted(sysctls);
        return new OfListener(
                listener,
                counts(listener.traffic()),
                listener.connectionsByLoop(),
                listener.sockets().stream()
                        .map(socket -> of(socket, sysctls, others.apply(socket)))
                        .toList(),
                accepted,
                AcceptedReading.merged(accepted),
                sample);
    }

    /** What follows from something else is read before it: ends before beginnings, bytes sent before bytes received. */
    private static Counts counts(Traffic traffic) {
        Map<CloseReason, Long> closed = new EnumMap<>(CloseReason.class);
        Map<RefusalReason, Long> refused = new EnumMap<>(RefusalReason.class);
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, traffic.closed(reason));
        }
        for (RefusalReason reason : RefusalReason.values()) {
            refused.put(reason, traffic.refused(reason));
        }
        long sent = traffic.bytesSent();
        long discarded = traffic.bytesDiscarded();
        long opened = traffic.opened();
        return new Counts(
                opened - closed.values().stream().mapToLong(Long::longValue).sum(),
                opened,
                closed,
                refused,
                traffic.bytesReceived(),
                sent,
                discarded,
                traffic.acceptFailures());
    }

    private static OfSocket of(ListeningSocket socket, Sysctls sysctls, List<OtherListener> others) {
        AcceptQueue queue = socket.acceptQueue();
        return new OfSocket(
                socket,
                socket.address(),
                socket.isListening(),
                others,
                new Queue(queue.current(), queue.peak(), queue.max(), queue.isMaxComputed()),
                queue.drops(),
                socket.options().readings(sysctls));
    }

    /** One sentence before all the figures. */
    String summary() {
        List<Summary.Readings> readings = listeners.stream()
                .map(of -> new Summary.Readings(
                        of.listener(),
                        Stream.concat(
                                        of.sockets().stream().flatMap(socket -> socket.options().stream()),
                                        of.accepted().stream())
                                .toList(),
                        of.sample()))
                .toList();
        List<Long> drops = listeners.stream()
                .filter(of -> !of.listener().fault().neverAccepts()) // which drops all the time, on purpose
                .flatMap(of -> of.sockets().stream())
                .map(OfSocket::drops)
                .filter(each -> each >= 0)
                .toList();
        return Summary.of(
                state,
                readings,
                drops.isEmpty() ? -1 : drops.stream().mapToLong(Long::longValue).sum(),
                sysctls);
    }

    OfListener of(Listener listener) {
        return listeners.stream()
                .filter(each -> each.listener() == listener)
                .findFirst()
                .orElseThrow();
    }

    /** A number where it is one; tcp_rmem and its like are three, and stay text. Null where it cannot be read. */
    Object value(Sysctl sysctl) {
        return OptionFacts.value(sysctl, sysctls);
    }
}
