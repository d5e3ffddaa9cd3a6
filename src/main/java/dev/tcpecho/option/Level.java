package dev.tcpecho.option;

/** Levels of setsockopt(2), with Linux' numbers. */
enum Level {
    /** Of what is no option of setsockopt(2). */
    NONE(-1),
    IP(0),
    SOCKET(1),
    TCP(6),
    IPV6(41);

    private final int number;

    Level(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
