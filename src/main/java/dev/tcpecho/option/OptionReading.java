package dev.tcpecho.option;

/**
 * One socket option of one socket, asked for and read back.
 *
 * @param requested a {@link Long} or a {@link String}; null when nothing was asked
 * @param effective what getsockopt answered, raw; null when it could not be read
 */
public record OptionReading(SocketOption option, Object requested, Object effective, Verdict verdict) {}
