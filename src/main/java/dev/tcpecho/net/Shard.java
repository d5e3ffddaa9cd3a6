package dev.tcpecho.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Which of the sockets that share an address and port through SO_REUSEPORT. The kernel spreads connections over them by
 * a hash of both addresses (socket(7)); each has an accept queue of its own.
 *
 * @param number from 0
 * @param of how many there are; 1 is a socket that shares with none
 */
public record Shard(int number, int of) {
    public static final Shard ONLY = new Shard(0, 1);

    boolean isOnly() {
        return of == 1;
    }

    /** Vert.x would make a second server on an address join the first: a name of its own keeps the two apart. */
    InetSocketAddress labelled(InetAddress address, int port) {
        if (number == 0) {
            return new InetSocketAddress(address, port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress("shard-" + number, address.getAddress()), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + address.getAddress().length + " bytes", e);
        }
    }
}
