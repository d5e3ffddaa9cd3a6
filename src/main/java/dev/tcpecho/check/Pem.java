package dev.tcpecho.check;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
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
    private static final Pattern LOCKED_KEY =
            Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----\\s+Proc-Type|-----BEGIN ENCRYPTED");
    private static final Pattern CERTIFICATE = Pattern.compile("-----BEGIN [A-Z0-9 ]*CERTIFICATE-----");
    private static final int MOST_BYTES = 8 << 20;
    private static final byte[] VERSION = {2, 1, 0};
    private static final byte[] RSA = {48, 13, 6, 9, 42, -122, 72, -122, -9, 13, 1, 1, 1, 5, 0};
    private static final byte[] ELLIPTIC_CURVE = {6, 7, 42, -122, 72, -50, 61, 2, 1};
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final byte PARAMETERS = (byte) 0xa0;

    private Pem() {}

    /** Certificates and the file that they are from. */
    record Chain(String file, List<X509Certificate> certificates) {}

    /** At least one. */
    static Chain certificates(String file) throws UsageError {
        byte[] content = content(file);
        try {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(content))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!certificates.isEmpty()) {
                return new Chain(file, certificates);
            }
        } catch (CertificateException e) {
            if (CERTIFICATE.matcher(text(content)).find()) {
                throw new UsageError(" " + file + ": a certificate in it is damaged");
            }
        }
        throw new UsageError(" " + file + ": no certificate in it (PEM: -----BEGIN CERTIFICATE-----)");
    }

    static PrivateKey key(String file) throws UsageError {
        String content = text(content(file));
        Matcher found = KEY.matcher(content);
        if (!found.find()) {
            throw new UsageError(" " + file
                    + (LOCKED_KEY.matcher(content).find()
                            ? ": the key in it has a password"
                            : ": no private key in it (PEM: -----BEGIN PRIVATE KEY-----)"));
        }
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(found.group("base64"));
            return key(pkcs8(found.group("form"), bytes));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UsageError(" " + file + ": the key in it is damaged, or neither RSA, EC nor EdDSA");
        }
    }

    private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // It is of another algorithm, or none.
            }
        }
        throw new InvalidKeySpecException();
    }

    private static byte[] pkcs8(String form, byte[] key) throws GeneralSecurityException {
        return switch (form) {
            case "RSA " -> der(SEQUENCE, VERSION, RSA, der(OCTETS, key));
            case "EC " -> der(SEQUENCE, VERSION, der(SEQUENCE, ELLIPTIC_CURVE, curve(key)), der(OCTETS, key));
            default -> key;
        };
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    /** Decided by the kind of failure: its words are in the system's language, or only the file's name. */
    private static byte[] content(String file) throws UsageError {
        String why;
        try {
            Path path = Path.of(file);
            if (Files.isDirectory(path)) {
                throw new UsageError(" " + file + ": a directory, not a file");
            }
            try (InputStream in = Files.newInputStream(path)) {
                byte[] content = in.readNBytes(MOST_BYTES + 1);
                if (content.length <= MOST_BYTES) {
                    return content;
                }
            }
            why = "longer than " + MOST_BYTES + " bytes";
        } catch (InvalidPathException e) {
            why = "not the name of a file";
        } catch (NoSuchFileException e) {
            why = "there is no such file";
        } catch (AccessDeniedException e) {
            why = "not readable for this user";
        } catch (IOException e) {
            why = "not readable: " + e.getMessage();
        }
        throw new UsageError(" " + file + ": " + why);
    }

    /** RFC 5915: SEQUENCE, version, the key, and behind [0] the curve. Such keys are shorter than 128 bytes a part. */
    private static byte[] curve(byte[] key) throws GeneralSecurityException {
        if (key.length < 2) {
            throw new InvalidKeySpecException();
        }
        int at = key[1] < 0 ? 2 + (key[1] & 0x7f) : 2;
        while (at + 1 < key.length && key[at] != PARAMETERS) {
            at += 2 + (key[at + 1] & 0x7f);
        }
        if (at + 1 >= key.length || key[at + 1] < 0 || at + 2 + key[at + 1] > key.length) {
            throw new InvalidKeySpecException();
        }
        return Arrays.copyOfRange(key, at + 2, at + 2 + key[at + 1]);
    }

    private static byte[] der(int tag, byte[]... parts) {
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
            der.writeBytes(part);
        }
        return der.toByteArray();
    }
}
