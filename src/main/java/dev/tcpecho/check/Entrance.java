package dev.tcpecho.check;

/** What stands before the bytes of a connection: a PROXY header, then TLS; each may be null. */
record Entrance(ProxyHeader header, Tls tls) {
    static final Entrance NONE = new Entrance(null, null);
}
