/** The entry point: the service, or the check client when the first argument says so. */
package dev.tcpecho;
