package dev.tcpecho.kernel;

/** The states of a TCP socket, in the order and with the numbers of the kernel's tcp_states.h. */
enum TcpState {
    UNKNOWN,
    ESTABLISHED,
    SYN_SENT,
    SYN_RECV,
    FIN_WAIT1,
    FIN_WAIT2,
    TIME_WAIT,
    CLOSE,
    CLOSE_WAIT,
    LAST_ACK,
    LISTEN,
    CLOSING,
    NEW_SYN_RECV;

    private static final TcpState[] ALL = values();

    /** The number itself where a newer kernel has a state more. */
    static String name(int number) {
        return number >= 0 && number < ALL.length ? ALL[number].name() : String.valueOf(number);
    }
}
