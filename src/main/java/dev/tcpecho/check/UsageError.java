package dev.tcpecho.check;

/** Arguments that cannot be run, worded for the person who typed them. */
final class UsageError extends Exception {
    UsageError(String message) {
        super(message);
    }
}
