package dev.tcpecho.testing;

import io.netty.buffer.ByteBufAllocator;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.util.ReflectionUtils;

/**
 * Fails every test that logs a WARN or ERROR which it did not announce with {@link LogsAlso}: a leaked buffer, a
 * blocked event loop, a stack trace for what a peer did.
 */
public final class QuietLog extends Handler implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    /** What this machine or transport cannot do is no fault of a test. */
    private static final Predicate<String> OF_THIS_MACHINE =
            Pattern.compile(" is [^:]+: asked for [^,]+, got ").asPredicate();

    /** The registry of a JVM outlives the applications that tests start in it, one after the other. */
    private static final Predicate<String> OF_A_RESTART = Pattern.compile(
                    "MeterRegistry This Gauge has been already registered \\(MeterId\\{name='jvm\\.")
            .asPredicate();

    /** What the tests' own reader of schemas does not know does not concern it. */
    private static final Predicate<String> OF_A_SCHEMA =
            Pattern.compile("^WARN com\\.networknt\\.schema").asPredicate();

    private static final PatternFormatter LINE = new PatternFormatter("%p %c %s%e");

    private static final QuietLog INSTANCE = new QuietLog();

    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    public void beforeEach(ExtensionContext context) {
        Logger root = Logger.getLogger("");
        if (!List.of(root.getHandlers()).contains(INSTANCE)) {
            root.addHandler(INSTANCE);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Optional<Predicate<String>> announced = context.getTestMethod()
                .flatMap(QuietLog::announced)
                .map(expected -> Pattern.compile(expected).asPredicate());
        failOn(unexpected(announced.orElse(line -> false)));
    }

    /** By its name: continuous testing loads test and extension by class loaders of their own. */
    private static Optional<String> announced(Method test) {
        return Stream.of(test.getAnnotations())
                .filter(each -> each.annotationType().getName().equals(LogsAlso.class.getName()))
                .map(each -> ReflectionUtils.invokeMethod(
                        ReflectionUtils.findMethod(each.annotationType(), "value")
                                .orElseThrow(),
                        each))
                .map(String.class::cast)
                .findFirst();
    }

    /** Netty reports a leak when it allocates after the collector found it. */
    @Override
    public void afterAll(ExtensionContext context) {
        System.gc();
        for (int i = 0; i < 64; i++) {
            ByteBufAllocator.DEFAULT.directBuffer(64).release();
        }
        failOn(unexpected(line -> false));
    }

    private static List<String> unexpected(Predicate<String> announced) {
        List<String> unexpected = new ArrayList<>();
        for (String line = INSTANCE.lines.poll(); line != null; line = INSTANCE.lines.poll()) {
            if (!announced.test(line)) {
                unexpected.add(line);
            }
        }
        return unexpected;
    }

    private static void failOn(List<String> unexpected) {
        if (!unexpected.isEmpty()) {
            throw new AssertionError("unexpected in the log:\n" + String.join("\n", unexpected));
        }
    }

    @Override
    public void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
            String line = LINE.format(record);
            if (!OF_THIS_MACHINE.test(line) && !OF_A_RESTART.test(line) && !OF_A_SCHEMA.test(line)) {
                lines.add(line);
            }
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
