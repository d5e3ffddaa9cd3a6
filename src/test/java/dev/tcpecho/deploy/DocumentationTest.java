package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The chart's README, values, schema and version say the same. */
class DocumentationTest {
    private static final Path README = Chart.DIRECTORY.resolve("README.md");
    private static final Pattern KEY = Pattern.compile("^(?<indent> *)(?<key>[A-Za-z_][A-Za-z0-9_-]*):.*");
    private static final Pattern FIRST = Pattern.compile("^ *# -- (?<text>.*)");
    private static final Pattern NEXT = Pattern.compile("^ *# (?<text>.*)");
    /** Maps whose rarest keys are Kubernetes' own, and stand in the schema only. */
    private static final Set<String> RARE = Set.of(
            "values.podSecurityContext",
            "values.podSecurityContext.seccompProfile",
            "values.securityContext",
            "values.securityContext.capabilities",
            "values.probes.startup",
            "values.probes.liveness",
            "values.probes.readiness");

    private static final Pattern TABLE = Pattern.compile("(?s)(?<=<!-- values -->\n).*(?=<!-- /values -->)");

    @Test
    void listsEveryValueInTheReadme() throws IOException {
        JsonNode defaults = Chart.readYaml("values.yaml");
        StringBuilder table = new StringBuilder("| value | default | what it does |\n|---|---|---|\n");
        descriptions().forEach((key, description) -> {
            JsonNode value = defaults.at("/" + key.replace('.', '/'));
            String shown = value.isObject() && !value.isEmpty() ? "" : "`" + value + "`";
            table.append("| `%s` | %s | %s |%n".formatted(key, shown, description));
        });
        String readme = Files.readString(README);
        assertThat(readme).containsPattern(TABLE);
        new Snapshot(README).matches(TABLE.matcher(readme).replaceFirst(Matcher.quoteReplacement(table.toString())));
    }

    @Test
    void describesEveryValue() throws IOException {
        assertThat(descriptions())
                .allSatisfy(
                        (key, description) -> assertThat(description).as(key).endsWith("."));
    }

    /** In the order of the file; the key's own comment block, which starts with {@code # --}. */
    private static Map<String, String> descriptions() throws IOException {
        Map<String, String> descriptions = new LinkedHashMap<>();
        List<String> path = new ArrayList<>();
        StringBuilder comment = new StringBuilder();
        for (String line : Files.readAllLines(Chart.DIRECTORY.resolve("values.yaml"))) {
            Matcher first = FIRST.matcher(line);
            Matcher next = NEXT.matcher(line);
            Matcher key = KEY.matcher(line);
            if (first.matches()) {
                comment = new StringBuilder(first.group("text"));
            } else if (next.matches() && !comment.isEmpty()) {
                comment.append(' ').append(next.group("text"));
            } else if (key.matches()) {
                path.subList(key.group("indent").length() / 2, path.size()).clear();
                path.add(key.group("key"));
                descriptions.put(String.join(".", path), comment.toString());
                comment = new StringBuilder();
            }
        }
        return descriptions;
    }

    @Test
    void hasTheSameKeysInValuesAndSchema() {
        JsonNode schema = Chart.readYaml("values.schema.json");
        sameKeys("values", Chart.readYaml("values.yaml"), schema, schema);
    }

    private static void sameKeys(String path, JsonNode values, JsonNode schema, JsonNode root) {
        JsonNode rule = resolve(schema, root);
        if (!values.isObject() || values.isEmpty()) {
            return;
        }
        if (rule.has("properties")) {
            Set<String> allowed = keys(rule.get("properties"));
            allowed.remove("global");
            assertThat(keys(values)).as(path).isSubsetOf(allowed);
            if (!RARE.contains(path)) {
                assertThat(keys(values)).as(path).isEqualTo(allowed);
            }
            assertThat(rule.path("additionalProperties").asBoolean(true))
                    .as("%s takes other keys", path)
                    .isFalse();
        }
        values.properties().forEach(child -> {
            JsonNode of = rule.path("properties").path(child.getKey());
            sameKeys(
                    path + "." + child.getKey(),
                    child.getValue(),
                    of.isMissingNode() ? rule.path("additionalProperties") : of,
                    root);
        });
    }

    private static JsonNode resolve(JsonNode schema, JsonNode root) {
        return schema.has("$ref") ? root.at(schema.get("$ref").asText().substring(1)) : schema;
    }

    private static Set<String> keys(JsonNode object) {
        Set<String> keys = new TreeSet<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    @Test
    void allowsNoUnknownKeyAnywhere() {
        List<JsonNode> objects = new ArrayList<>();
        JsonNode schema = Chart.readYaml("values.schema.json");
        // A parent chart sets keys there for its other charts.
        ((ObjectNode) schema.get("properties")).remove("global");
        collectObjects(schema, objects);
        assertThat(objects).hasSizeGreaterThan(20).allSatisfy(object -> assertThat(object.has("additionalProperties")
                        && !object.get("additionalProperties").asBoolean())
                .as("%s", object)
                .isTrue());
    }

    private static void collectObjects(JsonNode node, List<JsonNode> objects) {
        if (node.path("properties").isObject()) {
            objects.add(node);
        }
        node.forEach(child -> collectObjects(child, objects));
    }

    /** A snapshot is on the way to the release of its number, so the chart carries that number. */
    @Test
    void carriesTheVersionOfThePom() throws IOException {
        Matcher pom = Pattern.compile("<artifactId>tcp-echo</artifactId>\\s*<version>(?<version>[^<]+)</version>")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(pom.find()).isTrue();
        String version = pom.group("version").replace("-SNAPSHOT", "");
        JsonNode chart = Chart.readYaml("Chart.yaml");
        assertThat(chart.get("version").asText()).isEqualTo(version);
        assertThat(chart.get("appVersion").asText()).isEqualTo(version);
        assertThat(Chart.readYaml("values.yaml").at("/image/tag").asText())
                .as("the tag follows appVersion through an upgrade")
                .isEmpty();
    }
}
