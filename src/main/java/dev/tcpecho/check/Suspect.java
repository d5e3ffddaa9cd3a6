package dev.tcpecho.check;

import java.time.Duration;
import java.util.List;

/** Who is known to cut connections after how much silence; the times are their documented defaults. */
record Suspect(Duration time, String who) {
    private static final List<Suspect> USUAL = List.of(
            new Suspect(
                    Duration.ofSeconds(30), "echo.first-byte-timeout of a listener in mode once, OpenShift's router"),
            new Suspect(Duration.ofSeconds(50), "HAProxy's example configuration (timeout client, timeout server)"),
            new Suspect(
                    Duration.ofSeconds(60),
                    "AWS Application and Classic Load Balancer, nginx' HTTP proxy, HAProxy with timeout 1m"),
            new Suspect(Duration.ofMinutes(4), "Azure Load Balancer and Azure's outbound address translation"),
            new Suspect(Duration.ofSeconds(300), "Envoy's HTTP streams, many firewalls"),
            new Suspect(Duration.ofSeconds(350), "AWS Network Load Balancer, NAT gateway and transit firewall"),
            new Suspect(Duration.ofMinutes(10), "nginx' stream proxy (proxy_timeout), Google Cloud's firewall"),
            new Suspect(Duration.ofMinutes(15), "home routers and small firewalls"),
            new Suspect(Duration.ofHours(1), "echo.idle-timeout of the service, Envoy's TCP proxy, Cisco ASA"),
            new Suspect(Duration.ofHours(2), "RFC 5382's least for address translation"));

    /** Those whose time lies between these two, with a little for clocks that round. */
    static List<String> between(Duration least, Duration most) {
        return USUAL.stream()
                .filter(suspect -> suspect.time.multipliedBy(21).compareTo(least.multipliedBy(20)) >= 0
                        && suspect.time.multipliedBy(19).compareTo(most.multipliedBy(20)) <= 0)
                .map(Suspect::who)
                .toList();
    }

    /** Silences just short of and just beyond each of the usual times. */
    static List<Duration> around() {
        return USUAL.stream()
                .flatMap(suspect -> List.of(
                        suspect.time.multipliedBy(97).dividedBy(100),
                        suspect.time.multipliedBy(103).dividedBy(100))
                        .stream())
                .toList();
    }
}
