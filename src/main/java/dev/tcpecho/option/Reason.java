package dev.tcpecho.option;

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
    /** The kernel adapts the size to the traffic. tcp(7), tcp_rmem and tcp_wmem. */
    AUTOTUNED,
    /** Set on the listener; the connection took it over. */
    INHERITED,
    /** Nothing was asked, and a sysctl holds the value for such sockets. */
    SYSCTL_DEFAULT,
    /** The transport (epoll, NIO, kqueue) cannot write or read the option, or sets it by itself. */
    TRANSPORT,
    /** This kernel does not know the option, or decides by itself. */
    KERNEL,
    /** The kernel refused the value or the caller lacks a capability. */
    REFUSED,
    /** A sysctl switches the feature off. */
    SYSCTL_OFF,
    /** A sysctl that decides cannot be read here, so that nobody can tell. */
    SYSCTL_UNREADABLE,
    /** Another option of the socket, or a sysctl, decides in its place. */
    OVERRULED,
    /** Takes effect only with SO_KEEPALIVE on. */
    NEEDS_KEEPALIVE,
    /** The kernel changes the value by itself. tcp(7), TCP_QUICKACK and TCP_WINDOW_CLAMP. */
    NOT_STICKY,
    /** Worked out, since the kernel's own value cannot be read here. */
    COMPUTED,
    /** The two ECN bits belong to TCP. ip(7), IP_TOS. */
    ECN_MASKED,
    /** The other end or the path has a say in it. */
    NEGOTIATED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
