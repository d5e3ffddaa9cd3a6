package dev.tcpecho.option;

/** Which socket an option is read from. */
public enum Role {
    LISTENER,
    ACCEPTED
}
