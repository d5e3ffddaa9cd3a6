package dev.tcpecho.check;

/** Text that came from outside, made harmless for a terminal, a log and whoever reads the result line by line. */
final class Printable {
    private static final int MOST = 300;

    private Printable() {}

    /** At most 300 characters, then dots; what a terminal would act on is written as an escape. */
    static String of(Object value) {
        String text = String.valueOf(value);
        StringBuilder safe = new StringBuilder();
        int at = 0;
        for (int count = 0; at < text.length() && count < MOST; count++) {
            int character = text.codePointAt(at);
            safe.append(isHarmless(character) ? Character.toString(character) : escaped(character));
            at += Character.charCount(character);
        }
        return at < text.length() ? safe + "..." : safe.toString();
    }

    /** JSON that is ASCII: a terminal acts on characters above 127 too, and inside strings \\u says the same. */
    static String json(String encoded) {
        StringBuilder ascii = new StringBuilder(encoded.length());
        encoded.chars().forEach(c -> {
            if (c < 0x7f) {
                ascii.append((char) c);
            } else {
                ascii.append("\\u").append(Integer.toHexString(0x10000 + c), 1, 5);
            }
        });
        return ascii.toString();
    }

    /** Neither control nor format characters (right-to-left marks are such), nor line ends, nor halves of a pair. */
    private static boolean isHarmless(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> character != '\\';
        };
    }

    private static String escaped(int character) {
        return switch (character) {
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> "\\u{" + Integer.toHexString(character) + "}";
        };
    }
}
