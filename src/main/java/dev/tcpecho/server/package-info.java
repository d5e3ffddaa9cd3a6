/**
 * The service: listeners, admission, connections, conversations, deadlines, drain, states and counters. No HTTP, no
 * meters.
 *
 * <h2>The way of a byte</h2>
 *
 * <pre>
 * channelRead     {@link Connection}: counted as received
 * received        {@link Conversation} of the listener's mode: what becomes of it?
 *   | send        {@link Connection}: owed from now on ({@link Ledger})
 *   | discard     counted and released
 * send            {@link dev.tcpecho.net.Outflow}: to the kernel at once; what that leaves waits
 *   | taken       {@link Connection}: no longer owed; the peer made progress
 *   | owed > 0    reading stops: the kernel's buffers, then the peer, hold the rest
 * drained         the rest has gone: reading goes on
 * advance         {@link Conversation}, asked whenever nothing is owed: more to say, finish, end?
 * </pre>
 *
 * A connection's clock ticks with all others of its listener on its loop ({@link LoopClock}). It ends for one
 * {@link CloseReason}: in order when nothing is owed, with a reset else.
 *
 * <p>A mode is a class that implements {@link Conversation} and a constant of {@link EchoMode}.
 */
package dev.tcpecho.server;
