/** What tests share: the service on a bare Vert.x, and a scripted peer on a raw socket. */
package dev.tcpecho.testing;
