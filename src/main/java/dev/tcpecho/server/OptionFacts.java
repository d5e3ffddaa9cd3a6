package dev.tcpecho.server;

import dev.tcpecho.kernel.Sysctl;
import dev.tcpecho.kernel.Sysctls;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.OptionValue;
import dev.tcpecho.option.Verdict;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;

/**
 * One option with its verdict as JSON, the same wherever it is shown; the order of the fields is part of the contract.
 */
public final class OptionFacts {
    private OptionFacts() {}

    public static JsonArray json(Collection<OptionReading> readings, Sysctls sysctls) {
        JsonArray options = new JsonArray();
        readings.forEach(reading -> options.add(json(reading, sysctls)));
        return options;
    }

    /** @param sysctls by which the verdict was found */
    public static JsonObject json(OptionReading reading, Sysctls sysctls) {
        Verdict verdict = reading.verdict();
        return new JsonObject()
                .put("option", reading.option().kernelName())
                .put("key", reading.option().key())
                .put("requested", plain(reading.requested()))
                .put("effective", plain(reading.effective()))
                .put("unit", reading.option().unit().toString())
                .put("status", verdict.status().toString())
                .put(
                        "reason",
                        verdict.reason() == null ? null : verdict.reason().toString())
                .put("governedBy", verdict.governedBy() == null ? null : governor(verdict.governedBy(), sysctls))
                .put("note", verdict.note());
    }

    private static JsonObject governor(Sysctl sysctl, Sysctls sysctls) {
        Object value = value(sysctl, sysctls);
        return new JsonObject()
                .put("sysctl", sysctl.key())
                .put("value", value)
                .put("scope", sysctl.scope())
                .put("readable", value != null);
    }

    /** A number where it is one; tcp_rmem and its like are three, and stay text. Null where it cannot be read. */
    public static Object value(Sysctl sysctl, Sysctls sysctls) {
        String text = sysctls.text(sysctl);
        return Sysctl.number(text).isPresent() ? (Object) Long.valueOf(text) : text;
    }

    private static Object plain(OptionValue value) {
        return value == null ? null : value.plain();
    }
}
