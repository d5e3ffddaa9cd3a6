package dev.tcpecho.net;

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
}
