package dev.tcpecho.management;

import io.quarkus.runtime.LaunchMode;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * The files of the page at {@code /}: these few of the class path and no other, each read when it is first asked for.
 */
final class PageFiles {
    private static final String OURS = "/META-INF/resources/page/";
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String START = "index.html";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=UTF-8",
            "css", "text/css;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "svg", "image/svg+xml");

    /** Where each lies, by the name that it is asked for. */
    private static final Map<String, String> PLACES = places();

    /** Named, and not with quality 0. */
    private static final Pattern GZIP = Pattern.compile("\\bgzip\\b(?!\\s*;\\s*q=0(?:\\.0*)?\\s*(?:,|$))");

    private final boolean enabled;
    private final Map<String, PageFile> read = new ConcurrentHashMap<>();

    private record PageFile(Answer plain, Answer packed, String tag) {}

    PageFiles(boolean enabled) {
        this.enabled = enabled;
    }

    private static Map<String, String> places() {
        Map<String, String> places = Stream.of(
                        START,
                        "page.css",
                        "icon.svg",
                        "page.js",
                        "dom.js",
                        "format.js",
                        "service.js",
                        "verdict.js",
                        "listeners.js",
                        "options.js",
                        "strips.js",
                        "connections.js",
                        "kernel.js",
                        "evidence.js")
                .collect(Collectors.toMap(name -> name, name -> OURS + name));

        places.put("uPlot.js", UPLOT + "uPlot.iife.min.js");
        places.put("uPlot.css", UPLOT + "uPlot.min.css");
        return Map.copyOf(places);
    }

    void start(RoutingContext context) {
        send(context, START);
    }

    void file(RoutingContext context) {
        send(context, context.pathParam("file"));
    }

    private void send(RoutingContext context, String name) {
        if (!enabled) {
            Answers.error(
                    context, 404, "the page is off, as echo.side-port.page.enabled says; /openapi.yaml lists the rest");
            return;
        }
        if (name == null || !PLACES.containsKey(name)) {
            Answers.error(context, 404, "the page has no such file");
            return;
        }
        PageFile known = read.get(name);
        if (known != null) {
            send(context, known);
            return;
        }
        context.vertx()
                .executeBlocking(() -> read(name), false)
                .onSuccess(file -> send(context, file))
                .onFailure(context::fail);
    }

    private static void send(RoutingContext context, PageFile file) {
        context.response()
                .putHeader("ETag", file.tag())
                .putHeader("Cache-Control", "no-cache")
                .putHeader("Vary", "Accept-Encoding");
        String encodings = context.request().getHeader("Accept-Encoding");
        if (file.tag().equals(context.request().getHeader("If-None-Match"))) {
            context.response().setStatusCode(304).end();
        } else if (encodings != null && GZIP.matcher(encodings).find()) {
            context.response().putHeader("Content-Encoding", "gzip");
            Answers.send(context, file.packed());
        } else {
            Answers.send(context, file.plain());
        }
    }

    private PageFile read(String name) {
        try (InputStream stream = PageFiles.class.getResourceAsStream(PLACES.get(name))) {
            byte[] bytes = stream.readAllBytes();
            String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
            PageFile file = new PageFile(
                    new Answer(200, type, Buffer.buffer(bytes)),
                    new Answer(200, type, Buffer.buffer(packed(bytes))),
                    tag(bytes));
            if (LaunchMode.current() != LaunchMode.DEVELOPMENT) { // where edits are to be seen
                read.put(name, file);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] packed(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream packer = new GZIPOutputStream(packed)) {
            packer.write(bytes);
        }
        return packed.toByteArray();
    }

    /** Weak: packed or not, it is the same to a browser. */
    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"'
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(digest)
                            .substring(0, 16)
                    + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
