package dev.tcpecho.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The side port with HTTP/2, which nobody has who does not ask for it, serves both versions. */
@QuarkusTest
@TestProfile(Http2Test.Profile.class)
class Http2Test {
    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.http.test-port", "0", "echo.port", "0", "quarkus.http.http2", "true");
        }
    }

    @TestHTTPResource("/")
    URI sidePort;

    @ParameterizedTest
    @EnumSource
    void whoAsksGetsHisVersion(Version version) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder().version(version).build();
        for (String path : new String[] {"/q/health/live", "/socket-options", "/socket-options", "/q/metrics"}) {
            HttpRequest request = HttpRequest.newBuilder(sidePort.resolve(path))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.body()).isNotEmpty();
        }
    }
}
