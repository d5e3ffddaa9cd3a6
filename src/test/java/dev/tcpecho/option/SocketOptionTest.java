package dev.tcpecho.option;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.kernel.Sysctl;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The catalogue fits what surrounds it. */
class SocketOptionTest {
    @Test
    void everyKeyIsInTheCatalogueAndTheCatalogueNamesNoOther() {
        Set<String> keys = Stream.of(SocketSettings.class.getMethods())
                .map(method -> method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        assertThat(Stream.of(SocketOption.values()).map(SocketOption::key).filter(Objects::nonNull))
                .hasSameElementsAs(keys);
    }

    @Test
    void sysctlsGovernOptionsOfTheCatalogue() {
        assertThat(Stream.of(SocketOption.values()).map(SocketOption::kernelName))
                .containsAll(Stream.of(Sysctl.values())
                        .flatMap(sysctl -> sysctl.governs().stream())
                        .distinct()
                        .toList());
    }
}
