package dev.tcpecho.net;

import dev.tcpecho.kernel.Sysctls;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.OptionValue;
import dev.tcpecho.option.RequestedOptions;
import dev.tcpecho.option.Role;
import dev.tcpecho.option.SocketOption;
import dev.tcpecho.option.SocketValues;
import io.netty.channel.Channel;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options of one listening socket and of the connections that it accepted, read at the moment of the question. By
 * any thread, but off the event loops: each reading is a call into the kernel.
 */
public final class ListenerOptions {
    private final RequestedOptions requested;
    private final Channel channel;
    private final boolean ipv6;
    private volatile List<OptionReading> lastReadings = List.of();

    ListenerOptions(RequestedOptions requested, Channel channel, boolean ipv6) {
        this.requested = requested;
        this.channel = channel;
        this.ipv6 = ipv6;
    }

    /** What is told of the socket once it is closed is what it has now. */
    void keep() {
        lastReadings = readings();
    }

    /** Every option of the listening socket; the last reading once it is closed. */
    public List<OptionReading> readings() {
        return readings(Sysctls.read());
    }

    /** Every option of the listening socket, judged by these sysctls; the last reading once it is closed. */
    public List<OptionReading> readings(Sysctls sysctls) {
        if (!channel.isOpen()) {
            return lastReadings;
        }
        List<OptionReading> readings = requested.read(Role.LISTENER, channel, sysctls);
        return channel.isOpen() ? readings : lastReadings;
    }

    /** One option of the listening socket; empty when it is closed or of the other protocol family. */
    public Optional<OptionReading> reading(SocketOption option) {
        if (!channel.isOpen() || !option.appliesTo(Role.LISTENER, ipv6)) {
            return Optional.empty();
        }
        return readings().stream().filter(reading -> reading.option() == option).findFirst();
    }

    /** The effective values of the listening socket that can be read. */
    public Map<SocketOption, OptionValue> values() {
        if (channel.isOpen()) {
            return requested.values(Role.LISTENER, channel).values();
        }
        Map<SocketOption, OptionValue> values = new EnumMap<>(SocketOption.class);
        lastReadings.stream()
                .filter(reading -> reading.effective() != null)
                .forEach(reading -> values.put(reading.option(), reading.effective()));
        return values;
    }

    /** The options of which a socket of this role can tell. */
    public Set<SocketOption> knowable(Role role) {
        return requested.knowable(role, channel);
    }

    /** The options that are asked for on a socket of this role. */
    public Set<SocketOption> requested(Role role) {
        return requested.requested(role);
    }

    /** What a connection that this socket accepted has, not yet judged. */
    public SocketValues values(Channel accepted) {
        return requested.values(Role.ACCEPTED, accepted);
    }

    public List<OptionReading> judge(SocketValues values, Sysctls sysctls) {
        return requested.judge(values, sysctls);
    }

    /** Every option of a connection that this socket accepted. */
    public List<OptionReading> readings(Channel accepted) {
        return requested.read(Role.ACCEPTED, accepted, Sysctls.read());
    }
}
