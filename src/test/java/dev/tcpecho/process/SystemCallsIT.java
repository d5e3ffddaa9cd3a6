package dev.tcpecho.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.PackagedEcho;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Strace;
import dev.tcpecho.testing.Transports;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What one connection asks of the kernel on epoll, call by call: whoever adds one says so here, and why. */
class SystemCallsIT {
    private static final Pattern ACCEPTED = Pattern.compile("accept4.*= (\\d+)$");

    /** Made by the constructors of Netty's channel: its address family and address, and two defaults of its own. */
    private static final String NETTY = "getsockname getsockname setsockopt getsockopt epoll_ctl ";

    @Test
    void aStreamIsReadWrittenAndClosed() {
        try (PackagedEcho echo = PackagedEcho.start(Transports.EPOLL, "echo.mode=stream")) {
            assertThat(callsOf(echo, peer -> peer.send("x").expect("x").fin().expectFin()))
                    .isEqualTo(NETTY + "recvfrom sendto recvfrom close");
        }
    }

    @Test
    void onceCorksItsReplyFinishesAndWaitsForTheFin() {
        try (PackagedEcho echo = PackagedEcho.start(Transports.EPOLL)) {
            assertThat(callsOf(echo, peer -> peer.send("x").expect("x").expectFin()))
                    .isEqualTo(NETTY + "recvfrom setsockopt sendto shutdown recvfrom close");
        }
    }

    /** The names of the calls on the connection's descriptor, from after its accept() to its close. */
    private static String callsOf(PackagedEcho echo, Consumer<Peer> talk) {
        try (Strace strace = Strace.attach(echo.pid(), "trace=%network,epoll_ctl,close")) {
            try (Peer peer = echo.connect()) {
                talk.accept(peer);
            }
            await().until(() -> calls(strace.lines()).endsWith("close"));
            return calls(strace.lines());
        }
    }

    private static String calls(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            Matcher accepted = ACCEPTED.matcher(lines.get(i));
            if (accepted.find()) {
                String descriptor = accepted.group(1);
                String rest = String.join("\n", lines.subList(i + 1, lines.size()));
                String calls = Pattern.compile("(?m)^\\d+ +(\\w+)\\((?:\\d+, EPOLL_CTL_\\w+, )?" + descriptor + "\\b")
                        .matcher(rest)
                        .results()
                        .map(call -> call.group(1))
                        .collect(Collectors.joining(" "));
                // After its close the number may be that of a file which the class loader opens.
                return calls.replaceFirst("close.*", "close");
            }
        }
        return "";
    }
}
