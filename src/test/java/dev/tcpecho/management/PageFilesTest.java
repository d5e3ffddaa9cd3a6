package dev.tcpecho.management;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page is made of, as a browser gets it. */
@QuarkusTest
@TestProfile(SidePortTest.Profile.class)
class PageFilesTest {
    private static final Path SOURCES = Path.of("src/main/resources/META-INF/resources/page");
    private static final Pattern NAMED = Pattern.compile("(?:href|src)=\"(/page/[^\"]+)\"|from '(\\./[^']+)'");

    @Test
    void isSmallAndWholeAndOfThisHost() throws IOException {
        Map<String, Integer> sizes = new TreeMap<>();
        Deque<String> open = new ArrayDeque<>(Stream.of("/").toList());
        while (!open.isEmpty()) {
            String path = open.pop();
            Response response = given().get(path);
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            assertThat(response.header("Content-Encoding")).isEqualTo("gzip");
            assertThat(response.header("Content-Security-Policy")).startsWith("default-src 'self';");
            sizes.put(path, Integer.parseInt(response.header("Content-Length")));
            String body = response.asString();
            if (!path.contains("uPlot")) {
                assertThat(body)
                        .as(path)
                        .doesNotContain("https://", "innerHTML", "outerHTML =", "<script>", "onclick=", "eval(");
                NAMED.matcher(body)
                        .results()
                        .map(PageFilesTest::path)
                        .filter(named -> !sizes.containsKey(named) && !open.contains(named))
                        .forEach(open::push);
            }
        }
        assertThat(sizes.values().stream().mapToInt(each -> each).sum())
                .as("%s", sizes)
                .isLessThan(100_000);
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertThat(files.map(file -> "/page/" + file.getFileName())
                            .filter(file -> !file.endsWith("index.html"))
                            .collect(Collectors.toSet()))
                    .as("every file in %s is used", SOURCES)
                    .isSubsetOf(sizes.keySet());
        }
    }

    private static String path(MatchResult named) {
        return named.group(1) != null ? named.group(1) : named.group(2).replaceFirst("\\./", "/page/");
    }

    @Test
    void isSentOnceToWhoHasIt() {
        String tag = given().get("/")
                .then()
                .header("Cache-Control", "no-cache")
                .extract()
                .header("ETag");
        given().header("If-None-Match", tag).get("/").then().statusCode(304).header("ETag", tag);
        given().header("If-None-Match", "W/\"another\"").get("/").then().statusCode(200);
        given().header("Accept-Encoding", "gzip;q=0")
                .get("/")
                .then()
                .statusCode(200)
                .header("Content-Encoding", equalTo(null))
                .contentType("text/html;charset=UTF-8")
                .body(containsString("<noscript>"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/page/",
                "/page/nothing.js",
                "/page/..%2F..%2Fapplication.properties",
                "/page/%2e%2e/index.html",
                "/index.html",
                "/META-INF/resources/page/page.js",
                "/webjars/uplot/1.6.30/dist/uPlot.esm.js",
                "/webjars/axe-core/4.6.3/axe.min.js",
                "/favicon.ico"
            })
    void isNoWayToOtherFiles(String path) {
        given().urlEncodingEnabled(false).get(path).then().statusCode(404).body("error", containsString("no such"));
    }

    @Test
    void isReadOnly() {
        RestAssured.given().post("/").then().statusCode(405);
        RestAssured.head("/").then().statusCode(200);
    }
}
