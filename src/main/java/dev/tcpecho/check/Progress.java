package dev.tcpecho.check;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** One line that is written over and over, where a person watches; else nothing. */
final class Progress {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private final PrintWriter terminal;
    private int width;

    private Progress(PrintWriter terminal) {
        this.terminal = terminal;
    }

    static Progress on(PrintWriter err) {
        return new Progress(isTerminal() ? err : null);
    }

    /**
     * {@link System#console} is there for a pipe too, since JDK 22. Where there is no /proc nobody is shown anything.
     */
    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(STANDARD_ERROR).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }

    void say(String line) {
        if (terminal != null) {
            terminal.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            terminal.flush();
            width = line.length();
        }
    }

    void end() {
        if (terminal != null) {
            terminal.print("\r" + " ".repeat(width) + "\r");
            terminal.flush();
        }
    }
}
