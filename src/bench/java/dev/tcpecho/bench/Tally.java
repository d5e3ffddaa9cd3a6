package dev.tcpecho.bench;

/** What a load has counted since it was last cleared. Errors and mismatches are never cleared: warm-up counts too. */
final class Tally {
    final Latencies latencies = new Latencies();
    long echoes;
    long bytes;
    long errors;
    long mismatches;

    void echoed(long nanos) {
        echoes++;
        latencies.record(nanos);
    }

    void clear() {
        echoes = 0;
        bytes = 0;
        latencies.clear();
    }
}
