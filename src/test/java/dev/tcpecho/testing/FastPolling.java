package dev.tcpecho.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.pollinterval.IterativePollInterval;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** What is awaited is usually there within milliseconds: waits begin by asking often, and end at ten times a second. */
public final class FastPolling implements LauncherSessionListener {
    private static final Duration FIRST = Duration.ofMillis(1);
    private static final Duration SLOWEST = Duration.ofMillis(100);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultPollDelay(0, TimeUnit.MILLISECONDS);
        Awaitility.setDefaultPollInterval(IterativePollInterval.iterative(
                before -> before.compareTo(SLOWEST) < 0 ? before.multipliedBy(2) : SLOWEST, FIRST));
    }
}
