package dev.tcpecho.check;

import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What a check found.
 *
 * @param lines before the last one, each safe to print
 * @param summary the last line without its ok or failed
 * @param json the same for programs
 */
record Finding(boolean ok, List<String> lines, String summary, JsonObject json) {}
