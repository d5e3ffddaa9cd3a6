/**
 * What Linux tells, without sockets of ours: sysctls, network counters, the port table, and the layout of TCP_INFO.
 * Knows nothing of options, servers or HTTP.
 */
package dev.tcpecho.kernel;
