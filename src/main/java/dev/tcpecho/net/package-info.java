/**
 * Sockets and bytes on the loops of the managed Vert.x: transports, listening sockets, the acceptor, reads, the way
 * out. The only room with internals of Vert.x, and with Netty's native types beside what {@code option} needs to reach
 * a channel's options.
 *
 * <h2>How a listening socket comes to be</h2>
 *
 * <pre>
 * Binding -> ListeningSocket.open -> NetServer.listen (Vert.x)
 *                                      | SingleSocketVertx: makes the socket, its own table of servers
 *                                      v
 *            options, backlog, Acceptor on the bare channel -> bind() -> listen() -> ListeningSocket
 * </pre>
 *
 * <p>Why a set-up of our own, and not {@link io.vertx.core.net.NetServerOptions}: on the listening socket they place
 * SO_REUSEADDR, SO_REUSEPORT, the backlog and TCP_FASTOPEN alone. SO_RCVBUF must be there before listen(), since the
 * window scale goes out with the SYN-ACK; TCP_DEFER_ACCEPT, TCP_MAXSEG, IPV6_V6ONLY and others work nowhere else; and
 * some that they always write (TCP_QUICKACK, TCP_CORK) are not the kernel's defaults. It can go when Vert.x 5's
 * TcpOption sets any option on the listener, servers of one port are not joined by the host's name, and accepted
 * channels can be had before Vert.x adds its handlers.
 *
 * <h2>The way of an accepted channel</h2>
 *
 * <pre>
 * kernel: accept queue of a {@link ListeningSocket}        on its accepting event loop
 *   | Netty accepts
 * {@link Acceptor}
 *   | AcceptedSockets: what a connection does not inherit; how it is polled; what it reads into
 *   | {@link Reception#admit}: the one wall that is crossed. null: closed, the refusal is counted
 *   | {@link Entrance}: the handlers in front, if any
 *   v register                                             from here on its serving event loop
 * pipeline: [FIN] [PROXY] [TLS] [fault]  connection        empty but for the connection, usually
 * </pre>
 *
 * Whatever throws before the connection is registered ends the channel with a reset, and its descriptor is closed.
 * Until its connection begins a channel resets on close ({@link Registration}): Netty may close it without asking us.
 *
 * <p>The way out is an {@link Outflow}, chosen once for a listener on an event loop: straight to the kernel, through
 * the channel's queue, or through the entrance. What is read comes in a {@link ReadBuffer} that all connections of a
 * loop share, or in pooled buffers where something stands in front or the transport cannot send at once.
 */
package dev.tcpecho.net;
