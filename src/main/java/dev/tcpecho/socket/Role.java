package dev.tcpecho.socket;

/** Which socket an option is read from. */
public enum Role {
    LISTENER,
    ACCEPTED
}
