package dev.tcpecho;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.dev.console.DevConsoleManager;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import org.jboss.logmanager.handlers.AsyncHandler;

/**
 * Has the asynchronous console log write what it still holds before the process ends: its thread is a daemon, which the
 * end of the JVM does not wait for. Until then nobody waits for a log that nobody reads; and here not for long.
 *
 * <p>Quarkus says that it stopped, and closes its handlers at once. That would close the console under the hands of the
 * thread that has yet to write to it; so the handlers are noted at the start, and their children stay open.
 */
@Singleton
final class LastWords {
    private static final long BOUND_NANOS = TimeUnit.MILLISECONDS.toNanos(1000);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final String QUARKUS_HOOK = "io.quarkus.runtime.ApplicationLifecycleManager$ShutdownHookThread";
    private static final List<AsyncHandler> NOTED = new CopyOnWriteArrayList<>();

    LastWords() {}

    /**
     * Before anything that can fail: the log is set up by now. It keeps the stream that it has, whose lock its thread
     * holds for as long as nobody reads; Quarkus' last act is a flush of System.out.
     */
    void note(@Observes @Priority(1) StartupEvent event) {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true));
        }
        note();
    }

    /**
     * After a failed start as well as at a signal, once Quarkus has said that it stopped.
     *
     * @return false when a signal has begun the end already: there is nothing to start
     */
    static boolean writeAtTheEnd() {
        if (DevConsoleManager.getHotReplacementContext() != null) {
            return true; // the log of dev mode outlives the application, and a hook would keep its class loader
        }
        LogManager
                .getLogManager(); // set up by this thread: two that begin with it at different ends wait for each other
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(LastWords::afterQuarkus, "last words"));
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static void note() {
        if (LaunchMode.current() != LaunchMode.NORMAL) {
            return; // the log of dev mode outlives the application
        }
        for (Handler handler : InitialConfigurator.DELAYED_HANDLER.getHandlers()) {
            if (handler instanceof AsyncHandler async && !NOTED.contains(async)) {
                async.setCloseChildren(false);
                NOTED.add(async);
            }
        }
    }

    private static void afterQuarkus() {
        note(); // when the start failed early
        try {
            Optional<Thread> quarkus = quarkusHook();
            long deadline = System.nanoTime() + BOUND_NANOS / 5; // hooks are started one after the other
            while (quarkus.isEmpty() && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(POLL_NANOS);
                quarkus = quarkusHook();
            }
            if (quarkus.isPresent()) {
                quarkus.get().join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        write();
    }

    private static Optional<Thread> quarkusHook() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getClass().getName().equals(QUARKUS_HOOK))
                .findAny();
    }

    /** What is logged after this is lost. */
    private static void write() {
        long deadline = System.nanoTime() + BOUND_NANOS;
        for (AsyncHandler async : NOTED) {
            async.close();
            // Its thread lets go of its handlers when the queue is empty.
            while (async.getHandlers().length > 0 && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }
}
