package dev.tcpecho.net;

import io.netty.channel.unix.Errors;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.NotYetConnectedException;
import java.util.Set;
import javax.net.ssl.SSLException;

/**
 * What an exception of a connected socket means. The number of the kernel's error and the type of the exception decide,
 * never its words, which come in the language of the machine.
 */
public enum SocketError {
    /** It reset the connection, or it closed it before we wrote: ECONNRESET, EPIPE, ENOTCONN. */
    PEER_GONE,
    /** Nothing came back for too long, or no way leads there: ETIMEDOUT, EHOSTUNREACH, ENETUNREACH and their like. */
    OUT_OF_REACH,
    /** Any error of a read but a reset, on NIO: it has no number, so that only how long it was silent tells more. */
    UNTOLD,
    /** The PROXY header is not as it has to be. */
    PROXY,
    /** TLS is broken off: what is owed cannot be delivered, or the peer's input was cut. */
    TLS,
    /** A TLS handshake failed, and an alert is on its way. */
    TLS_ALERTED,
    /** The listener ends its connections so on purpose. */
    FAULT,
    /** No error of the connection: a failure of this program, or of this machine. */
    OURS;

    /**
     * EIO, ENOMEM, EFAULT, ENOBUFS: the connection is as it was, only the call failed. Every other number is one that
     * the peer or the way to it can bring about, some by ICMP (icmp_err_convert of net/ipv4/icmp.c).
     */
    private static final Set<Integer> OF_THIS_MACHINE =
            PlatformDependent.isOsx() ? Set.of(-5, -12, -14, -55) : Set.of(-5, -12, -14, -105);

    /** ENETDOWN, ENETUNREACH, ETIMEDOUT, EHOSTDOWN, EHOSTUNREACH of errno(3), negative as Netty has them. */
    private static final Set<Integer> NO_WAY_LEADS_THERE =
            PlatformDependent.isOsx() ? Set.of(-50, -51, -60, -64, -65) : Set.of(-100, -101, -110, -112, -113);

    /** @param cause what a read threw, or what Netty told the pipeline */
    public static SocketError ofRead(Throwable cause) {
        if (cause instanceof EntranceException entrance) {
            return entrance.kind();
        }
        if (isJdkRead(cause)) {
            return UNTOLD;
        }
        return ofWrite(cause);
    }

    /** @param cause what a write, a flush or a shutdown threw; the JDK's exception of a write fits every cause */
    public static SocketError ofWrite(Throwable cause) {
        if (cause instanceof Errors.NativeIoException error) {
            if (OF_THIS_MACHINE.contains(error.expectedErr())) {
                return OURS;
            }
            return NO_WAY_LEADS_THERE.contains(error.expectedErr()) ? OUT_OF_REACH : PEER_GONE;
        }
        if (cause instanceof SSLException) {
            return TLS;
        }
        // ENOTCONN is no IOException in Netty nor in the JDK.
        return cause instanceof IOException || cause instanceof NotYetConnectedException ? PEER_GONE : OURS;
    }

    /**
     * The JDK has a type for a reset, a {@link SocketException}, and throws a plain IOException for every other error
     * of a read.
     */
    private static boolean isJdkRead(Throwable cause) {
        return cause.getClass() == IOException.class;
    }
}
