package dev.tcpecho.net;

import java.net.SocketAddress;

/** The side port could not be bound; the cause is the kernel's answer. */
public final class SidePortBindException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient SocketAddress address;

    SidePortBindException(SocketAddress address, Throwable cause) {
        super("the side port cannot be bound to " + address, cause);
        this.address = address;
    }

    public SocketAddress address() {
        return address;
    }
}
