package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.LintResult;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that cannot work fail before anything is installed, with a sentence that says what to do. */
class BadValuesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "lisseners: {} | additional properties 'lisseners' not allowed",
                "listeners: {default: {prot: 1}} | additional properties 'prot' not allowed",
                "listeners: {default: {socket: {nodelay: true}}} | additional properties 'nodelay' not allowed",
                "listeners: {default: {port: 70000}} | '/listeners/default/port': maximum",
                "listeners: {default: {port: 0}} | '/listeners/default/port': minimum",
                "listeners: {default: {port: null}} | '/listeners/default': missing property 'port'",
                "listeners: {default: {port: '8888'}} | got string, want integer",
                "listeners: {default: null} | '/listeners': missing property 'default'",
                "listeners: {default: {mode: twice}} | must be one of 'once', 'stream'",
                "listeners: {default: {socket: {trafficClass: 256}}} | socket/trafficClass': maximum",
                "listeners: {default: {socket: {tcpKeepAliveCount: 128}}} | tcpKeepAliveCount': maximum",
                "shortfall: panic | must be one of 'off', 'warn', 'fail'",
                "service: {type: ExternalName} | must be one of 'ClusterIP', 'NodePort'",
                "sysctls: {values: {net.ipv4.tcp_syncookies: 1}} | got number, want string",
                "sidePort: {port: 80} | '/sidePort/port': minimum",
                "networkPolicy: {echoFrom: [{pods: {}}]} | additional properties 'pods' not allowed",
                "resources: {limits: {memory: null}} | missing property 'memory'",
            })
    void theSchemaRefuses(String values, String sentence) throws IOException {
        refuses(values, sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "image: {tag: 1.0+build} | image.tag \"1.0+build\" cannot be a tag: use letters, digits, dots",
                "image: {repository: 'https://registry.example.com/echo'} | write it without scheme, tag and digest",
                "image: {digest: sha256:abc} | image.digest must be sha256: and 64 hexadecimal digits",
                "listeners: {Loud: {port: 1025}} | listeners.Loud is also the name of a port: use lower",
                "listeners: {a--b: {port: 1025}} | use lower case letters, digits and single dashes",
                "listeners: {sixteen-letters-: {port: 1025}} | use lower case letters, digits and single dashes",
                "listeners: {http: {port: 1025}} | 15 at most, and not http",
                "listeners: {b: {port: 8888}} | listeners.default.port 8888 is also the port of "
                        + "listeners.b: give each its own port",
                "listeners: {b: {port: 8080}} | is also the port of sidePort",
                "listeners: {b: {port: 8889, servicePort: 8888}} | would have port 8888 twice",
                "{service: {type: NodePort}, listeners: {default: {nodePort: 30001}, "
                        + "b: {port: 1025, nodePort: 30001}}} "
                        + "| nodePort 30001 is also that of listeners.b",
                "listeners: {default: {port: 7}} | use a port from 1024 and servicePort: 7, or set sysctls",
                "listeners: {default: {idleTimeout: 10 s}} | listeners.default.idleTimeout is \"10 s\": write a whole"
                        + " number and one unit, like 500ms, 10s, 5m or 1h",
                "listeners: {default: {idleTimeout: PT1H}} | write a whole number and one unit",
                "listeners: {default: {socket: {soLinger: '5'}}} | listeners.default.socket.soLinger is \"5\"",
                "listeners: {default: {socket: {tcpKeepAliveIdle: 10h}}} | whole seconds from 1s to 32767s",
                "listeners: {default: {socket: {tcpKeepAliveInterval: 1500ms}}} | whole seconds from 1s to 32767s",
                "listeners: {default: {acceptShards: 2, socket: {reusePort: false}}} | set listeners.default.socket.reusePort",
                "listeners: {default: {lingerTimeout: 0s}} | lingerTimeout cannot be turned off: set it to 1ms or more",
                "listeners: {default: {socket: {tcpLinger2: 0s}}} | socket.tcpLinger2 must be whole seconds from 1s",
                "shutdown: {drainDelay: soon} | shutdown.drainDelay is \"soon\"",
                "shutdown: {preStopSleep: 1500ms} | shutdown.preStopSleep must be whole seconds",
                "shutdown: {terminationGracePeriodSeconds: 24} | set it to 25 or more, leave it null, or shorten",
                "service: {loadBalancerClass: x} | set service.type to LoadBalancer or remove it",
                "service: {loadBalancerSourceRanges: [10.0.0.0/8]} | set service.type to LoadBalancer or remove it",
                "service: {externalTrafficPolicy: Local} | set service.type to LoadBalancer or NodePort, or remove",
                "listeners: {default: {nodePort: 30001}} | listeners.default.nodePort has no effect on type",
                "tcpRoute: {enabled: true} | tcpRoute.enabled needs a Gateway: add its name",
                "tcpRoute: {enabled: true, parentRefs: [{name: a, listener: b}]} | use one of default",
                "sysctls: {values: {net.core.somaxconn: '9'}} | is not on the kubelet's safe list: remove it, or set "
                        + "sysctls.allowUnsafe to true",
                "sysctls: {values: {net.core.rmem_max: '9'}} | belongs to the node, not to a pod: set it on the node",
                "autoscaling: {enabled: true, minReplicas: 9} | minReplicas is larger than autoscaling.maxReplicas",
                "podDisruptionBudget: {maxUnavailable: half} | write a number of pods or a percentage like 50%",
                "podDisruptionBudget: {maxUnavailable: 0} | blocks node drains for ever: set it to 1 or more",
                "podDisruptionBudget: {maxUnavailable: 0%} | blocks node drains for ever: set it to 1 or more",
                "podDisruptionBudget: {maxUnavailable: null} | has neither maxUnavailable nor minAvailable",
                "podDisruptionBudget: {minAvailable: 1} | both maxUnavailable and minAvailable: set one of them",
                "podDisruptionBudget: {maxUnavailable: null, minAvailable: 2} | blocks node drains with 2 pods: lower",
                "podDisruptionBudget: {maxUnavailable: null, minAvailable: 51%} | blocks node drains with 2 pods",
                "{autoscaling: {enabled: true}, replicas: 9, "
                        + "podDisruptionBudget: {maxUnavailable: null, minAvailable: 2}} | node drains with 2 pods",
                "monitoring: {serviceMonitor: {enabled: true}, podMonitor: {enabled: true}} | disable one of them",
            })
    void theTemplatesRefuse(String values, String sentence) throws IOException {
        refuses(values, sentence);
    }

    private static void refuses(String values, String sentence) throws IOException {
        assertThatThrownBy(() -> Chart.manifests(values, Chart.KUBERNETES)).hasMessageContaining(sentence);
        LintResult lint = Chart.lint(Chart.write(values));
        assertThat(lint.isFailed()).as("lint fails").isTrue();
        assertThat(lint.getMessages()).as("lint").anySatisfy(message -> assertThat(message.replace("\\\"", "\""))
                .contains(sentence));
    }

    @Test
    void namesAllProblemsAtOnce() {
        String values = "{image: {tag: a b}, podDisruptionBudget: {maxUnavailable: 0}, shutdown: {margin: x}}";
        assertThatThrownBy(() -> Chart.manifests(values, Chart.KUBERNETES))
                .hasMessageContainingAll("image.tag", "podDisruptionBudget.maxUnavailable", "shutdown.margin");
    }

    @Test
    void refusesASafeSysctlThatTheKubernetesVersionDoesNotHaveYet() throws IOException {
        String values = "sysctls: {values: {net.ipv4.tcp_rmem: 4096 131072 33554432}}";
        assertThat(Chart.manifests(values, "1.32.0")
                        .podSpec()
                        .getSecurityContext()
                        .getSysctls())
                .hasSize(1);
        assertThatThrownBy(() -> Chart.manifests(values, "1.31.9"))
                .hasMessageContaining("safe list since Kubernetes 1.32 and this cluster is v1.31.9");
    }

    @Test
    void acceptsWhatIsJustAllowed() throws IOException {
        String values = """
                replicas: 3
                shutdown: {terminationGracePeriodSeconds: 25}
                podDisruptionBudget: {maxUnavailable: null, minAvailable: 66%}
                listeners: {default: {port: 1024, socket: {tcpKeepAliveIdle: 32767s}}}
                """;
        assertThat(Chart.manifests(values, Chart.KUBERNETES).objects()).isNotEmpty();
    }
}
