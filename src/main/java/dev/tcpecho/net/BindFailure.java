package dev.tcpecho.net;

import java.net.BindException;

/** Says in words why bind() or listen() failed. */
public final class BindFailure {
    private BindFailure() {}

    /** The kernel's message and what to do about it. */
    public static String explain(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (message.contains("Address already in use")) {
            return "the port is in use by another process (find it with: ss -ltnp)";
        }
        if (message.contains("Permission denied")) {
            return "permission denied; ports below 1024 need CAP_NET_BIND_SERVICE or a lower"
                    + " net.ipv4.ip_unprivileged_port_start";
        }
        if (message.contains("Cannot assign requested address")) {
            return "this machine does not have that address";
        }
        return cause instanceof BindException ? message : cause.getClass().getSimpleName() + ": " + message;
    }
}
