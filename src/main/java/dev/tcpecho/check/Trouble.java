package dev.tcpecho.check;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/** Why a connection came to nothing, in the words of a line of result. */
final class Trouble {
    private Trouble() {}

    /**
     * At its deadline a {@link Line} is closed under whoever is blocked on it, which looks like a broken connection.
     */
    static String of(IOException e, Deadline deadline) {
        if (e instanceof UnknownHostException) {
            return "the host name is unknown";
        }
        boolean connected = !(e instanceof ConnectException || e instanceof NoRouteToHostException);
        if (e instanceof SocketTimeoutException || connected && deadline.isOver()) {
            return "no answer in time";
        }
        return Printable.of(e.getMessage() == null ? e : e.getMessage());
    }
}
