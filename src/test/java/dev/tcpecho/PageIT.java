package dev.tcpecho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.Browser;
import dev.tcpecho.testing.PackagedEcho;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Transports;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page in a real browser, on the packaged service. */
class PageIT {
    private static final String HOSTILE = "<img src=/nowhere onerror=document.title='taken'>";

    /** PROXY protocol, version 2: TCP over IPv4, from 192.0.2.7:4711 to 192.0.2.8:80. */
    private static final byte[] PROXY_HEADER = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, 0x21, 0x11
    };

    private static final byte[] ADDRESSES = {(byte) 192, 0, 2, 7, (byte) 192, 0, 2, 8, 0x12, 0x67, 0, 80};
    private static final byte AUTHORITY = 2;

    private static Browser browser;

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

    private static PackagedEcho launch(int port, String... properties) {
        return PackagedEcho.launch(Transports.EPOLL, "POD_NAME=\"" + HOSTILE + "\" exec", port, properties);
    }

    @Test
    void hostileWordsStayTextAnAcceptorThatStandsFillsTheBarAndTheEndOfTheServiceIsSeen() {
        int port = Ports.free();
        int sidePort = Ports.free();
        String page = "http://localhost:" + sidePort + "/";
        try (PackagedEcho echo = launch(
                port,
                "quarkus.http.port=" + sidePort,
                "echo.mode=stream",
                "echo.connections.enabled=true",
                "echo.proxy-protocol=optional",
                "echo.trusted-proxies=127.0.0.0/8",
                "echo.listeners.shut.port=0",
                "echo.listeners.shut.fault.accept=never",
                "echo.listeners.shut.socket.accept-backlog=3")) {
            echo.awaitLine("Listening on");
            echo.awaitLine("The page: http://127.0.0.1:" + sidePort + "/");
            browser.open(page).awaitText("#facts", HOSTILE);
            try (Peer peer = echo.connect()) {
                peer.send(header()).send(HOSTILE).expect(HOSTILE);
                browser.awaitText("#connections tbody", "192.0.2.7:4711");
                browser.script("document.querySelector('#connections .more').click()");
                browser.awaitText("#connections .details", "PROXY header", HOSTILE);
            }
            assertThat(browser.script("return document.querySelectorAll('img').length"))
                    .isEqualTo(0L);
            assertThat(browser.script("return document.title")).isEqualTo("serving · " + HOSTILE + " · tcp-echo");
            assertThat(browser.text("#stale")).isEmpty();
            expectAFullQueue();
        }
        browser.awaitText("#stale", "Stale since", "does not answer");
        assertThat(browser.text("#verdict")).as("what was known stays").startsWith("Serving");
        try (PackagedEcho again = launch(port, "quarkus.http.port=" + sidePort)) {
            again.awaitLine("Listening on");
            browser.awaitGone("#stale").awaitText("#verdict", "Serving on 1 listener;", "accept queue calm");
        }
    }

    /**
     * The fault fills the queue by itself, and one more than the backlog gets in; as it is meant, the verdict is calm.
     */
    private static void expectAFullQueue() {
        browser.awaitText("[data-key=shut] .fault", "Misbehaves on purpose", "accept=never")
                .awaitText("[data-key=shut] .reading", "4 now", "max 3");
        assertThat(
                        browser.script(
                                "const bar = document.querySelector('[data-key=shut] [role=meter]');"
                                        + "return bar.getAttribute('aria-valuenow') + ' ' + bar.querySelector('.now').getAttribute('width')"))
                .isEqualTo("3 100%");
    }

    private static byte[] header() {
        byte[] text = HOSTILE.getBytes(StandardCharsets.US_ASCII);
        int length = ADDRESSES.length + 3 + text.length;
        return ByteBuffer.allocate(PROXY_HEADER.length + 2 + length)
                .put(PROXY_HEADER)
                .putShort((short) length)
                .put(ADDRESSES)
                .put(AUTHORITY)
                .putShort((short) text.length)
                .put(text)
                .array();
    }
}
