package dev.tcpecho.option;

import dev.tcpecho.kernel.Sysctl;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** The options asked of one listening socket and its connections: written before bind(), and read back at any time. */
public final class RequestedOptions {
    private final SocketSettings settings;
    private final boolean ipv6;
    private final boolean v6Only;
    /** The kernel's message about each option that it refused; may be added to on any event loop. */
    private final Map<SocketOption, String> refusals = new ConcurrentHashMap<>();

    public RequestedOptions(SocketSettings settings, boolean ipv6, boolean v6Only) {
        this.settings = settings;
        this.ipv6 = ipv6;
        this.v6Only = v6Only;
    }

    /**
     * Writes what can be written on the listening socket, before bind().
     *
     * @return what is left to be written on each socket that it accepts, since the listener's value does not reach it
     */
    public Map<SocketOption, Object> write(Channel listening) {
        Map<SocketOption, Object> late = new EnumMap<>(SocketOption.class);
        OptionAccess access = OptionAccess.of(listening);
        for (SocketOption option : SocketOption.values()) {
            Object value = requested(option);
            if (value == null || option == SocketOption.BACKLOG || !option.appliesTo(ipv6)) {
                continue;
            }
            if (access.canWrite(listening, option)) {
                try {
                    access.write(listening, option, value);
                } catch (ChannelException e) {
                    refusals.put(option, message(e));
                }
            }
            if (isWrittenOnAccepted(option, value, listening, access)) {
                late.put(option, value);
            }
        }
        return late;
    }

    /** Writes those options on an accepted socket that its listener could not pass on. */
    public void writeLate(Channel accepted, Map<SocketOption, Object> late) {
        OptionAccess access = OptionAccess.of(accepted);
        late.forEach((option, value) -> {
            if (access.canWrite(accepted, option)) {
                try {
                    access.write(accepted, option, value);
                } catch (ChannelException e) {
                    refusals.put(option, message(e));
                }
            }
        });
    }

    /** Every option that a socket of this role has. */
    public List<OptionReading> read(Role role, Channel from) {
        List<OptionReading> readings = new ArrayList<>();
        for (SocketOption option : SocketOption.values()) {
            if (option.appliesTo(role, ipv6)) {
                readings.add(read(option, role, from));
            }
        }
        return List.copyOf(readings);
    }

    public OptionReading read(SocketOption option, Role role, Channel from) {
        OptionAccess access = OptionAccess.of(from);
        Object requested = requested(option);
        Object read = access.read(from, option);
        Object effective = read == null ? computed(option, requested) : read;
        Channel listening = role == Role.LISTENER ? from : from.parent();
        Facts.Means means = new Facts.Means(
                option == SocketOption.BACKLOG || access.canWrite(from, option),
                requested != null && isWrittenOnAccepted(option, requested, listening, access),
                access == JdkOptions.INSTANCE,
                read == null,
                access == LinuxOptions.INSTANCE);
        Facts facts =
                new Facts(option, role, settings, requested, effective, means, refusals.get(option), Sysctl::text);
        return new OptionReading(option, requested, effective, Rules.judge(facts));
    }

    private Object requested(SocketOption option) {
        return option == SocketOption.IPV6_V6ONLY && v6Only ? (Object) 1L : option.requested(settings);
    }

    /**
     * Netty turns TCP_NODELAY on for every channel it accepts, the kernel resets TCP_QUICKACK in listen(), SO_PRIORITY
     * is not inherited, and some transports can set an option on connections alone.
     */
    private static boolean isWrittenOnAccepted(
            SocketOption option, Object value, Channel listening, OptionAccess access) {
        return access.canWriteAccepted(option)
                && (option == SocketOption.TCP_QUICKACK
                        || option == SocketOption.SO_PRIORITY
                        || option == SocketOption.TCP_NODELAY && value.equals(0L)
                        || !access.canWrite(listening, option));
    }

    /** What can be concluded where nothing can be read; null for the rest. */
    private static Object computed(SocketOption option, Object requested) {
        return switch (option) {
            case BACKLOG -> backlog((Long) requested);
            case O_NONBLOCK -> 1L;
            default -> null;
        };
    }

    /** listen(2): the lesser of what is asked and net.core.somaxconn. */
    public static long backlog(long asked) {
        OptionalLong most = Sysctl.SOMAXCONN.number();
        return most.isPresent() ? Math.min(most.getAsLong(), asked) : asked;
    }

    static String message(ChannelException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getMessage();
    }
}
