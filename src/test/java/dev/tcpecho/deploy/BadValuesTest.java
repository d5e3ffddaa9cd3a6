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
                "resources: {limits: {cpu: banana}} | 'banana' does not match pattern",
                "resources: {requests: {memory: 128mb}} | '128mb' does not match pattern",
                "resources: {requests: {cpu: -1}} | minimum: got -1, want 0",
                "image: {tag: 1.10} | '/image/tag': got number",
                "fullnameOverride: 1234 | '/fullnameOverride': got number",
                "labels: {a: 'b c'} | 'b c' does not match pattern",
                "labels: {'a b': c} | 'a b' does not match pattern",
                "priorityClassName: High | 'High' does not match pattern",
                "podSecurityContext: {runAsRoot: true} | additional properties 'runAsRoot' not allowed",
                "probes: {liveness: {period: 1}} | additional properties 'period' not allowed",
                "affinity: {nodes: {}} | additional properties 'nodes' not allowed",
                "extraEnv: [{name: A, value: 1}] | got number, want string",
                "extraVolumes: [{name: a}] | minProperties",
                "sidecars: [{name: a}] | missing property 'image'",
                "service: {ipFamilies: [IPv5]} | must be one of 'IPv4', 'IPv6'",
                "monitoring: {podMonitor: {relabelings: [{sourceLabel: a}]}} | 'sourceLabel' not allowed",
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
                "fullnameOverride: Echo_Service | fullnameOverride \"Echo_Service\" cannot be the name of a Service: use lower",
                "fullnameOverride: 7echo | a letter first and no dash last",
                "fullnameOverride: '1234' | a letter first and no dash last",
                "namespaceOverride: Net | namespaceOverride \"Net\" cannot be the name of a namespace",
                "labels: {app.kubernetes.io/name: x} | is one of the labels by which Services, budget and policy find the",
                "podLabels: {app.kubernetes.io/component: x} | is one of the labels by which Services, budget and policy",
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
                "listeners: {default: {idleTimeout: 9999h}} | idleTimeout must be from 0s to 8760h, not 9999h",
                "listeners: {default: {socket: {soLinger: 20h}}} | soLinger must be whole seconds from 0s to 65535s",
                "listeners: {default: {socket: {soLinger: 500ms}}} | soLinger must be whole seconds from 0s to 65535s",
                "listeners: {default: {socket: {tcpDeferAccept: 1500ms}}} | tcpDeferAccept must be whole seconds",
                "listeners: {default: {socket: {tcpUserTimeout: 9000h}}} | must be from 0s to 2147483647ms, not 9000h",
                "listeners: {default: {socket: {priority: 7}}} | priority 7 needs the capability NET_ADMIN or NET_RAW",
                "listeners: {default: {socket: {mark: 7}}} | mark needs the capability NET_ADMIN or NET_RAW",
                "listeners: {default: {trustedProxies: [10.0.0.0/8]}} | may send a header that nobody reads: set listeners.default",
                "listeners: {default: {proxyProtocol: required, trustedProxies: [10.0.0.300]}} | neither an address nor a range",
                "listeners: {default: {tls: {clientAuth: required}}} | clientAuth needs TLS: set listeners.default.tls.secretName",
                "shutdown: {drainDelay: soon} | shutdown.drainDelay is \"soon\"",
                "shutdown: {preStopSleep: 1500ms} | shutdown.preStopSleep must be whole seconds",
                "shutdown: {terminationGracePeriodSeconds: 24} | set it to 25 or more, leave it null, or shorten",
                "service: {loadBalancerClass: x} | set service.type to LoadBalancer or remove it",
                "service: {loadBalancerSourceRanges: [10.0.0.0/8]} | set service.type to LoadBalancer or remove it",
                "service: {externalTrafficPolicy: Local} | set service.type to LoadBalancer or NodePort, or remove",
                "listeners: {default: {nodePort: 30001}} | listeners.default.nodePort has no effect on type",
                "service: {loadBalancerIP: 10.0.0.1} | set service.type to LoadBalancer or remove it",
                "service: {allocateLoadBalancerNodePorts: false} | set service.type to LoadBalancer or remove it",
                "service: {type: LoadBalancer, loadBalancerIP: 10.0.0.300} | is no address: write one like 203.0.113.7",
                "service: {sessionAffinityTimeoutSeconds: 60} | set service.sessionAffinity to ClientIP",
                "service: {ipFamilies: [IPv4, IPv6]} | set service.ipFamilyPolicy to PreferDualStack or Require",
                "service: {type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0]} | \"10.0.0.0\" is no address range",
                "networkPolicy: {echoFrom: [{ipBlock: {cidr: 10.0.0.0}}]} | echoFrom: cidr \"10.0.0.0\" is no address range",
                "networkPolicy: {echoFrom: [{ipBlock: {cidr: 10.0.0.300/8}}]} | cidr \"10.0.0.300/8\" is no address range",
                "networkPolicy: {echoFrom: [{ipBlock: {cidr: 10.0.0.0/33}}]} | cidr \"10.0.0.0/33\" is no address range",
                "networkPolicy: {sidePortFrom: [{ipBlock: {cidr: '2001:db8:/32'}}]} | \"2001:db8:/32\" is no address range",
                "networkPolicy: {sidePortFrom: [{ipBlock: {cidr: '1::2::3/64'}}]} | \"1::2::3/64\" is no address range",
                "networkPolicy: {sidePortFrom: [{ipBlock: {cidr: '::/129'}}]} | \"::/129\" is no address range",
                "networkPolicy: {egress: [{to: [{ipBlock: {cidr: x}}]}]} | egress: cidr \"x\" is no address range",
                "networkPolicy: {echoFrom: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}]} | must be a smaller range",
                "networkPolicy: {echoFrom: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]} | must be a smaller range",
                "networkPolicy: {echoFrom: [{ipBlock: {cidr: '2001:db8::/32', except: ['2001:db9::/48']}}]} | a smaller range",
                "resources: {requests: {memory: 129Mi}} | requests.memory 129Mi is more than resources.limits.memory 128Mi",
                "resources: {requests: {cpu: 2.5}} | requests.cpu 2.5 is more than resources.limits.cpu 2: lower",
                "resources: {requests: {cpu: 2001m}} | requests.cpu 2001m is more than resources.limits.cpu 2: lower",
                "resources: {limits: {memory: 128m}} | limits.memory 128m is less than a mebibyte",
                "extraEnv: [{name: A, value: b}, {name: A, value: c}] | extraEnv has A twice",
                "extraVolumes: [{name: tmp, emptyDir: {}}] | extraVolumes has the name tmp twice, or it is one of the chart's",
                "extraVolumeMounts: [{name: a, mountPath: /a}] | names the volume a, which is not in extraVolumes",
                "{extraVolumes: [{name: a, emptyDir: {}}], extraVolumeMounts: [{name: a, mountPath: /tmp/}]} | has the path /tmp/",
                "sidecars: [{name: tcp-echo, image: a}] | has the name of the service's own container",
                "extraConfig: quarkus.http.port = 9 | extraConfig sets quarkus.http.port, which the chart has set",
                "{allowUnrestricted: true, hostNetwork: true, sidePort: {port: 10250}} | sidePort.port 10250 belongs to a node's",
                "{allowUnrestricted: true, hostNetwork: true, listeners: {default: {port: 30888}}} | listeners.default.port 30888",
                "{allowUnrestricted: true, hostNetwork: true, sysctls: {values: {net.ipv4.tcp_rmem: '1'}}} | belongs to the node while",
                "updateStrategy: {rollingUpdate: {maxSurge: 0}} | which replaces no pod: set one of them to 1 or more",
                "updateStrategy: {rollingUpdate: {maxSurge: all}} | rollingUpdate.maxSurge is \"all\": write a number",
                "{autoscaling: {enabled: true}, resources: {requests: {cpu: null}, limits: {cpu: null}}} | set resources.requests.cpu",
                "autoscaling: {enabled: true, targetCPUUtilizationPercentage: null} | autoscaling has no metric",
                "monitoring: {podMonitor: {scrapeTimeout: 31s}} | scrapeTimeout 31s is longer than its interval 30s",
                "monitoring: {podMonitor: {interval: 0s}} | monitoring.podMonitor.interval cannot be turned off",
                "monitoring: {prometheusRule: {severity: {EchoNothing: page}}} | severity.EchoNothing is neither a severity",
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
                resources: {requests: {cpu: 0.5, memory: 1e8}, limits: {cpu: .5, memory: 0.1Gi, ephemeral-storage: null}}
                networkPolicy: {echoFrom: [{ipBlock: {cidr: "::/0", except: ["2001:db8::/32", "fe80::1:2/128"]}}]}
                """;
        assertThat(Chart.manifests(values, Chart.KUBERNETES).objects()).isNotEmpty();
    }
}
