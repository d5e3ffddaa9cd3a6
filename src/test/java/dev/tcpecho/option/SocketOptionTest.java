package dev.tcpecho.option;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.kernel.Sysctl;
import io.smallrye.config.WithConverter;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The catalogue fits what surrounds it. */
class SocketOptionTest {
    /** What no pod of the chart can do: it drops all capabilities. */
    private static final Set<SocketOption> NOT_IN_THE_CHART = Set.of(SocketOption.SO_MARK);

    @Test
    void everyKeyIsInTheCatalogueAndTheCatalogueNamesNoOther() {
        Set<String> keys = Stream.of(SocketSettings.class.getMethods())
                .map(method -> method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        assertThat(Stream.of(SocketOption.values()).map(SocketOption::key).filter(Objects::nonNull))
                .hasSameElementsAs(keys);
    }

    /** Adding an option is adding a row: what else has to know of it is named here, and not left to be found. */
    @Test
    void everyKeyStandsWhereUsersAndOperatorsLook() throws IOException {
        String manual = Files.readString(Path.of("src/site/markdown/configuration.md"));
        JsonObject chart = new JsonObject(Files.readString(Path.of("deploy/helm/tcp-echo/values.schema.json")))
                .getJsonObject("definitions")
                .getJsonObject("socket")
                .getJsonObject("properties");
        String values = Files.readString(Path.of("deploy/helm/tcp-echo/values.yaml"));
        List<String> missing = new ArrayList<>();
        for (SocketOption option : SocketOption.values()) {
            String key = option.key();
            if (key == null) {
                continue;
            }
            String camel = Pattern.compile("-(.)").matcher(key).replaceAll(found -> found.group(1)
                    .toUpperCase(Locale.ROOT));
            Method setting = setting(camel);
            if (setting == null) {
                missing.add(option + ": SocketSettings." + camel + "()");
            } else if (!isBounded(setting)) {
                missing.add(option + ": @WithConverter of Bounds on SocketSettings." + camel + "()");
            }
            if (!manual.contains("| `echo.socket." + key + "` |")) {
                missing.add(option + ": a row of `echo.socket." + key + "` in configuration.md");
            }
            if (!manual.contains(option == SocketOption.BACKLOG ? "listen() backlog" : option.kernelName())) {
                missing.add(option + ": " + option.kernelName() + " in configuration.md");
            }
            if (!NOT_IN_THE_CHART.contains(option)
                    && (!chart.containsKey(camel) || !values.contains("      " + camel + ":"))) {
                missing.add(option + ": " + camel + " in the chart's values.schema.json and values.yaml");
            }
        }
        assertThat(missing).isEmpty();
    }

    private static Method setting(String name) {
        return Stream.of(SocketSettings.class.getMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** A flag and a name have no bounds of their own. */
    private static boolean isBounded(Method setting) {
        String type = setting.getGenericReturnType().getTypeName();
        return setting.isAnnotationPresent(WithConverter.class)
                || type.equals("boolean")
                || type.contains("java.lang.Boolean")
                || type.contains("java.lang.String");
    }

    @Test
    void everySysctlGovernsAnOption() {
        assertThat(Sysctl.values()).allSatisfy(sysctl -> assertThat(SocketOption.governedBy(sysctl))
                .as(sysctl.key())
                .isNotEmpty());
    }

    @Test
    void numbersAreThoseOfNobodyElse() {
        assertThat(Stream.of(SocketOption.values())
                        .filter(SocketOption::hasNumber)
                        .map(option -> option.level() + " " + option.number()))
                .doesNotHaveDuplicates();
    }
}
