package dev.tcpecho.option;

import dev.tcpecho.kernel.Sysctls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The options asked of one listening socket and its connections: written before bind(), and read back at any time. */
public final class RequestedOptions {
    private final boolean ipv6;
    private final Map<SocketOption, OptionValue> requested = new EnumMap<>(SocketOption.class);
    /** What the service needs for itself: written as a request is, and reported as nobody's. */
    private final Map<SocketOption, OptionValue> own;
    /** The kernel's message about each option that it refused; may be added to on any event loop. */
    private final Map<SocketOption, String> refusals = new ConcurrentHashMap<>();

    private final Clamps clamps = new Clamps();

    public RequestedOptions(SocketSettings settings, boolean ipv6, boolean v6Only) {
        this.ipv6 = ipv6;
        this.own = new EnumMap<>(Map.of(SocketOption.SO_OOBINLINE, OptionValue.of(true)));
        if (v6Only) {
            own.put(SocketOption.IPV6_V6ONLY, OptionValue.of(true));
        }
        for (SocketOption option : SocketOption.values()) {
            OptionValue value = option.requested(settings);
            if (value != null && option.appliesTo(ipv6)) {
                requested.put(option, value);
            }
        }
    }

    /**
     * Writes what can be written on the listening socket, before bind().
     *
     * @return what is left to be written on each socket that it accepts, since the listener's value does not reach it
     * @throws IllegalStateException when a value cannot even be put to the kernel; names the option
     */
    public Map<SocketOption, OptionValue> write(Channel listening) {
        Map<SocketOption, OptionValue> late = new EnumMap<>(SocketOption.class);
        OptionAccess access = OptionAccess.of(listening, ipv6);
        clamps.read();
        Stream.of(own, requested)
                .forEach(values -> values.forEach((option, value) -> {
                    if (option.written().onListener() && access.canWrite(listening, option)) {
                        write(access, listening, option, value);
                    }
                    if (isWrittenOnAccepted(option, value, listening, access)) {
                        late.put(option, value);
                    }
                }));
        return late;
    }

    /** Writes those options on an accepted socket that its listener could not pass on. */
    public void writeLate(Channel accepted, Map<SocketOption, OptionValue> late) {
        OptionAccess access = OptionAccess.of(accepted, ipv6);
        late.forEach((option, value) -> {
            if (access.canWrite(accepted, option)) {
                write(access, accepted, option, value);
            }
        });
    }

    /** Writes what a socket takes over from its listener, on one that another listener accepted. */
    public void writeInherited(Channel accepted) {
        OptionAccess access = OptionAccess.of(accepted, ipv6);
        Stream.of(own, requested)
                .forEach(values -> values.forEach((option, value) -> {
                    if (option.written().onListener()
                            && option.appliesTo(Role.ACCEPTED, ipv6)
                            && access.canWrite(accepted, option)) {
                        write(access, accepted, option, value);
                    }
                }));
    }

    private void write(OptionAccess access, Channel channel, SocketOption option, OptionValue value) {
        try {
            access.write(channel, option, value);
        } catch (ChannelException e) {
            refusals.put(option, message(e));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalStateException(option.kernelName() + " cannot be set to " + value + ": " + e, e);
        }
    }

    /** Every option that a socket of this role has, judged by today's sysctls. */
    public List<OptionReading> read(Role role, Channel from, Sysctls sysctls) {
        return judge(values(role, from), sysctls);
    }

    /** What getsockopt() answers now; nothing is judged yet, and of /proc only the open file is read. */
    public SocketValues values(Role role, Channel from) {
        OptionAccess access = OptionAccess.of(from, ipv6);
        Channel listening = role == Role.LISTENER ? from : AcceptedBy.listening(from);
        Map<SocketOption, OptionValue> values = new EnumMap<>(SocketOption.class);
        Map<SocketOption, Set<Means>> means = new EnumMap<>(SocketOption.class);
        for (SocketOption option : SocketOption.values()) {
            if (option.appliesTo(role, ipv6)) {
                OptionValue asked = requested.get(option);
                OptionValue read = access.read(from, option);
                OptionValue value = read == null ? option.concluded(asked, clamps.atListen()) : read;
                if (value != null) {
                    values.put(option, value);
                }
                Set<Means> how = access.means(option);
                if (read == null) {
                    how.add(Means.COMPUTED);
                }
                if (option.written() == Written.BY_LISTEN || access.canWrite(from, option)) {
                    how.add(Means.WRITABLE);
                }
                if (asked != null && isWrittenOnAccepted(option, asked, listening, access)) {
                    how.add(Means.ON_ACCEPTED);
                }
                means.put(option, how);
            }
        }
        return new SocketValues(role, values, means);
    }

    /** What became of the requests, in the order of the catalogue. */
    public List<OptionReading> judge(SocketValues socket, Sysctls sysctls) {
        return socket.means().keySet().stream()
                .map(option -> {
                    Facts facts = new Facts(
                            option,
                            socket.role(),
                            requested,
                            socket.values(),
                            socket.means().get(option),
                            refusals.get(option),
                            sysctls,
                            clamps.atListen());
                    return new OptionReading(option, requested.get(option), facts.effective(), Rules.judge(facts));
                })
                .toList();
    }

    /** The options that are asked for on a socket of this role. */
    public Set<SocketOption> requested(Role role) {
        return options(role, requested::containsKey);
    }

    /**
     * The options of which a socket of this role can tell. A listening socket shows which of them this kernel knows.
     */
    public Set<SocketOption> knowable(Role role, Channel listening) {
        OptionAccess access = OptionAccess.of(listening, ipv6);
        boolean mute = role == Role.ACCEPTED;
        return options(
                role,
                option -> option.concluded(requested.get(option), clamps.atListen()) != null
                        || access.canRead(option)
                                && (mute && !option.appliesTo(Role.LISTENER, ipv6)
                                        || access.read(listening, option) != null
                                        || mute && !access.canWrite(listening, option)));
    }

    private Set<SocketOption> options(Role role, Predicate<SocketOption> wanted) {
        Set<SocketOption> options = EnumSet.noneOf(SocketOption.class);
        for (SocketOption option : SocketOption.values()) {
            if (option.appliesTo(role, ipv6) && wanted.test(option)) {
                options.add(option);
            }
        }
        return options;
    }

    /** What listen() must have kept, by what was asked and the sysctl of that moment; empty where that is not known. */
    public OptionalLong concludedBacklog() {
        OptionValue concluded = SocketOption.BACKLOG.concluded(requested.get(SocketOption.BACKLOG), clamps.atListen());
        return concluded == null ? OptionalLong.empty() : concluded.asNumber();
    }

    /** To be called when the socket listens. */
    public void listening() {
        clamps.settle();
    }

    private static boolean isWrittenOnAccepted(
            SocketOption option, OptionValue value, Channel listening, OptionAccess access) {
        return access.canWriteAccepted(option)
                && (option.written().onConnections(value) || !access.canWrite(listening, option));
    }

    static String message(ChannelException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getMessage();
    }
}
