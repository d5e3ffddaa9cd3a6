package dev.tcpecho.server;

import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.option.TcpInfoOption;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The connections of one listener on all event loops. From any thread; what is asked is answered on each loop. */
final class ListenerLoops {
    private final Map<EventLoop, LoopConnections> served = new HashMap<>();

    /** Before the first connection comes. */
    void put(LoopConnections connections) {
        served.put(connections.loop(), connections);
    }

    LoopConnections on(EventLoop loop) {
        return served.get(loop);
    }

    /** Has every connection end, each on its event loop. */
    void endConnections(CloseReason reason) {
        served.values()
                .forEach(each -> each.loop().execute(() -> each.list().forEach(connection -> connection.end(reason))));
    }

    /** The oldest connections of each loop, this many at most from each; in no order. */
    CompletableFuture<List<ConnectionMoment>> oldest(int most, Predicate<Channel> wanted) {
        return ask(each -> each.oldest(most, wanted));
    }

    /** Open connections by the name of the event loop that serves them. */
    Map<String, Integer> connectionsByLoop() {
        Map<String, Integer> counts = new TreeMap<>();
        served.values().forEach(each -> counts.put(each.name(), each.size()));
        return counts;
    }

    /** TCP_INFO of a few connections of each loop, other ones each time. Where the kernel tells none, none. */
    CompletableFuture<List<TcpInfo>> sample(int most) {
        return ask(each -> each.sample(most).stream()
                .flatMap(channel -> TcpInfoOption.read(channel).stream())
                .toList());
    }

    <T> CompletableFuture<List<T>> ask(Function<LoopConnections, List<T>> question) {
        CompletableFuture<List<T>> answers = CompletableFuture.completedFuture(List.of());
        for (LoopConnections each : served.values()) {
            answers = answers.thenCombine(
                    CompletableFuture.supplyAsync(() -> question.apply(each), each.loop()),
                    (some, more) -> Stream.concat(some.stream(), more.stream()).toList());
        }
        return answers;
    }
}
