/** The benchmark: servers under test, a load client that checks every byte, and the table of ratios to a C floor. */
package dev.tcpecho.bench;
