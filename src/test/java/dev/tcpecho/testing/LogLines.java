package dev.tcpecho.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/** The messages that one log category gets, at every level, while this is open. */
public final class LogLines extends Handler implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final PatternFormatter formatter = new PatternFormatter("%s");
    private final Logger logger;
    private final Level before;

    private LogLines(String category) {
        logger = Logger.getLogger(category);
        before = logger.getLevel();
        logger.setLevel(Level.ALL);
        logger.addHandler(this);
        setLevel(Level.ALL);
    }

    public static LogLines at(String category) {
        return new LogLines(category);
    }

    @Override
    public void publish(LogRecord record) {
        lines.add(formatter.format(record));
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void flush() {
        // nothing is buffered
    }

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(before);
    }
}
