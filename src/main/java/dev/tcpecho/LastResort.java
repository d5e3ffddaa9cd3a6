package dev.tcpecho;

/**
 * Ends the process with status 1 and a line when the JVM itself fails it, such as with no room for one class more, and
 * nobody deals with that: whichever thread it is, the service without it would wait for ever, deaf even to signals. It
 * needs no class that is not loaded with it; a concatenation would.
 */
final class LastResort implements Thread.UncaughtExceptionHandler {
    /** For all threads that have no handler of their own. */
    static void install() {
        Thread.setDefaultUncaughtExceptionHandler(new LastResort());
    }

    @Override
    public void uncaughtException(Thread thread, Throwable cause) {
        if (cause instanceof VirtualMachineError || cause instanceof LinkageError) {
            endAtOnce("tcp-echo cannot go on: ", cause);
        }
        System.err.print("Exception in thread ");
        System.err.println(thread.getName());
        cause.printStackTrace();
    }

    /** @param why the words before the cause */
    static void endAtOnce(String why, Throwable cause) {
        try {
            System.err.print(why);
            System.err.println(cause);
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }
}
