package dev.tcpecho.option;

/** How a transport reaches an option on a socket. */
enum Means {
    /** It can write the option on this very socket. */
    WRITABLE,
    /** It writes the option on every accepted socket, since the listener's does not reach there. */
    ON_ACCEPTED,
    /** Buffer sizes come from the JDK, which halves them. */
    HALVED,
    /** The value was worked out instead of read. */
    COMPUTED,
    /** It can read whatever option the kernel knows. */
    EVERY_OPTION,
    /** Its only option of that name is another one of the kernel's on this socket. */
    MISNAMED
}
