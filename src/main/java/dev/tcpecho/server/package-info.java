/** The TCP service: listeners, the echo handler, admission, drain, states and counters. */
package dev.tcpecho.server;
