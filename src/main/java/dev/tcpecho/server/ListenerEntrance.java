package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.Entrance;
import dev.tcpecho.net.ProxyMode;
import dev.tcpecho.net.ProxyOutcome;
import dev.tcpecho.net.ProxyPolicy;
import dev.tcpecho.net.TlsClientAuth;
import dev.tcpecho.net.TlsEntrance;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * What stands in front of the connections of one listener, as its configuration asks: PROXY header, then TLS, then
 * faults.
 */
final class ListenerEntrance {
    private static final Logger LOG = Logger.getLogger(ListenerEntrance.class);

    private final String listener;
    private final ListenerConfig config;
    private final Traffic traffic;
    private final Optional<TlsKeys> keys;
    private final Rarely untrusted = new Rarely();

    /** @throws StartException when the keys of its TLS configuration cannot be used */
    ListenerEntrance(String listener, ListenerConfig config, Traffic traffic, TlsConfigurationRegistry buckets) {
        this.listener = listener;
        this.config = config;
        this.traffic = traffic;
        this.keys = config.tlsConfigurationName().flatMap(buckets::get).map(bucket -> new TlsKeys(listener, bucket));
        if (config.proxyProtocol() != ProxyMode.OFF && config.trustedProxies().isEmpty()) {
            LOG.warnf(
                    "listener %s: nobody may send a PROXY header until %s names proxies",
                    listener, ConfiguredListeners.key(listener, "trusted-proxies"));
        }
    }

    /** What cannot be asked of one listener, a sentence each with its key. */
    static List<String> problems(String listener, ListenerConfig config, TlsConfigurationRegistry buckets) {
        List<String> problems = new ArrayList<>();
        if (config.proxyProtocol() == ProxyMode.OFF && config.trustedProxies().isPresent()) {
            problems.add(key(listener, "trusted-proxies") + " needs " + key(listener, "proxy-protocol")
                    + "=optional or required");
        }
        if (config.tlsConfigurationName().isEmpty()) {
            if (config.tlsClientAuth() != TlsClientAuth.NONE) {
                problems.add(key(listener, "tls-client-auth") + "=" + config.tlsClientAuth() + " needs "
                        + key(listener, "tls-configuration-name"));
            }
            return problems;
        }
        String name = config.tlsConfigurationName().get();
        String asked = key(listener, "tls-configuration-name") + "=" + name;
        Optional<TlsConfiguration> bucket = buckets.get(name);
        if (bucket.isEmpty()) {
            problems.add(asked + ": there is no such TLS configuration; it is made by quarkus.tls." + name + ".*");
        } else if (bucket.get().getKeyStoreOptions() == null) {
            problems.add(
                    asked + ": it has no key; set quarkus.tls." + name + ".key-store.pem.0.cert and .key, or .p12");
        } else if (config.tlsClientAuth() != TlsClientAuth.NONE
                && bucket.get().getTrustStoreOptions() == null
                && !bucket.get().isTrustAll()) {
            problems.add(key(listener, "tls-client-auth") + "=" + config.tlsClientAuth()
                    + " needs certificates to trust: set quarkus.tls." + name + ".trust-store.pem.certs, or .p12");
        }
        return problems;
    }

    private static String key(String listener, String key) {
        return ConfiguredListeners.key(listener, key);
    }

    /**
     * Empty when nothing is asked.
     *
     * @param fault the last step, if there is one
     */
    Entrance entrance(ListenerFault fault) {
        List<Function<Channel, ChannelHandler>> steps = new ArrayList<>();
        if (config.proxyProtocol() != ProxyMode.OFF) {
            steps.add(new ProxyPolicy(
                            config.proxyProtocol(),
                            config.trustedProxies().orElse(List.of()),
                            config.proxyHeaderTimeout(),
                            this::headerCame)
                    .step());
        }
        keys.ifPresent(each -> steps.addAll(new TlsEntrance(
                        each,
                        config.tlsClientAuth(),
                        each.protocols(),
                        each.ciphers(),
                        each.handshakeTimeout(),
                        (outcome, channel) -> traffic.handshake(outcome))
                .steps()));
        fault.step().ifPresent(steps::add);
        return steps.isEmpty() ? Entrance.NONE : new Entrance(List.copyOf(steps));
    }

    private void headerCame(ProxyOutcome outcome, Channel channel) {
        traffic.proxyHeader(outcome);
        if (outcome == ProxyOutcome.UNTRUSTED && channel.remoteAddress() instanceof InetSocketAddress peer) {
            untrusted.run(unlogged -> LOG.warnf(
                    "listener %s: a connection from %s was reset: it is none of the trusted proxies (%s);"
                            + " %d more since the last line of this kind",
                    listener, Addresses.text(peer.getAddress()), key(listener, "trusted-proxies"), unlogged));
        }
    }

    /** New files of its TLS configuration: the next handshake sees them, open connections go on. */
    void renewed(CertificateUpdatedEvent event) {
        if (keys.isPresent() && config.tlsConfigurationName().get().equals(event.name())) {
            try {
                keys.get().renew(event.tlsConfiguration());
                LOG.infof("listener %s: the certificate of TLS configuration %s was renewed", listener, event.name());
            } catch (StartException e) { // no reason to keep others from being renewed
                LOG.errorf("%s; handshakes go on with those in force, until good ones come", e.getMessage());
            }
        }
    }
}
