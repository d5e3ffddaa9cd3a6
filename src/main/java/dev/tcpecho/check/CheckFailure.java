package dev.tcpecho.check;

/** What the checked service did not do, worded for the line of result. */
final class CheckFailure extends Exception {
    CheckFailure(String message) {
        super(message);
    }
}
