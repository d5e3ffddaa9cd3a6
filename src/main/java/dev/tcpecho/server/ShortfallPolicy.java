package dev.tcpecho.server;

/** What to do at start when the kernel gives less than was asked. */
public enum ShortfallPolicy {
    OFF,
    WARN,
    FAIL
}
