/** What operators see on the HTTP side port: the report, health checks and meters. */
package dev.tcpecho.management;
