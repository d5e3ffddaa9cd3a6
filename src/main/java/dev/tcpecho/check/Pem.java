package dev.tcpecho.check;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as files have them: PKCS #8, and the older forms that cert-manager writes by default. */
final class Pem {
    private static final Pattern KEY = Pattern.compile(
            "-----BEGIN (?<form>|RSA |EC )PRIVATE KEY-----(?<base64>[A-Za-z0-9+/=\\s]+)-----END \\k<form>PRIVATE KEY-----");
    private static final byte[] VERSION = {2, 1, 0};
    private static final byte[] RSA = {48, 13, 6, 9, 42, -122, 72, -122, -9, 13, 1, 1, 1, 5, 0};
    private static final byte[] ELLIPTIC_CURVE = {6, 7, 42, -122, 72, -50, 61, 2, 1};
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final byte PARAMETERS = (byte) 0xa0;

    private Pem() {}

    /** At least one. */
    static List<X509Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (certificates.isEmpty()) {
                throw new GeneralSecurityException("no certificate in " + file);
            }
            return certificates;
        }
    }

    static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        Matcher found = KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        if (!found.find()) {
            throw new GeneralSecurityException("no private key in PEM, or one with a password, in " + file);
        }
        byte[] bytes = Base64.getMimeDecoder().decode(found.group("base64"));
        PKCS8EncodedKeySpec key = new PKCS8EncodedKeySpec(
                switch (found.group("form")) {
                    case "RSA " -> der(SEQUENCE, VERSION, RSA, der(OCTETS, bytes));
                    case "EC " ->
                        der(SEQUENCE, VERSION, der(SEQUENCE, ELLIPTIC_CURVE, curve(bytes)), der(OCTETS, bytes));
                    default -> bytes;
                });
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(key);
            } catch (InvalidKeySpecException e) {
                // It is of another algorithm, or none.
            }
        }
        throw new GeneralSecurityException("no RSA, EC or EdDSA key in " + file);
    }

    /** RFC 5915: SEQUENCE, version, the key, and behind [0] the curve. Such keys are shorter than 128 bytes a part. */
    private static byte[] curve(byte[] key) throws GeneralSecurityException {
        int at = key[1] < 0 ? 2 + (key[1] & 0x7f) : 2;
        while (at + 1 < key.length && key[at] != PARAMETERS) {
            at += 2 + (key[at + 1] & 0x7f);
        }
        if (at + 1 >= key.length || at + 2 + key[at + 1] > key.length) {
            throw new GeneralSecurityException("the key does not say its curve");
        }
        return Arrays.copyOfRange(key, at + 2, at + 2 + key[at + 1]);
    }

    private static byte[] der(int tag, byte[]... parts) throws IOException {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteArrayOutputStream der = new ByteArrayOutputStream();
        der.write(tag);
        if (length < 0x80) {
            der.write(length);
        } else if (length < 0x100) {
            der.writeBytes(new byte[] {(byte) 0x81, (byte) length});
        } else {
            der.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length});
        }
        for (byte[] part : parts) {
            der.write(part);
        }
        return der.toByteArray();
    }
}
