package dev.tcpecho.option;

import dev.tcpecho.kernel.Sysctl;

/**
 * What became of a request, and why.
 *
 * @param reason null when there is nothing to explain
 * @param governedBy the sysctl that decided, or null
 * @param note a sentence for a reader who does not know socket(7), or null
 */
public record Verdict(Status status, Reason reason, Sysctl governedBy, String note) {
    static Verdict honoured() {
        return new Verdict(Status.HONOURED, null, null, null);
    }

    static Verdict of(Status status, Reason reason, String note) {
        return new Verdict(status, reason, null, note);
    }

    static Verdict of(Status status, Reason reason, Sysctl governedBy, String note) {
        return new Verdict(status, reason, governedBy, note);
    }
}
