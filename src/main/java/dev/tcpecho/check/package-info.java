/**
 * The client in the jar: one process, a line of result, an exit code. It is the {@code helm test} of the chart, a
 * health check for images without a shell, and what examines the way to a service. It uses nothing of the service, so
 * that it can judge it from outside, and believes nothing that it reads.
 *
 * <p>A command ({@code Checking} and its kind) makes a {@code Dialer} of its options and a {@code Deadline}; the dialer
 * gives a {@code Line}, a connection with what stands before its bytes, which is closed at the deadline under whoever
 * is blocked on it; what was found is a {@code Finding}, printed in words or as JSON. {@code Printable} stands between
 * what came from outside and the terminal.
 */
package dev.tcpecho.check;
