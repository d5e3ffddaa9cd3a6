package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.BindFailure;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.InetSocketAddress;

/** The service cannot start; the message is all that the operator sees, and tells what to do. */
final class StartException extends ConfigurationException {
    private static final long serialVersionUID = 1L;

    StartException(String message) {
        super(message);
    }

    static StartException bind(String listener, InetSocketAddress address, Throwable cause) {
        return new StartException("listener " + listener + ": cannot listen on host "
                + Addresses.text(address.getAddress()) + " port " + address.getPort() + ": "
                + BindFailure.explain(cause));
    }
}
