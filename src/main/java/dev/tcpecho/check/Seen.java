package dev.tcpecho.check;

import io.vertx.core.json.JsonObject;

/** What one of several checks saw: words for the line of result, and the same for programs. */
record Seen(String words, JsonObject json) {}
