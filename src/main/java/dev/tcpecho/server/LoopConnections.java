package dev.tcpecho.server;

import dev.tcpecho.net.Entrance;
import dev.tcpecho.net.EventLoops;
import dev.tcpecho.net.Outflow;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.function.Predicate;

/** The connections of one listener on one event loop, what they share, and their clock. Used on that loop alone. */
final class LoopConnections {
    final Listener listener;
    final Admission admission;
    final Traffic traffic;
    final Conversation conversation;
    final Entrance entrance;
    final Outflow outflow;
    /** Null when endings are not remembered. */
    final ClosedRing closed;

    final Timeouts timeouts;

    private final EventLoop loop;
    private final String name;
    private final ConnectionList connections = new ConnectionList();
    private final LoopClock clock;

    /** @param closed null when endings are not remembered */
    LoopConnections(
            Listener listener, EventLoop loop, Traffic traffic, Entrance entrance, Outflow outflow, ClosedRing closed) {
        ListenerConfig config = listener.config();
        this.listener = listener;
        this.admission = listener.admission();
        this.closed = closed;
        this.loop = loop;
        this.name = EventLoops.name(loop);
        this.traffic = traffic;
        this.conversation = config.mode().conversation(config);
        this.entrance = entrance;
        this.outflow = outflow;
        this.timeouts = new Timeouts(config);
        this.clock = new LoopClock(loop, connections, timeouts.tickMillis());
    }

    /** The current tick. */
    int now() {
        return clock.now();
    }

    void add(Connection connection) {
        connections.add(connection);
        clock.start();
    }

    void remove(Connection connection) {
        connections.remove(connection);
    }

    /** From any thread. */
    int size() {
        return connections.size();
    }

    List<Connection> list() {
        return connections.all();
    }

    /** No more than asked for, so that the loop is not held up by the others. */
    List<ConnectionMoment> oldest(int most, Predicate<Channel> wanted) {
        return connections.oldest(most, wanted);
    }

    /** The next few connections, round and round: each gets its turn. */
    List<Channel> sample(int most) {
        return connections.sample(most);
    }

    String name() {
        return name;
    }

    EventLoop loop() {
        return loop;
    }
}
