package dev.tcpecho.check;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What a listener of mode report says about a connection, on the connection itself. */
record InBand(JsonObject report) {
    private static final int MOST = 1 << 20;

    /** To its end. */
    static InBand read(Line line) throws IOException, CheckFailure {
        byte[] bytes = line.in().readNBytes(MOST + 1);
        if (bytes.length == 0) {
            throw new CheckFailure("closed without a word");
        }
        if (bytes.length > MOST) {
            throw new CheckFailure("longer than a report of mode report can be");
        }
        try {
            return new InBand(new JsonObject(new String(bytes, StandardCharsets.UTF_8)));
        } catch (DecodeException e) {
            throw new CheckFailure("not a report: " + bytes.length + " bytes that are no JSON object");
        }
    }

    /** The nearest name of who answered: pod, or host, or the address that it has there. */
    String who() {
        JsonObject service = object("service");
        for (String name : new String[] {"pod", "hostName", "host", "hostname"}) {
            if (service.getValue(name) != null) {
                return Printable.of(service.getValue(name));
            }
        }
        return Printable.of(report.getValue("local"));
    }

    /** Empty where it is missing or something else. */
    JsonObject object(String name) {
        return report.getValue(name) instanceof JsonObject object ? object : new JsonObject();
    }
}
