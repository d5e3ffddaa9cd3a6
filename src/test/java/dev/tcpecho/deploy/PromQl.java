package dev.tcpecho.deploy;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The metric and label names in a PromQL query; as much of the language as alerts and dashboard use. */
record PromQl(Set<String> metrics, Set<String> labels) {
    private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Pattern SELECTOR = Pattern.compile("\\{([^}]*)}");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool");

    static PromQl parse(String query) {
        Set<String> labels = new TreeSet<>();
        String rest = RANGE.matcher(STRING.matcher(query).replaceAll("")).replaceAll("");
        for (Pattern part : new Pattern[] {SELECTOR, GROUPING}) {
            Matcher matcher = part.matcher(rest);
            matcher.results()
                    .forEach(match -> NAME.matcher(match.group(1)).results().forEach(name -> labels.add(name.group())));
            rest = matcher.replaceAll("");
        }
        Set<String> metrics = new TreeSet<>();
        Matcher names = NAME.matcher(rest);
        while (names.find()) {
            boolean isFunction = rest.substring(names.end()).stripLeading().startsWith("(");
            if (!isFunction && !OPERATORS.contains(names.group())) {
                metrics.add(names.group());
            }
        }
        return new PromQl(metrics, labels);
    }
}
