package dev.tcpecho.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A self-signed certificate on P-256 and its key, both in PEM. */
record KeyPair(Path certificate, Path key) {
    /** By openssl; empty without it. */
    static Optional<KeyPair> make() throws IOException {
        Path folder = Files.createDirectories(Settings.FOLDER).toAbsolutePath();
        KeyPair pair = new KeyPair(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
        return Tools.find("openssl")
                .flatMap(openssl -> Tools.output(List.of(
                        openssl.toString(),
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:prime256v1",
                        "-nodes",
                        "-days",
                        "30",
                        "-subj",
                        "/CN=localhost",
                        "-keyout",
                        pair.key().toString(),
                        "-out",
                        pair.certificate().toString())))
                .map(made -> pair);
    }
}
