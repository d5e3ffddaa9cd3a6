package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tcpecho.option.SocketSettings;
import dev.tcpecho.server.EchoConfig;
import dev.tcpecho.server.FaultSettings;
import dev.tcpecho.server.ListenerConfig;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart configures is what the service reads. */
class ServiceContractTest {
    private static final JsonNode LISTENER = Chart.readYaml("values.yaml").at("/listeners/default");

    static List<Path> valuesFiles() throws IOException {
        return Chart.valuesFiles();
    }

    @Test
    void offersEverySocketOptionOfTheService() {
        Set<String> settings = methods(SocketSettings.class);
        assertThat(keys(LISTENER.get("socket"))).isEqualTo(settings);
    }

    @Test
    void offersEveryFaultOfTheService() {
        assertThat(keys(LISTENER.get("fault"))).isEqualTo(methods(FaultSettings.class));
    }

    @Test
    void offersEveryListenerSettingOfTheService() {
        Set<String> keys = keys(LISTENER);
        keys.removeAll(Set.of("servicePort", "nodePort", "tls"));
        keys.addAll(Set.of("tlsConfigurationName", "tlsClientAuth")); // what tls becomes
        assertThat(keys).isEqualTo(methods(ListenerConfig.class));
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void writesConfigurationThatTheServiceAccepts(Path values) throws IOException {
        EchoConfig config =
                ServiceVerdict.read(Chart.manifests(values, Chart.KUBERNETES).configuration());
        String host = Chart.YAML
                .readTree(values.toFile())
                .at("/listeners/default/host")
                .asText("*");
        assertThat(config.host()).contains(List.of(host));
    }

    private static Set<String> methods(Class<?> mapping) {
        return Stream.of(mapping.getMethods()).map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> keys(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toCollection(TreeSet::new));
    }
}
