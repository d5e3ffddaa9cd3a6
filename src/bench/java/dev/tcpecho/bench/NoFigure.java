package dev.tcpecho.bench;

/** A server or its load did not do the work: the table has a gap there, and says why. */
final class NoFigure extends Exception {
    private static final long serialVersionUID = 1;
    private static final int LONGEST = 300;

    NoFigure(String why) {
        super(why.strip().substring(0, Math.min(LONGEST, why.strip().length())));
    }
}
