package dev.tcpecho.check;

import io.vertx.core.json.JsonObject;

/** Something that left here and arrived as something else. Both are safe to print. */
record Rewrite(String what, String sent, String arrived, String meaning) {
    String words() {
        return what + ": " + sent + " left here, " + arrived + " arrived: " + meaning;
    }

    JsonObject json() {
        return new JsonObject()
                .put("what", what)
                .put("sent", sent)
                .put("arrived", arrived)
                .put("meaning", meaning);
    }
}
