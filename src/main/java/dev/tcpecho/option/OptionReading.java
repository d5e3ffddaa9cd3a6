package dev.tcpecho.option;

/**
 * One socket option of one socket, asked for and read back.
 *
 * @param requested null when nothing was asked
 * @param effective what getsockopt answered, raw; null when it could not be read
 */
public record OptionReading(SocketOption option, OptionValue requested, OptionValue effective, Verdict verdict) {}
