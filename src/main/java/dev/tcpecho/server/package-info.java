/** The service: listeners, admission, connections, deadlines, drain, states and counters. No HTTP, no meters. */
package dev.tcpecho.server;
