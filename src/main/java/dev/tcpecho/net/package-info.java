/**
 * Sockets and bytes on the loops of the managed Vert.x: transports, listening sockets, the acceptor, reads, the way
 * out. The only room with internals of Vert.x, and with Netty's native types beside what {@code option} needs to reach
 * a channel's options.
 */
package dev.tcpecho.net;
