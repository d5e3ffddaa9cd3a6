package dev.tcpecho.management;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.server.EchoServer;
import dev.tcpecho.testing.Browser;
import dev.tcpecho.testing.Peer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, on a service with a clamped buffer. */
@QuarkusTest
@TestProfile(BrowserIT.Clamped.class)
class BrowserIT {
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

    public static final class Clamped implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.ofEntries(
                    entry("quarkus.http.test-port", "0"),
                    entry("echo.port", "0"),
                    entry("echo.mode", "stream"),
                    entry("echo.connections.enabled", "true"),
                    entry("echo.socket.receive-buffer-size", "512M"),
                    entry("echo.listeners.small.port", "0"),
                    entry("echo.listeners.small.socket.accept-backlog", "3"));
        }
    }

    private static Browser browser;

    @Inject
    EchoServer service;

    @TestHTTPResource("/")
    String page;

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void openPage() {
        browser.window(1440, false).open(page).awaitText("#verdict", "Serving on 2 listeners;");
    }

    private InetSocketAddress address(int listener) {
        return service.listeners().get(listener).sockets().get(0).address();
    }

    @Test
    void saysWhatIsWrongAndWhatToType() {
        browser.awaitText("#verdict", "1 shortfall;")
                .awaitText("#findings li", "SO_RCVBUF of default is reduced: 512 MiB asked for", "net.core.rmem_max")
                .awaitText("#findings .command code", "sysctl -w net.core.rmem_max=536870912")
                .awaitText(
                        "#options tbody tr:first-child", "SO_RCVBUF", "socket and connections", "reduced", "clamped");
        assertThat(browser.script("return document.querySelector('#options tbody data').title"))
                .isEqualTo("536870912 bytes");
    }

    @Test
    void asksNobodyElseAndComplainsOfNothing() {
        browser.requests();
        browser.complaints();
        browser.open(page).awaitText("#verdict", "Serving");
        long polls = 3;
        List<String> requests = new ArrayList<>();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            requests.addAll(browser.requests());
            return requests.stream()
                            .filter(url -> url.endsWith("?details=false"))
                            .count()
                    >= polls;
        });
        assertThat(requests).allMatch(url -> url.startsWith(page));
        assertThat(browser.complaints()).isEmpty();
    }

    /** Also where the page came from elsewhere than localhost by HTTP, and the browser has no clipboard for it. */
    @Test
    void copiesTheCommandIntoTheClipboardWithAndWithoutAnInterfaceToIt() {
        browser.complaints();
        for (String interfaces : List.of("", "Object.defineProperty(navigator, 'clipboard', {value: undefined})")) {
            browser.script(interfaces);
            browser.awaitText("#findings .command code", "sysctl -w net.core.rmem_max=536870912")
                    .click("#findings button.copy");
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                            browser.script("return document.querySelector('#said').textContent"))
                    .isEqualTo("Copied: sysctl -w net.core.rmem_max=536870912"));
            browser.script("document.querySelector('#said').textContent = ''");
            assertThat(browser.paste("#filter")).isEqualTo("sysctl -w net.core.rmem_max=536870912");
        }
        assertThat(browser.complaints()).isEmpty();
    }

    /** As a service would tell it whose acceptor stands, and whose configuration took any name. */
    @Test
    void aFullQueueIsTheVerdictAndTheNameOfItsListenerStaysText() {
        changeReports("report.listeners[1].name = '<img src=/nowhere onerror=document.title=1>';"
                + "report.listeners[1].sockets[0].acceptQueue.current = 4;");
        browser.awaitText("#verdict", "accept queue full")
                .awaitText("#findings", "Accept queue of <img src=/nowhere onerror=document.title=1> holds 4 of 3")
                .awaitText("#listeners", "<img src=/nowhere", "4 now");
        assertThat(browser.script("return document.querySelectorAll('img').length"))
                .isEqualTo(0L);
        assertThat(browser.script("return document.body.dataset.tone")).isEqualTo("bad");
    }

    @Test
    void aSlowReaderIsNamedAndItsRowOpensToTcpInfo() {
        try (Peer slow = Peer.connect(address(0), 4096)) {
            slow.sending(new byte[8 << 20]);
            String peer = "127.0.0.1:" + slow.socket().getLocalPort();
            browser.awaitText("#findings", "1 slow reader", peer, "keeps the echo waiting")
                    .awaitText("#verdict", "1 slow reader");
            browser.awaitText("#connections tbody tr:first-child", peer, "receiver");
            browser.script("document.querySelector('#connections .more').click()");
            browser.awaitText(
                    "#connections .details", "TCP_INFO", "congestion window", "receiver limited", "send window");
            browser.script("document.querySelector('[data-by=sent]').click()");
            browser.awaitText("#connections th[aria-sort=descending]", "sent");
            assertThat(violations()).as("with a row opened").isEmpty();
            slow.reset();
        }
        browser.awaitText("#connections .closed", "peer reset");
    }

    @Test
    void findsOptionsAndAsksTheKernelWhatIf() {
        browser.type("#filter", "small backlog").awaitText("#options-count", "1 of");
        assertThat(browser.text("#options tbody")).contains("accept-backlog", "3");
        browser.type("#filter", "nothing-like-that").awaitText("#options .table", "No option is like that.");
        browser.script("document.querySelector('#whatif-key').value = 'accept-backlog'");
        browser.type("#whatif-value", "2000000000").click("#whatif form button");
        browser.awaitText(
                "#whatif-answer",
                "backlog of a listening socket would be",
                "reduced",
                "sysctl -w net.core.somaxconn=2000000000");
        browser.type("#whatif-value", "<b>x</b>")
                .click("#whatif form button")
                .awaitText("#whatif-answer", "accept-backlog must be");
        assertThat(browser.script("return document.querySelectorAll('#whatif-answer b').length"))
                .isEqualTo(0L);
    }

    @Test
    void fitsAndIsForEverybodyInEveryWidthAndBothColours() {
        for (boolean dark : List.of(false, true)) {
            for (int width : List.of(1440, 360)) {
                browser.window(width, dark);
                browser.picture(width + (dark ? "-dark" : "-light"));
                assertThat(violations()).as("at %d, dark %s", width, dark).isEmpty();
                assertThat(browser.isTooWide()).as("at %d", width).isFalse();
            }
        }
        for (int width : List.of(480, 800, 1024, 1100, 1260, 1920)) {
            assertThat(browser.window(width, false).isTooWide())
                    .as("at %d", width)
                    .isFalse();
        }
    }

    @Test
    void fitsWithTheLongestNameOfAListener() {
        String longest = "a".repeat(63);
        changeReports("report.listeners[1].name = '" + longest + "';");
        browser.awaitText("#listeners", longest).awaitText("#options", longest);
        for (int width : List.of(360, 970, 1024, 1100, 1150, 1220, 1280, 1440)) {
            assertThat(browser.window(width, false).isTooWide())
                    .as("at %d", width)
                    .isFalse();
        }
    }

    /** Of the reports that come from now on. */
    private static void changeReports(String script) {
        browser.script("const real = window.fetch;"
                + "window.fetch = async (path, ...rest) => {"
                + "  const answer = await real(path, ...rest);"
                + "  if (!path.startsWith('/socket-options')) return answer;"
                + "  const report = await answer.json();"
                + script
                + "  return new Response(JSON.stringify(report)); };");
    }

    /** What axe-core finds, a line each. */
    private static List<?> violations() {
        try (InputStream axe = BrowserIT.class.getResourceAsStream(AXE)) {
            browser.script(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return (List<?>)
                browser.scriptAsync(
                        "const done = arguments[arguments.length - 1];"
                                + "axe.run(document).then(found => done(found.violations.map(each => each.id + ': ' +"
                                + " each.nodes.map(node => node.html + ' ' + node.failureSummary).join(' | '))), e => done([String(e)]))");
    }

    @Test
    void keepsItselfAsOneFileThatNeedsNoService(@TempDir Path folder) throws IOException {
        browser.awaitText("#options tbody", "SO_RCVBUF");
        browser.downloadTo(folder);
        browser.click("[data-do=save]");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> files(folder).size() == 1
                        && files(folder).get(0).toString().endsWith(".html"));
        Path file = files(folder).get(0);
        assertThat(Files.readString(file)).doesNotContain("<link", "/page/");
        browser.requests();
        browser.open(file.toUri().toString());
        browser.awaitText(".evidence", "Saved 20", page)
                .awaitText("#verdict", "1 shortfall")
                .awaitText("#options tbody", "SO_RCVBUF", "512 MiB");
        assertThat(browser.script("return JSON.parse(document.getElementById('data').textContent).report.state"))
                .isEqualTo("serving");
        assertThat(browser.requests()).allMatch(url -> url.startsWith("file:") || url.startsWith("data:"));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
