package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.openjdk.jol.info.ClassLayout;
import org.openjdk.jol.vm.VM;

/**
 * What an idle connection holds on the heap: what can be reached from it and from no other connection. The fields of
 * the JDK's own classes are not looked into.
 */
class IdleConnectionTest {
    static {
        // The layout comes from Unsafe; a debugger in a process of its own would add nothing but twenty seconds.
        System.setProperty("jol.skipHotspotSAAttach", "true");
    }

    @Test
    void holdsNoByteMoreThanTheManualSays() throws Exception {
        Transports.EPOLL.assumeAvailable();
        assumeTrue(
                VM.current().sizeOfField("java.lang.Object") == 4,
                "pointers are not compressed, as with a heap beyond 32 GiB: every object is larger");
        assumeTrue(
                !Logger.getLogger("dev.tcpecho").isDebugEnabled(),
                "left out: with DEBUG a connection keeps what its lines will say");
        try (RunningEcho echo = RunningEcho.start(Transports.EPOLL, "echo.mode=stream");
                Peer peer = echo.connect().send("x").expect("x")) {
            Connection idle = OpenConnections.of(echo, peer).pipeline().get(Connection.class);
            Set<Object> own = reachable(idle);
            own.removeAll(reachable(neighbour(echo, idle)));
            Map<String, Long> bytes = new TreeMap<>();
            own.forEach(each -> bytes.merge(
                    each.getClass().getName(), ClassLayout.parseInstance(each).instanceSize(), Long::sum));
            bytes.forEach((type, size) -> System.out.println("idle connection: " + size + " B " + type));
            assertThat(bytes.get(Connection.class.getName())).isLessThanOrEqualTo(72);
            assertThat(bytes.get(Ledger.class.getName())).isLessThanOrEqualTo(48);
            assertThat(bytes.values().stream().mapToLong(size -> size).sum())
                    .as(bytes.toString())
                    .isLessThanOrEqualTo(1016);
        }
    }

    /** Another connection of the same loop. */
    private static Connection neighbour(RunningEcho echo, Connection idle) {
        return Stream.generate(() -> echo.connect().send("x").expect("x"))
                .map(peer -> OpenConnections.of(echo, peer).pipeline().get(Connection.class))
                .filter(other -> other.channel().eventLoop() == idle.channel().eventLoop())
                .findFirst()
                .orElseThrow();
    }

    private static Set<Object> reachable(Connection connection) throws IllegalAccessException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> left = new ArrayDeque<>(List.of(connection));
        while (!left.isEmpty()) {
            Object each = left.remove();
            if (isShared(each, connection) || !seen.add(each)) {
                continue;
            }
            if (each instanceof Object[] array) {
                for (Object element : array) {
                    if (element != null) {
                        left.add(element);
                    }
                }
            }
            for (Class<?> type = each.getClass(); type != null; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())
                            && !field.getType().isPrimitive()
                            && field.trySetAccessible()
                            && field.get(each) != null) {
                        left.add(field.get(each));
                    }
                }
            }
        }
        return seen;
    }

    /** Neighbours, and what serves many. */
    private static boolean isShared(Object each, Connection connection) {
        return each instanceof Connection && each != connection
                || each instanceof Channel && each != connection.channel()
                || each instanceof EventLoop
                || each instanceof LoopConnections
                || each instanceof Listener
                || each instanceof Class
                || each instanceof Thread
                || each instanceof ClassLoader
                || each instanceof Enum
                || each instanceof String;
    }
}
