package dev.tcpecho.option;

import dev.tcpecho.kernel.Sysctl;
import dev.tcpecho.kernel.Sysctls;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What a row of the catalogue says beyond its defaults; a row names the columns in which it differs. */
interface Column {
    void fill(Row row);

    /** The defaults: an option of both roles that is only read, kept as it was given, and governed by no sysctl. */
    final class Row {
        String kernelName;
        Encoding encoding;
        Set<Role> roles = EnumSet.allOf(Role.class);
        Request request = Request.NONE;
        Written written = Written.LISTENER;
        java.net.SocketOption<?> jdk;
        ChannelOption<?> netty;
        Rules.Rule rule = Rules::exact;
        Rules.Rule unasked = Unasked::plain;
        BiFunction<OptionValue, Sysctls, OptionValue> concluded = (asked, sysctls) -> null;
        List<Sysctl> governors = List.of();

        Row(String kernelName, Unit unit, Column... columns) {
            this.kernelName = kernelName;
            this.encoding = unit == Unit.FLAG ? Encoding.FLAG : unit == Unit.TEXT ? Encoding.NAME : Encoding.NUMBER;
            for (Column column : columns) {
                column.fill(this);
            }
        }
    }

    /** The name in reports and metrics, where it is not the constant's. */
    static Column named(String name) {
        return row -> row.kernelName = name;
    }

    /** The key below {@code echo.socket}, and the setting that it fills. */
    static Column asked(String key, Function<SocketSettings, ?> setting) {
        return row -> row.request = new Request(key, setting);
    }

    static Column kept(Encoding encoding) {
        return row -> row.encoding = encoding;
    }

    static Column when(Written when) {
        return row -> row.written = when;
    }

    /** The only role that has it. */
    static Column only(Role role) {
        return row -> row.roles = EnumSet.of(role);
    }

    /** What the JDK, and with it NIO, calls it. */
    static Column inJava(java.net.SocketOption<?> option) {
        return row -> row.jdk = option;
    }

    /**
     * What the JDK, and with it NIO, has under this name for accepted sockets, although it gives no constant for it;
     * nothing where it has none.
     */
    static Column inJava(String name) {
        return row -> row.jdk = unpublished(name);
    }

    private static java.net.SocketOption<?> unpublished(String name) {
        try (SocketChannel any = SocketChannel.open()) {
            return any.supportedOptions().stream()
                    .filter(option -> option.name().equals(name))
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }

    /** What the JDK and Netty's other transports call it. */
    static Column known(java.net.SocketOption<?> jdk, ChannelOption<?> netty) {
        return row -> {
            row.jdk = jdk;
            row.netty = netty;
        };
    }

    /** What becomes of a request. */
    static Column rule(Rules.Rule rule) {
        return row -> row.rule = rule;
    }

    /** Where a value comes from that nobody asked for. */
    static Column unasked(Rules.Rule rule) {
        return row -> row.unasked = rule;
    }

    /** The sysctl whose value a socket has that was asked for nothing. */
    static Column from(Sysctl sysctl) {
        return row -> {
            row.unasked = Unasked.sysctl(sysctl);
            row.governors = List.of(sysctl);
        };
    }

    /** The sysctls that have a say in it. */
    static Column under(Sysctl... sysctls) {
        return row -> row.governors = List.of(sysctls);
    }

    /** What can be concluded where nothing can be read, from the request and the sysctls at listen(). */
    static Column otherwise(BiFunction<OptionValue, Sysctls, OptionValue> conclusion) {
        return row -> row.concluded = conclusion;
    }
}
