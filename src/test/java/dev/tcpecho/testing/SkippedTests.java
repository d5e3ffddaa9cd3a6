package dev.tcpecho.testing;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Says on the console which test was left out and why: a count alone hides what this machine could not try. */
public final class SkippedTests implements TestExecutionListener {
    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        tell(test, reason);
    }

    /** An assumption that did not hold. */
    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            tell(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
        }
    }

    private static void tell(TestIdentifier test, String reason) {
        System.out.println("left out: "
                + test.getSource().map(SkippedTests::name).orElse("") + " " + test.getDisplayName() + ": " + reason);
    }

    private static String name(TestSource source) {
        return source instanceof MethodSource method
                ? method.getClassName() + "." + method.getMethodName()
                : source instanceof ClassSource type ? type.getClassName() : source.toString();
    }
}
