/** Tests of the packaged application, each in a process of its own. */
package dev.tcpecho.process;
