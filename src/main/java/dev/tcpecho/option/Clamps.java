package dev.tcpecho.option;

import dev.tcpecho.kernel.Sysctl;
import dev.tcpecho.kernel.Sysctls;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** The sysctls that bounded a listening socket when it came to be; changed later, they change nothing about it. */
final class Clamps {
    /** What setsockopt(), bind() and listen() look at once and for all. */
    private static final Set<Sysctl> ALL = Set.of(
            Sysctl.SOMAXCONN,
            Sysctl.RMEM_MAX,
            Sysctl.WMEM_MAX,
            Sysctl.TCP_FASTOPEN,
            Sysctl.IP_NONLOCAL_BIND,
            Sysctl.IPV6_NONLOCAL_BIND);

    private volatile Sysctls atListen = Sysctls.of(Map.of());

    /** Those of the moment that are known; those that were not settled are not. */
    Sysctls atListen() {
        return atListen;
    }

    /** Before the first option is written. */
    void read() {
        atListen = Sysctls.read(ALL);
    }

    /**
     * When the socket listens. A clamp that was changed in between may have been met before or after: what the kernel
     * made of it is then not known, unless it can be read.
     */
    void settle() {
        Sysctls after = Sysctls.read(ALL);
        Map<Sysctl, String> settled = new EnumMap<>(Sysctl.class);
        for (Sysctl clamp : ALL) {
            String text = atListen.text(clamp);
            if (text != null && text.equals(after.text(clamp))) {
                settled.put(clamp, text);
            }
        }
        atListen = Sysctls.of(settled);
    }
}
