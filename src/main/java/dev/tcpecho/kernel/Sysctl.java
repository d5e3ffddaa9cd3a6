package dev.tcpecho.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The kernel settings that govern socket options, read from /proc/sys at each call; a missing one is no error. */
public enum Sysctl {
    SOMAXCONN("net.core.somaxconn", true),
    RMEM_MAX("net.core.rmem_max", false),
    WMEM_MAX("net.core.wmem_max", false),
    TCP_RMEM("net.ipv4.tcp_rmem", true),
    TCP_WMEM("net.ipv4.tcp_wmem", true),
    TCP_MODERATE_RCVBUF("net.ipv4.tcp_moderate_rcvbuf", true),
    TCP_FASTOPEN("net.ipv4.tcp_fastopen", true),
    TCP_KEEPALIVE_TIME("net.ipv4.tcp_keepalive_time", true),
    TCP_KEEPALIVE_INTVL("net.ipv4.tcp_keepalive_intvl", true),
    TCP_KEEPALIVE_PROBES("net.ipv4.tcp_keepalive_probes", true),
    TCP_MAX_SYN_BACKLOG("net.ipv4.tcp_max_syn_backlog", true),
    TCP_SYNCOOKIES("net.ipv4.tcp_syncookies", true),
    TCP_SYNACK_RETRIES("net.ipv4.tcp_synack_retries", true),
    TCP_SYN_RETRIES("net.ipv4.tcp_syn_retries", true),
    TCP_FIN_TIMEOUT("net.ipv4.tcp_fin_timeout", true),
    TCP_NOTSENT_LOWAT("net.ipv4.tcp_notsent_lowat", true),
    TCP_CONGESTION("net.ipv4.tcp_congestion_control", true),
    TCP_MIN_SND_MSS("net.ipv4.tcp_min_snd_mss", true),
    TCP_REFLECT_TOS("net.ipv4.tcp_reflect_tos", true),
    TCP_FWMARK_ACCEPT("net.ipv4.tcp_fwmark_accept", true),
    IP_NONLOCAL_BIND("net.ipv4.ip_nonlocal_bind", true),
    IPV6_NONLOCAL_BIND("net.ipv6.ip_nonlocal_bind", true),
    IP_DEFAULT_TTL("net.ipv4.ip_default_ttl", true),
    IPV6_HOP_LIMIT("net.ipv6.conf.all.hop_limit", true),
    BUSY_READ("net.core.busy_read", false),
    BINDV6ONLY("net.ipv6.bindv6only", true);

    private final String key;
    private final boolean namespaced;

    Sysctl(String key, boolean namespaced) {
        this.key = key;
        this.namespaced = namespaced;
    }

    /** The name that sysctl(8) knows, such as {@code net.core.somaxconn}. */
    public String key() {
        return key;
    }

    /** {@code namespace} when each network namespace (each pod) has its own, else {@code machine}. */
    public String scope() {
        return namespaced ? "namespace" : "machine";
    }

    /** The value as the kernel prints it, with single spaces, or null where it cannot be read. */
    public String text() {
        // Not Files.readString: it reads a byte first, and a sysctl has no second part to read.
        try (BufferedReader reader = Files.newBufferedReader(file())) {
            String line = reader.readLine();
            return line == null ? null : line.strip().replaceAll("\\s+", " ");
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether the kernel is one without this setting: its neighbours can be read, and it is not among them. */
    boolean isUnknownToKernel() {
        return Files.isReadable(file().getParent()) && Files.notExists(file());
    }

    private Path file() {
        return Path.of("/proc/sys", key.split("\\."));
    }

    /** The value as a number; empty where it cannot be read or is no single number. */
    public OptionalLong number() {
        return number(text());
    }

    public static OptionalLong number(String text) {
        return text != null && text.matches("-?\\d{1,18}")
                ? OptionalLong.of(Long.parseLong(text))
                : OptionalLong.empty();
    }

    /** How an operator changes it. */
    public String remedy() {
        return namespaced
                ? "sysctl -w " + key + "=... in this network namespace; in a pod the chart's sysctls.values, with"
                        + " sysctls.allowUnsafe and the kubelet's --allowed-unsafe-sysctls unless it is a safe one"
                : "sysctl -w " + key
                        + "=... on the machine (the node) itself: it holds for all pods, and none can set it";
    }
}
