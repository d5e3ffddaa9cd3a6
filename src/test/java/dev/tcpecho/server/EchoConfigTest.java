package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tcpecho.option.Bounds;
import dev.tcpecho.option.SocketSettings;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithConverter;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From properties and environment variables to the configuration, or to the list of what is wrong. */
class EchoConfigTest {
    private final Locale locale = Locale.getDefault();

    @AfterEach
    void backToTheLocaleOfBefore() {
        Locale.setDefault(locale);
    }

    private static EchoConfig config(Map<String, String> environment, Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredInterceptors()
                .addDiscoveredConverters()
                .withMapping(EchoConfig.class)
                .withSources(new EnvConfigSource(environment, 300), new PropertiesConfigSource(properties, "file", 250))
                .build()
                .getConfigMapping(EchoConfig.class);
    }

    private static List<String> problems(Map<String, String> environment, Map<String, String> properties) {
        ConfigValidationException invalid =
                catchThrowableOfType(ConfigValidationException.class, () -> config(environment, properties));
        assertThat(invalid).as("configuration is valid").isNotNull();
        return IntStream.range(0, invalid.getProblemCount())
                .mapToObj(i -> invalid.getProblem(i).getMessage())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1,",
                ",127.0.0.1",
                "127.0.0.1, ",
                "127.0.0.1,,::1",
                ",",
                " ",
                " , ",
                "127.0.0.1,${NONE:}"
            })
    void aBlankElementOfAListIsRefusedWithItsKey(String hosts) {
        assertThat(problems(Map.of(), Map.of("echo.host", hosts)))
                .singleElement()
                .asString()
                .contains("echo.host: ");
        assertThat(problems(Map.of("ECHO_HOST", hosts), Map.of()))
                .singleElement()
                .asString()
                .contains("echo.host: ");
        assertThat(problems(Map.of(), Map.of("echo.listeners.bulk.host", hosts)))
                .singleElement()
                .asString()
                .contains("echo.listeners.bulk.host: ");
    }

    @Test
    void aStarStandsAlone() {
        assertThat(problems(Map.of(), Map.of("echo.host", "127.0.0.1,*")))
                .singleElement()
                .asString()
                .contains("echo.host: *");
        assertThat(config(Map.of(), Map.of("echo.host", "*")).host()).contains(List.of("*"));
    }

    @Test
    void onlyTheWholeValueBeingEmptyIsEmpty() {
        assertThat(config(Map.of(), Map.of("echo.host", "")).host()).isEmpty();
        assertThat(config(Map.of("ECHO_HOST", ""), Map.of("echo.host", "127.0.0.1"))
                        .host())
                .isEmpty();
        assertThat(config(Map.of(), Map.of()).host()).contains(List.of("127.0.0.1"));
    }

    /** The mapping takes an optional key for unset then: all interfaces, no TLS, any Host. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo.host",
                "echo.host[0]",
                "echo.tls-configuration-name",
                "echo.trusted-proxies",
                "echo.side-port.hosts",
                "echo.socket.receive-buffer-size",
                "echo.fault.read",
                "echo.listeners.bulk.host",
                "echo.listeners.default.host",
                "echo.mode"
            })
    void aPlaceholderThatNothingFillsInIsRefusedWithItsKey(String key) {
        assertThat(problems(Map.of(), Map.of(key, "${POD_ADDRESS}")))
                .anyMatch(problem -> problem.contains(key.replace("listeners.default.", "") + ": ")
                        && problem.contains("${POD_ADDRESS}"));
        assertThat(problems(Map.of("POD_ADDRESS", "${NODE_ADDRESS}"), Map.of(key, "${POD_ADDRESS}")))
                .isNotEmpty();
    }

    @Test
    void hostsMayBeGivenOneByOne() {
        assertThat(config(Map.of(), Map.of("echo.host[0]", "127.0.0.1", "echo.host[1]", "::1"))
                        .host())
                .contains(List.of("127.0.0.1", "::1"));
        assertThat(config(Map.of("ECHO_LISTENERS_MY_BULK_HOST_0_", "::1"), Map.of())
                        .listeners()
                        .get("my-bulk")
                        .host())
                .contains(List.of("::1"));
        assertThat(problems(Map.of(), Map.of("echo.host[0]", "127.0.0.1", "echo.host[1]", " ")))
                .singleElement()
                .asString()
                .contains("echo.host[1]: ");
    }

    @Test
    void theListenerCalledDefaultIsTheDefaultListener() {
        EchoConfig config = config(
                Map.of("ECHO_LISTENERS_DEFAULT_MODE", "stream", "ECHO_READ_LIMIT", "7"),
                Map.of(
                        "echo.port", "1",
                        "echo.listeners.default.read-limit", "8",
                        "echo.listeners.default.port", "2",
                        "echo.listeners.default.socket.accept-backlog", "9",
                        "echo.listeners.\"default\".host[0]", "::1",
                        "echo.mode", "once"));
        assertThat(config.listeners()).isEmpty();
        assertThat(config.port()).as("in one source the longer name counts").isEqualTo(2);
        assertThat(config.readLimit()).as("the environment before the file").isEqualTo(7);
        assertThat(config.mode()).isEqualTo(EchoMode.STREAM);
        assertThat(config.socket().acceptBacklog()).isEqualTo(9);
        assertThat(config.host()).contains(List.of("::1"));
        assertThat(config.idleTimeout()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void anUnknownKeyOfTheDefaultListenerIsNamedAsItWasWritten() {
        assertThat(problems(Map.of(), Map.of("echo.listeners.default.bogus", "1")))
                .singleElement()
                .asString()
                .contains("echo.listeners.default.bogus");
        assertThat(problems(Map.of(), Map.of("echo.listeners.default.port", "-1")))
                .singleElement()
                .asString()
                .contains("echo.listeners.default.port");
    }

    @Test
    void everyUnknownVariableIsListed() {
        assertThat(problems(
                        Map.of(
                                "ECHO_PROT", "7",
                                "ECHO_LISTENERS_BULK_MOD", "stream",
                                "ECHO_LISTENERS_MY_BULK_MOD", "stream",
                                "ECHO_SOCKET_NO_DELAY", "false",
                                "echo.bogus", "1",
                                "ECHO_READ_LIMIT", "0"),
                        Map.of("echo.nonsense", "1")))
                .hasSize(7)
                .anyMatch(problem -> problem.contains("ECHO_PROT"))
                .anyMatch(problem -> problem.contains("ECHO_LISTENERS_BULK_MOD"))
                .anyMatch(problem -> problem.contains("ECHO_LISTENERS_MY_BULK_MOD"))
                .anyMatch(problem -> problem.contains("ECHO_SOCKET_NO_DELAY"))
                .anyMatch(problem -> problem.contains("echo.bogus"))
                .anyMatch(problem -> problem.contains("echo.read-limit"))
                .anyMatch(problem -> problem.contains("echo.nonsense"));
    }

    /** What Kubernetes injects for Services called echo and echo-canary. */
    @Test
    void serviceLinksAreNoMistakes() {
        EchoConfig config = config(
                Map.ofEntries(
                        Map.entry("ECHO_SERVICE_HOST", "10.96.0.1"),
                        Map.entry("ECHO_SERVICE_PORT", "8888"),
                        Map.entry("ECHO_SERVICE_PORT_TCP_ECHO", "8888"),
                        Map.entry("ECHO_PORT_8888_TCP", "tcp://10.96.0.1:8888"),
                        Map.entry("ECHO_PORT_8888_TCP_PROTO", "tcp"),
                        Map.entry("ECHO_PORT_8888_TCP_PORT", "8888"),
                        Map.entry("ECHO_PORT_8888_TCP_ADDR", "10.96.0.1"),
                        Map.entry("ECHO_CANARY_SERVICE_HOST", "10.96.0.2"),
                        Map.entry("ECHO_CANARY_PORT", "tcp://10.96.0.2:8888")),
                Map.of());
        assertThat(config.port()).isEqualTo(8888);
        assertThat(config.listeners()).isEmpty();
    }

    /** Their names look like keys of listeners: port-8888-tcp, and bulk-service. */
    @Test
    void serviceLinksMakeNoListener() {
        Map<String, String> links = new HashMap<>();
        for (String service : List.of("ECHO_LISTENERS", "ECHO_LISTENERS_SELF_CHECK")) {
            links.put(service + "_SERVICE_HOST", "10.96.0.1");
            links.put(service + "_SERVICE_PORT", "8888");
            links.put(service + "_SERVICE_PORT_MODE", "8888");
            links.put(service + "_PORT_8888_TCP", "tcp://10.96.0.1:8888");
            links.put(service + "_PORT_8888_TCP_PROTO", "tcp");
            links.put(service + "_PORT_8888_TCP_PORT", "8888");
            links.put(service + "_PORT_8888_TCP_ADDR", "10.96.0.1");
        }
        links.put("ECHO_LISTENERS_PORT", "tcp://10.96.0.1:8888");
        links.put("ECHO_LISTENERS_SELF_CHECK_PORT", "tcp://10.96.0.1:8888");
        assertThat(problems(links, Map.of()))
                .as("its own port is the one that a listener may be meant by")
                .singleElement()
                .asString()
                .contains("echo.listeners.self-check.port", "enableServiceLinks: false");
        links.keySet().removeIf(variable -> variable.contains("SELF_CHECK"));
        assertThat(config(links, Map.of()).listeners()).isEmpty();
        assertThat(config(Map.of("ECHO_LISTENERS_BULK_SERVICE_PORT", "7"), Map.of())
                        .listeners())
                .as("of no Service")
                .containsOnlyKeys("bulk-service");
    }

    @Test
    void aServiceCalledEchoIsExplained() {
        assertThat(problems(Map.of("ECHO_PORT", "tcp://10.96.0.1:8888"), Map.of()))
                .singleElement()
                .asString()
                .contains("echo.port", "tcp://10.96.0.1:8888", "Kubernetes", "enableServiceLinks: false");
        assertThat(problems(Map.of("ECHO_LISTENERS_BULK_PORT", "tcp://10.96.0.1:8888"), Map.of()))
                .singleElement()
                .asString()
                .contains("echo.listeners.bulk.port", "enableServiceLinks: false");
    }

    @Test
    void anUnderscoreInAVariableIsADashInTheListenersName() {
        EchoConfig config = config(
                Map.of(
                        "ECHO_LISTENERS_MY_BULK_PORT", "1",
                        "ECHO_LISTENERS_MY_BULK_SOCKET_REUSE_PORT", "off",
                        "ECHO_LISTENERS_MY_BULK_MAX_CONNECTIONS", "3",
                        "ECHO_LISTENERS_PLAIN_IDLE_TIMEOUT", "5S",
                        "ECHO_LISTENERS_A_B_C_MODE", "stream"),
                Map.of());
        assertThat(config.listeners()).containsOnlyKeys("my-bulk", "plain", "a-b-c");
        assertThat(config.listeners().get("my-bulk").port()).isEqualTo(1);
        assertThat(config.listeners().get("my-bulk").maxConnections()).isEqualTo(3);
        assertThat(config.listeners().get("my-bulk").socket().reusePort()).isFalse();
        assertThat(config.listeners().get("plain").idleTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.listeners().get("a-b-c").mode()).isEqualTo(EchoMode.STREAM);
    }

    @Test
    void aVariableSetsTheListenerThatAFileNames() {
        EchoConfig config = config(
                Map.of(
                        "ECHO_LISTENERS_MY_BULK_PORT", "1",
                        "ECHO_LISTENERS_MY_BULK_READ_LIMIT", "2",
                        "ECHO_LISTENERS__NEW_NAME__PORT", "3"),
                Map.of("echo.listeners.my_bulk.port", "9", "echo.listeners.\"new.name\".port", "9"));
        assertThat(config.listeners()).containsOnlyKeys("my_bulk", "new.name");
        assertThat(config.listeners().get("my_bulk").port()).isEqualTo(1);
        assertThat(config.listeners().get("my_bulk").readLimit()).isEqualTo(2);
        assertThat(config.listeners().get("new.name").port()).isEqualTo(3);
    }

    @Test
    void aVariableMayHaveTheNameOfTheKey() {
        EchoConfig config = config(
                Map.of("echo.port", "1", "echo.listeners.my_bulk.port", "2", "echo.listeners.\"new.name\".port", "3"),
                Map.of());
        assertThat(config.port()).isEqualTo(1);
        assertThat(config.listeners()).containsOnlyKeys("my_bulk", "new.name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\nb", "\u001b[31m", "\u202egnp", "größe", "a/b", "a:b"})
    void aListenersNameHasPlainCharacters(String name) {
        assertThat(problems(
                        Map.of(),
                        Map.of(
                                "echo.listeners.\"" + name + "\".port", "1",
                                "echo.listeners.\"" + name + "\".mode", "stream")))
                .hasSize(2)
                .allMatch(problem -> problem.contains("echo.listeners.\"" + name + "\"."));
    }

    @Test
    void aListenersNameHas63CharactersAtMost() {
        assertThat(config(Map.of(), Map.of("echo.listeners." + "x".repeat(63) + ".port", "1"))
                        .listeners())
                .hasSize(1);
        assertThat(problems(Map.of(), Map.of("echo.listeners." + "x".repeat(64) + ".port", "1")))
                .hasSize(1);
        assertThat(problems(Map.of(), Map.of("echo.listeners." + "x".repeat(10000) + ".port", "1")))
                .hasSize(1);
    }

    @Test
    void namesWithDotsTakeQuotesInAdvice() {
        assertThat(EchoKeys.property("new.name", "port")).isEqualTo("echo.listeners.\"new.name\".port");
        assertThat(EchoKeys.property("my-bulk_1", "port")).isEqualTo("echo.listeners.my-bulk_1.port");
        assertThat(EchoKeys.property("default", "port")).isEqualTo("echo.port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tr-TR", "de-DE"})
    void theEnvironmentAloneIsEnoughInAnyLocale(String tag) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        EchoConfig config = config(
                Map.of(
                        "ECHO_IDLE_TIMEOUT", "1500ms",
                        "ECHO_SHORTFALL", "FAIL",
                        "ECHO_SOCKET_PRIORITY", "3",
                        "ECHO_SOCKET_TCP_KEEP_ALIVE_IDLE", "7s",
                        "ECHO_LISTENERS_ISTANBUL_MAIN_MODE", "STREAM",
                        "ECHO_LISTENERS_ISTANBUL_MAIN_SOCKET_TIME_TO_LIVE", "9",
                        "ECHO_CONNECTIONS_ENABLED", "ON"),
                Map.of());
        assertThat(config.idleTimeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(config.shortfall()).isEqualTo(ShortfallPolicy.FAIL);
        assertThat(config.socket().priority()).contains(3);
        assertThat(config.socket().tcpKeepAliveIdle()).contains(Duration.ofSeconds(7));
        assertThat(config.listeners()).containsOnlyKeys("istanbul-main");
        assertThat(config.listeners().get("istanbul-main").mode()).isEqualTo(EchoMode.STREAM);
        assertThat(config.listeners().get("istanbul-main").socket().timeToLive())
                .contains(9);
        assertThat(config.connections().enabled()).isTrue();
    }

    @Test
    void everyFlagIsReadStrictly() {
        assertThat(Stream.of(EchoConfig.class, ListenerConfig.class, SocketSettings.class)
                        .flatMap(type -> Stream.concat(Stream.of(type), Stream.of(type.getDeclaredClasses())))
                        .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                        .filter(EchoConfigTest::isFlag))
                .isNotEmpty()
                .allSatisfy(method -> assertThat(method.getAnnotation(WithConverter.class))
                        .as(method.toString())
                        .isNotNull()
                        .extracting(WithConverter::value)
                        .isEqualTo(Bounds.Flag.class));
    }

    private static boolean isFlag(Method method) {
        return method.getReturnType() == boolean.class
                || method.getReturnType() == Optional.class
                        && method.getGenericReturnType().getTypeName().contains("Boolean");
    }
}
