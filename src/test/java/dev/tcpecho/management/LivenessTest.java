package dev.tcpecho.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tcpecho.testing.LogsAlso;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Ss;
import dev.tcpecho.testing.Transports;
import io.netty.channel.EventLoop;
import java.util.concurrent.CountDownLatch;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Liveness is about what serves: the listening sockets and the event loops. */
class LivenessTest {
    @ParameterizedTest
    @EnumSource
    void isDownWhileAnEventLoopIsBlockedAndNamesIt(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport)) {
            EchoHealth health = new EchoHealth(echo.service());
            assertThat(health.live().call().getStatus()).isEqualTo(Status.UP);
            CountDownLatch release = new CountDownLatch(1);
            EventLoop blocked = echo.listener().sockets().get(0).loop().orElseThrow();
            blocked.execute(() -> awaitUninterruptibly(release));
            HealthCheckResponse down = health.live().call();
            release.countDown();
            assertThat(down.getStatus()).isEqualTo(Status.DOWN);
            assertThat(down.getData().orElseThrow().get("blockedEventLoops").toString())
                    .startsWith("vert.x-");
            assertThat(health.live().call().getStatus()).isEqualTo(Status.UP);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isDownWhenAListeningSocketIsGoneAndNamesIt(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport)) {
            EchoHealth health = new EchoHealth(echo.service());
            echo.listener().sockets().get(0).close().join();
            HealthCheckResponse down = health.live().call();
            assertThat(down.getStatus()).isEqualTo(Status.DOWN);
            assertThat(down.getData().orElseThrow()).containsValue("closed");
            assertThat(health.ready().call().getStatus()).isEqualTo(Status.DOWN);
        }
    }

    /** The descriptor stays open and the channel active: only the kernel knows. */
    @ParameterizedTest
    @EnumSource
    @LogsAlso("accept failed: .*Invalid argument")
    void isDownWhenTheKernelNoLongerListensAndUpWhileItDoes(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport)) {
            EchoHealth health = new EchoHealth(echo.service());
            HealthCheckResponse up = health.live().call();
            assertThat(up.getStatus()).isEqualTo(Status.UP);
            assertThat(up.getData().orElseThrow()).containsValue("listening");
            assertThat(health.ready().call().getStatus()).isEqualTo(Status.UP);
            assumeTrue(
                    Ss.kills(echo.address()), "skipped: ss -K ends no socket here (needs root and INET_DIAG_DESTROY)");
            HealthCheckResponse down = health.live().call();
            assertThat(down.getStatus()).isEqualTo(Status.DOWN);
            assertThat(down.getData().orElseThrow()).containsValue("closed");
            assertThat(health.ready().call().getStatus()).isEqualTo(Status.DOWN);
            assertThat(Snapshot.of(echo.service(), echo.service().listeners()).summary())
                    .as("no sysctl took its backlog")
                    .doesNotContain("backlog");
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
