package dev.tcpecho.socket;

import java.util.Locale;

/** Why an effective value is what it is: the closed list of codes that reports use. */
public enum Reason {
    /** The kernel stores twice the size it is asked for; the other half is its bookkeeping. socket(7). */
    DOUBLED,
    /** The JDK halves the buffer size that the kernel answers. */
    HALVED,
    /** A sysctl or a constant of the kernel is the upper bound. */
    CLAMPED,
    /** The kernel's lower bound. */
    FLOOR,
    /** Rounded to what the kernel can keep. */
    ROUNDED,
    /** Nothing was asked, so the kernel adapts the size to the traffic. tcp(7), tcp_rmem and tcp_wmem. */
    AUTOTUNED,
    /** Nothing was asked of this socket: it has its listener's value. */
    INHERITED,
    /** The transport (NIO, kqueue) cannot write or read this option. */
    TRANSPORT,
    /** This kernel does not know the option. */
    KERNEL,
    /** The kernel refused the value or the caller lacks a capability. */
    REFUSED,
    /** A sysctl switches the feature off. */
    SYSCTL_OFF,
    /** Takes effect only with SO_KEEPALIVE on. */
    NEEDS_KEEPALIVE,
    /** The kernel turns the option off again by itself. tcp(7), TCP_QUICKACK. */
    NOT_STICKY,
    /** Worked out from the request and the limits, since the kernel's own value cannot be read here. */
    COMPUTED,
    /** The two ECN bits belong to TCP. ip(7), IP_TOS. */
    ECN_MASKED,
    /** Both ends and the path have agreed on it. */
    NEGOTIATED,
    /** The protocol family of this socket does not have the option. */
    FAMILY;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
