package dev.tcpecho.check;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** Holds the SYN that arrived against the one that left. */
final class SynComparison {
    private final List<Rewrite> rewrites;
    private final List<String> notes;

    SynComparison(List<Rewrite> rewrites, List<String> notes) {
        this.rewrites = rewrites;
        this.notes = notes;
    }

    void compare(SentSyn sent, JsonObject arrived) {
        mss(sent.mss(), number(arrived, "mss"));
        windowScale(sent.windowScale(), number(arrived, "windowScale"));
        option(
                "selective acknowledgements",
                sent.sackPermitted(),
                arrived.getValue("sackPermitted"),
                "each loss costs more");
        option("timestamps", sent.timestamps(), arrived.getValue("timestamps"), "round trips are measured less well");
        option("ecn", sent.ecn(), arrived.getValue("ecn"), "congestion shows as loss only");
        Integer dscp = number(arrived, "dscp");
        if (dscp != null && dscp != sent.dscp()) {
            String meaning = dscp == 0 ? "cleared on the way" : "set anew on the way";
            rewrites.add(new Rewrite("dscp", String.valueOf(sent.dscp()), String.valueOf(dscp), meaning));
        }
        Integer ttl = number(arrived, "ttl");
        if (ttl != null && sent.ttl() != null && ttl > sent.ttl()) {
            rewrites.add(new Rewrite(
                    "ttl",
                    String.valueOf(sent.ttl()),
                    String.valueOf(ttl),
                    "another machine's SYN, or set anew on the way"));
        } else if (ttl != null && sent.ttl() != null) {
            notes.add("ttl: " + sent.ttl() + " left here, " + ttl + " arrived: " + (sent.ttl() - ttl)
                    + (sent.ttl() - ttl == 1 ? " hop" : " hops"));
        }
    }

    private void mss(Integer sent, Integer arrived) {
        if (sent == null) {
            notes.add("mss: " + arrived + " arrived; what left here is not known on this system");
        } else if (arrived == null) {
            rewrites.add(new Rewrite("mss", "" + sent, "none", "removed on the way, segments have 536 bytes at most"));
        } else if (arrived < sent) {
            rewrites.add(new Rewrite(
                    "mss", "" + sent, "" + arrived, "clamped on the way (a tunnel, a TCPMSS rule), or a proxy's own"));
        } else if (arrived > sent) {
            rewrites.add(new Rewrite("mss", "" + sent, "" + arrived, "raised on the way, or a proxy's own connection"));
        }
    }

    /** -1 stands for none. A scale that was not negotiated is not known here, but that there was one is. */
    private void windowScale(Integer sent, Integer arrived) {
        if (arrived == null && (sent == null || sent >= 0)) {
            rewrites.add(new Rewrite(
                    "window scale",
                    sent == null ? "one" : "" + sent,
                    "none",
                    "removed on the way, windows stay below 64 KiB"));
        } else if (arrived != null && sent != null && !sent.equals(arrived)) {
            rewrites.add(new Rewrite(
                    "window scale",
                    sent < 0 ? "none" : "" + sent,
                    "" + arrived,
                    "another machine's SYN: a proxy ends ours"));
        }
    }

    private void option(String what, Boolean sent, Object arrived, String meaning) {
        boolean there = Boolean.TRUE.equals(arrived) || arrived instanceof JsonObject || arrived instanceof Number;
        if (sent == null || sent == there) {
            return;
        }
        rewrites.add(new Rewrite(
                what,
                sent ? "offered" : "not offered",
                there ? "offered" : "not offered",
                sent ? "removed on the way, " + meaning : "another machine's SYN: a proxy ends ours"));
    }

    private static Integer number(JsonObject syn, String name) {
        return syn.getValue(name) instanceof Number number ? (Integer) number.intValue() : null;
    }
}
