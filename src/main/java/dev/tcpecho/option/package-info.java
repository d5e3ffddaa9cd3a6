/**
 * The catalogue of socket options: what may be asked, how it is written and read on a channel, and what became of it.
 * Knows a channel, and no server.
 *
 * <p>The way of a value: a key of {@link dev.tcpecho.option.SocketSettings}, refused by
 * {@link dev.tcpecho.option.Bounds} when no kernel could do it; a row of {@link dev.tcpecho.option.SocketOption};
 * written by {@link dev.tcpecho.option.RequestedOptions} on the listening socket, or on each accepted one; read back;
 * and judged by the row's rule to a {@link dev.tcpecho.option.Verdict}.
 */
package dev.tcpecho.option;
