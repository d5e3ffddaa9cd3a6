/**
 * What is known about TCP socket options: the catalogue, the values asked for, reading them back from the kernel, and
 * why the two differ. Netty and Vert.x-internal types for sockets stay in here; servers and HTTP are unknown.
 */
package dev.tcpecho.socket;
