package dev.tcpecho.check;

/** An argument that cannot be used. The message goes on behind the argument's name: " takes 5s, not x". */
final class UsageError extends Exception {
    UsageError(String message) {
        super(message);
    }
}
