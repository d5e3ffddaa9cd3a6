package dev.tcpecho.deploy;

import dev.tcpecho.server.EchoConfig;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the service itself says of a configuration, without being started. */
final class ServiceVerdict {
    private ServiceVerdict() {}

    /** Lines of application.properties, those of the echo only. */
    static EchoConfig read(List<String> configuration) {
        return read(configuration.stream()
                .filter(line -> line.startsWith("echo."))
                .collect(Collectors.toMap(line -> line.split("=", 2)[0], line -> line.split("=", 2)[1])));
    }

    private static EchoConfig read(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(EchoConfig.class)
                .withSources(new PropertiesConfigSource(properties, "chart", 100))
                .build()
                .getConfigMapping(EchoConfig.class);
    }

    static boolean accepts(Map<String, String> properties) {
        try {
            return read(properties) != null;
        } catch (ConfigValidationException e) {
            return false;
        }
    }
}
