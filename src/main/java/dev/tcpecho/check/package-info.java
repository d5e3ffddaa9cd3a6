/**
 * The check client: one process, one line of result, one exit code. It is the {@code helm test} of the chart and a
 * health check for images without a shell. It uses nothing of the service, so that it can judge it from outside.
 */
package dev.tcpecho.check;
