package dev.tcpecho.server;

import io.quarkus.runtime.configuration.ConfigurationException;

/** The service cannot start; the message is all that the operator sees, and tells what to do. */
final class StartException extends ConfigurationException {
    private static final long serialVersionUID = 1L;

    StartException(String message) {
        super(message);
    }
}
