package dev.tcpecho.server;

import dev.tcpecho.net.FaultEntrance;
import io.netty.channel.Channel;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * What a faulty listener does to one of its connections.
 *
 * @param number the how-manieth of the listener it is, which its random choices come from
 * @param happens whether it gets the fault
 * @param sentence what happens
 * @param heldBack the fault that keeps it from sending faster, as {@code key=value}; empty if none does
 */
public record ConnectionFault(long number, boolean happens, String sentence, Optional<String> heldBack) {
    /** Empty where the listener has no fault that a connection can have. */
    static Optional<ConnectionFault> of(Listener listener, Channel accepted) {
        ListenerFault fault = listener.fault();
        return FaultEntrance.number(accepted).stream()
                .mapToObj(number -> new ConnectionFault(
                        number, FaultEntrance.isFaulty(accepted), fault.sentence(), fault.heldBack(accepted)))
                .findAny();
    }

    JsonObject json() {
        return new JsonObject()
                .put("connection", number)
                .put("happens", happens)
                .put("sentence", happens ? sentence : "spared by probability");
    }
}
