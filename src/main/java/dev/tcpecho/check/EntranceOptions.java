package dev.tcpecho.check;

import dev.tcpecho.check.Pem.Chain;
import java.security.PrivateKey;
import javax.net.ssl.SNIHostName;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say how to get in. */
final class EntranceOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--tls", description = "speak TLS to HOST:PORT")
    private boolean tls;

    @Option(names = "--ca", paramLabel = "FILE", description = "PEM of the certificates to believe, not the JVM's own")
    private Chain authority;

    @Option(names = "--cert", paramLabel = "FILE", description = "PEM of our own certificate and its chain")
    private Chain certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "PEM of its key, without a password")
    private PrivateKey key;

    @Option(
            names = "--sni",
            paramLabel = "NAME",
            converter = NameConverter.class,
            description = "the name to ask for and to expect in the certificate, instead of HOST")
    private String name;

    @Option(
            names = "--send-proxy",
            paramLabel = "v1|v2",
            description = "begin with a PROXY header that names our own connection")
    private ProxyHeader header;

    private static final class NameConverter implements ITypeConverter<String> {
        @Override
        public String convert(String text) throws UsageError {
            try {
                return new SNIHostName(text).getAsciiName();
            } catch (IllegalArgumentException e) {
                throw new UsageError(" takes a host name, not " + text);
            }
        }
    }

    /** For the listener itself. */
    Dialer dialer() {
        if (!tls && (authority != null || certificate != null || key != null || name != null)) {
            throw wrong("--ca, --cert, --key and --sni need --tls");
        }
        return new Dialer(new Entrance(header, tls ? tls() : null));
    }

    /** For the side port, which has no PROXY header, and TLS where the address begins with https. */
    Dialer http(Url url) {
        return new Dialer(url.secure() ? new Entrance(null, tls()) : Entrance.NONE);
    }

    boolean speaksTls() {
        return tls;
    }

    private Tls tls() {
        if ((certificate == null) != (key == null)) {
            throw wrong("--cert and --key need each other");
        }
        try {
            return Tls.of(authority, certificate, key, name);
        } catch (UsageError e) {
            throw wrong(e.getMessage());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
