package dev.tcpecho.management;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * What a route answers.
 *
 * @param body never changed after this; several clients may get the same
 */
record Answer(int status, String type, Buffer body) {
    static final String JSON = "application/json";
    static final String TEXT = "text/plain;charset=UTF-8";

    static Answer json(JsonObject json) {
        return new Answer(200, JSON, Buffer.buffer(json.encodePrettily() + "\n"));
    }

    static Answer text(String text) {
        return new Answer(200, TEXT, Buffer.buffer(text));
    }

    /** @param message for the client */
    static Answer error(int status, String message) {
        return new Answer(
                status,
                JSON,
                Buffer.buffer(new JsonObject().put("error", message).encode() + "\n"));
    }
}
