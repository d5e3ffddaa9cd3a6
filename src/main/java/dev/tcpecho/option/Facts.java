package dev.tcpecho.option;

import dev.tcpecho.kernel.Sysctl;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * What is known of one option on one socket: all that a rule may look at.
 *
 * @param requested null when nothing was asked
 * @param effective null when it could not be read
 * @param means how the transport reads and writes the option here
 * @param refusal the kernel's message when it refused the value, else null
 * @param sysctls the text of a sysctl, or null where it cannot be read
 */
record Facts(
        SocketOption option,
        Role role,
        SocketSettings settings,
        Object requested,
        Object effective,
        Means means,
        String refusal,
        Function<Sysctl, String> sysctls) {

    /**
     * @param writable whether the transport can write the option on this very socket
     * @param onAccepted whether it writes the option on every accepted socket, since the listener's does not reach
     *     there
     * @param halved whether buffer sizes come from the JDK, which halves them
     * @param computed whether the value was worked out instead of read
     * @param everyOption whether the transport can read whatever option the kernel knows
     */
    record Means(boolean writable, boolean onAccepted, boolean halved, boolean computed, boolean everyOption) {}

    long asked() {
        return (Long) requested;
    }

    long got() {
        return (Long) effective;
    }

    OptionalLong number(Sysctl sysctl) {
        return Sysctl.number(sysctls.apply(sysctl));
    }

    /** Such as {@code net.core.rmem_max, 4194304}. */
    String named(Sysctl sysctl) {
        String text = sysctls.apply(sysctl);
        return sysctl.key() + (text == null ? ", which cannot be read here" : ", " + text);
    }
}
