package dev.tcpecho.option;

import dev.tcpecho.kernel.Sysctl;
import dev.tcpecho.kernel.Sysctls;
import java.util.Map;
import java.util.Set;

/**
 * What is known of one option on one socket: all that a rule may look at.
 *
 * @param requests what was asked of the same socket, of this option and of others
 * @param socket the values in force on the same socket, as far as they can be read; this option's among them
 * @param means how the transport reads and writes the option here
 * @param refusal the kernel's message when it refused the value, else null
 * @param sysctls as they are now
 * @param atListen those that clamp, as they were when the socket was set up
 */
record Facts(
        SocketOption option,
        Role role,
        Map<SocketOption, OptionValue> requests,
        Map<SocketOption, OptionValue> socket,
        Set<Means> means,
        String refusal,
        Sysctls sysctls,
        Sysctls atListen) {

    boolean has(Means mean) {
        return means.contains(mean);
    }

    /** Null when nothing was asked. */
    OptionValue requested() {
        return requests.get(option);
    }

    /** Null when it could not be read. */
    OptionValue effective() {
        return socket.get(option);
    }

    long asked() {
        return requested().asNumber().orElseThrow();
    }

    long got() {
        return effective().asNumber().orElseThrow();
    }

    /** Whether another option of the same socket is known to have this value. */
    boolean isAlso(SocketOption other, long value) {
        return OptionValue.of(value).equals(socket.get(other));
    }

    /** The value of another option of the same socket; 0 where the transport has no means to set or read it. */
    long number(SocketOption other) {
        OptionValue value = socket.get(other);
        return value == null ? 0 : value.asNumber().orElseThrow();
    }

    /** The value of a sysctl; 0 in a kernel that has none. */
    long number(Sysctl sysctl) {
        return sysctls.number(sysctl).orElse(0);
    }

    /** The same as it was when the socket was set up; 0 as well where that is not known. */
    long numberAtListen(Sysctl sysctl) {
        return atListen.number(sysctl).orElse(0);
    }

    /**
     * The sysctl that decided when the socket was set up, such as {@code net.core.somaxconn, 64 then and 4096 today}.
     */
    String clampedBy(Sysctl sysctl) {
        String then = atListen.text(sysctl);
        String today = sysctls.text(sysctl);
        return then == null || today == null || then.equals(today)
                ? (then == null ? sysctls : atListen).named(sysctl)
                : sysctl.key() + ", " + then + " when the socket was set up and " + today + " today";
    }
}
