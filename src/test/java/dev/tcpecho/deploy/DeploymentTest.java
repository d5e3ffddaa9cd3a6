package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.gatewayapi.v1alpha2.TCPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentTest {
    private static final String DEFAULTS = "{}";

    private static Manifests manifests(String values) throws IOException {
        return Chart.manifests(values, Chart.KUBERNETES);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                           | 25", // 5 + 10 + linger 5 + margin 5
                "shutdown: {drainDelay: 0s, drainTimeout: 0s, margin: 0s}     | 5",
                "shutdown: {drainTimeout: 2m}                                 | 135",
                "shutdown: {drainDelay: 1ms}                                  | 21", // a started second counts
                "shutdown: {preStopSleep: 7s}                                 | 32",
                "shutdown: {terminationGracePeriodSeconds: 600}               | 600",
                "listeners: {default: {lingerTimeout: 1s}}                    | 21",
                "listeners: {default: {lingerTimeout: 1s}, b: {port: 1025, lingerTimeout: 30s}} | 50",
                "listeners: {default: {lingerTimeout: 1s}, b: {port: 1025}}   | 25",
            })
    void givesAPodTheTimeThatItsDrainTakes(String values, long seconds) throws IOException {
        assertThat(manifests(values).podSpec().getTerminationGracePeriodSeconds())
                .isEqualTo(seconds);
    }

    @Test
    void sleepsBeforeSigtermOnlyWhereKubernetesHasTheAction() throws IOException {
        String values = "shutdown: {preStopSleep: 7s}";
        Container container =
                Chart.manifests(values, "1.30.0").podSpec().getContainers().get(0);
        assertThat(container.getLifecycle().getPreStop().getSleep().getSeconds())
                .isEqualTo(7);
        Manifests older = Chart.manifests(values, "1.29.9");
        assertThat(older.podSpec().getContainers().get(0).getLifecycle()).isNull();
        assertThat(older.podSpec().getTerminationGracePeriodSeconds()).isEqualTo(25);
    }

    @Test
    void rollsThePodsWhenTheConfigurationChangesAndNotOtherwise() throws IOException {
        String before = checksum(DEFAULTS);
        assertThat(checksum("listeners: {default: {readLimit: 99}}")).isNotEqualTo(before);
        assertThat(checksum("{replicas: 3, service: {type: NodePort}}")).isEqualTo(before);
    }

    private static String checksum(String values) throws IOException {
        return manifests(values)
                .deployment()
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations()
                .get("checksum/config");
    }

    @Test
    void configuresNothingThatTheValuesLeaveToTheService() throws IOException {
        assertThat(manifests(DEFAULTS).configuration())
                .containsExactly(
                        "quarkus.http.host=0.0.0.0",
                        "quarkus.http.port=8080",
                        "quarkus.log.category.\"dev.tcpecho\".level=INFO",
                        "echo.drain-delay=5S",
                        "echo.drain-timeout=10S",
                        "echo.host=*",
                        "echo.mode=once",
                        "echo.port=8888");
    }

    @Test
    void configuresTheDefaultListenerAsEchoAndTheOthersByName() throws IOException {
        assertThat(Chart.manifests(Chart.valuesFile("listeners"), Chart.KUBERNETES)
                        .configuration())
                .contains(
                        "echo.connections.enabled=true",
                        "echo.shortfall=off",
                        "echo.port=7777",
                        "echo.idle-timeout=300S",
                        "echo.write-stall-timeout=1500ms",
                        "echo.max-connections=2000000",
                        "echo.socket.receive-buffer-size=8388608",
                        "echo.socket.reuse-port=false",
                        "echo.socket.tcp-keep-alive-idle=60S",
                        "echo.socket.so-linger=5S",
                        "echo.socket.tcp-linger2=30S",
                        "echo.listeners.small-buffers.host=*",
                        "echo.listeners.small-buffers.port=8889",
                        "echo.listeners.small-buffers.socket.receive-buffer-size=4096",
                        "echo.listeners.small-buffers.socket.tcp-keep-alive-idle=3600S")
                .noneMatch(line -> line.contains("service-port") || line.contains("null"));
    }

    @Test
    void keepsAZeroAZeroAndOffOff() throws IOException {
        assertThat(manifests("{shortfall: 'off', listeners: {default: {idleTimeout: 0s, socket: {soLinger: 0s}}}}")
                        .configuration())
                .contains("echo.shortfall=off", "echo.idle-timeout=0S", "echo.socket.so-linger=0S");
    }

    @Test
    void mountsTheConfigurationWhereQuarkusReadsIt() throws IOException {
        Container container = manifests(DEFAULTS).podSpec().getContainers().get(0);
        assertThat(container.getVolumeMounts())
                .extracting(mount -> mount.getName() + " " + mount.getMountPath() + " " + mount.getReadOnly())
                .containsExactly("config /deployments/config true", "tmp /tmp null");
        assertThat(manifests(DEFAULTS)
                        .podSpec()
                        .getVolumes()
                        .get(0)
                        .getConfigMap()
                        .getName())
                .isEqualTo("echo-tcp-echo");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "image: {tag: 1.2.3}                  | tcp-echo:1.2.3",
                "image: {repository: reg.example/a/b} | reg.example/a/b:0.1.0",
                "image: {tag: 1.2.3, "
                        + "digest: 'sha256:0000000000000000000000000000000000000000000000000000000000000000'} "
                        + "| tcp-echo@sha256:0000000000000000000000000000000000000000000000000000000000000000",
            })
    void takesTheImageByTagOrDigest(String values, String image) throws IOException {
        assertThat(manifests(values).podSpecs())
                .flatExtracting(spec -> spec.getContainers())
                .extracting(Container::getImage)
                .containsOnly(image);
    }

    @Test
    void probesTheSidePortOnly() throws IOException {
        Container container = manifests(DEFAULTS).podSpec().getContainers().get(0);
        assertThat(List.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe()))
                .extracting(probe -> probe.getHttpGet().getPort().getStrVal() + " "
                        + probe.getHttpGet().getPath())
                .containsExactly("http /q/health/started", "http /q/health/live", "http /q/health/ready");
    }

    @Test
    void servesEveryListenerOnTheEchoServiceAndTheSidePortOnItsOwn() throws IOException {
        Manifests manifests = Chart.manifests(Chart.valuesFile("listeners"), Chart.KUBERNETES);
        assertThat(manifests.echoService().getSpec().getPorts())
                .extracting(ServicePort::getName, ServicePort::getPort, port -> port.getTargetPort()
                        .getStrVal())
                .containsExactly(tuple("default", 7, "default"), tuple("small-buffers", 8889, "small-buffers"));
        assertThat(manifests.sidePortService().getSpec().getType()).isEqualTo("ClusterIP");
        assertThat(manifests.sidePortService().getSpec().getPublishNotReadyAddresses())
                .isTrue();
        assertThat(manifests.sidePortService().getSpec().getPorts())
                .extracting(ServicePort::getPort)
                .containsExactly(9090);
    }

    @Test
    void leavesTheNumberOfPodsToTheAutoscaler() throws IOException {
        assertThat(manifests(DEFAULTS).deployment().getSpec().getReplicas()).isEqualTo(2);
        assertThat(manifests("{autoscaling: {enabled: true}, replicas: null}")
                        .deployment()
                        .getSpec()
                        .getReplicas())
                .isNull();
    }

    /** Without a number Kubernetes would take the Deployment to one pod when the autoscaler is turned on. */
    @Test
    void startsWithTheFewestPodsOfTheAutoscalerWhereNoneRun() throws IOException {
        assertThat(Chart.manifests(Chart.valuesFile("autoscaling"), Chart.KUBERNETES)
                        .deployment()
                        .getSpec()
                        .getReplicas())
                .isEqualTo(4);
    }

    /** As an upgrade in a cluster, where four pods run. */
    @ParameterizedTest
    @CsvSource({"4, 4", "0, 2"})
    void keepsTheNumberThatRunsWhenAnAutoscalerIsTurnedOn(int running, int rendered) throws IOException {
        Path upgraded =
                Chart.edited("upgraded", "templates/_helpers.tpl", text -> text.replace(".Release.IsUpgrade", "true")
                        .replaceAll(
                                "lookup \"apps/v1\" \"Deployment\" \\(.*\\)",
                                "(dict \"spec\" (dict \"replicas\" " + running + "))"));
        Path values = Chart.write("autoscaling: {enabled: true}");
        assertThat(Manifests.parse(Chart.template(upgraded, "echo", "net", values, Chart.KUBERNETES))
                        .deployment()
                        .getSpec()
                        .getReplicas())
                .isEqualTo(rendered);
    }

    @Test
    void asksNothingBeforeAServiceCanHaveStarted() throws IOException {
        assertThat(manifests(DEFAULTS)
                        .podSpec()
                        .getContainers()
                        .get(0)
                        .getStartupProbe()
                        .getInitialDelaySeconds())
                .isPositive();
    }

    @Test
    void letsTheClusterAutoscalerMoveThePods() throws IOException {
        assertThat(manifests(DEFAULTS)
                        .deployment()
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getAnnotations())
                .containsEntry("cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes", "tmp");
    }

    @Test
    void givesTheTestPodsWhatThePodsHave() throws IOException {
        List<Pod> tests = manifests("""
                image: {pullSecrets: [a]}
                podAnnotations: {mesh: "on"}
                podLabels: {team: net}
                nodeSelector: {disk: ssd}
                tolerations: [{operator: Exists}]
                priorityClassName: high
                runtimeClassName: gvisor
                affinity: {nodeAffinity: {}, podAntiAffinity: {}}
                tests: {annotations: {mesh: "off", only: test}}
                listeners: {b: {port: 1025}}
                """).all(Pod.class);
        assertThat(tests)
                .extracting(pod -> pod.getMetadata().getName())
                .containsExactly("echo-tcp-echo-check-b", "echo-tcp-echo-check-default", "echo-tcp-echo-fleet");
        assertThat(tests).allSatisfy(pod -> {
            assertThat(pod.getMetadata().getAnnotations())
                    .containsEntry("mesh", "off")
                    .containsEntry("only", "test");
            assertThat(pod.getMetadata().getLabels()).containsEntry("team", "net");
            PodSpec spec = pod.getSpec();
            assertThat(spec.getImagePullSecrets()).hasSize(1);
            assertThat(spec.getNodeSelector()).containsEntry("disk", "ssd");
            assertThat(spec.getTolerations()).hasSize(1);
            assertThat(spec.getPriorityClassName()).isEqualTo("high");
            assertThat(spec.getRuntimeClassName()).isEqualTo("gvisor");
        });
    }

    @Test
    void opensTheSidePortToTheTestPodsOnly() throws IOException {
        assertThat(manifests(DEFAULTS)
                        .only(NetworkPolicy.class)
                        .getSpec()
                        .getIngress()
                        .get(1)
                        .getFrom())
                .extracting(peer -> peer.getPodSelector().getMatchLabels().get("app.kubernetes.io/component"))
                .containsExactly("test");
    }

    @Test
    void opensTheSidePortToTheNamespaceOfPrometheusWhileAMonitorIsOn() throws IOException {
        assertThat(manifests("monitoring: {namespace: obs, podMonitor: {enabled: true}}")
                        .only(NetworkPolicy.class)
                        .getSpec()
                        .getIngress()
                        .get(1)
                        .getFrom()
                        .get(0)
                        .getNamespaceSelector()
                        .getMatchLabels())
                .containsEntry("kubernetes.io/metadata.name", "obs");
    }

    @Test
    void letsAHeadlessNameResolveToEveryPod() throws IOException {
        assertThat(manifests(DEFAULTS).all(Service.class))
                .filteredOn(service -> "None".equals(service.getSpec().getClusterIP()))
                .singleElement()
                .satisfies(service -> {
                    assertThat(service.getMetadata().getName()).isEqualTo("echo-tcp-echo-pods");
                    assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
                    assertThat(service.getSpec().getPorts())
                            .extracting(ServicePort::getPort)
                            .containsExactly(8888, 8080);
                });
    }

    @Test
    void putsMonitorsIntoANamespaceOfTheirOwnAndLooksInTheReleases() throws IOException {
        String rendered = Chart.render(
                Chart.write("monitoring: {serviceMonitor: {enabled: true, namespace: obs}}"), Chart.KUBERNETES);
        ServiceMonitor monitor = Manifests.parse(rendered).only(ServiceMonitor.class);
        assertThat(monitor.getMetadata().getNamespace()).isEqualTo("obs");
        assertThat(monitor.getSpec().getNamespaceSelector().getMatchNames()).containsExactly("net");
        assertThat(monitor.getSpec().getTargetLabels())
                .containsExactly("app.kubernetes.io/name", "app.kubernetes.io/instance");
    }

    @Test
    void addsLinesOfConfigurationAtTheEnd() throws IOException {
        assertThat(manifests("extraConfig: \"quarkus.vertx.event-loops-pool-size=4\\nquarkus.log.level=WARN\\n\"")
                        .configuration())
                .endsWith("echo.port=8888", "quarkus.vertx.event-loops-pool-size=4", "quarkus.log.level=WARN");
    }

    @Test
    void answersToItsOwnNamesBesideThoseOfTheOperator() throws IOException {
        assertThat(manifests("sidePort: {hosts: [echo.example.com, localhost]}").configuration())
                .contains("echo.side-port.hosts=localhost"
                        + ",echo-tcp-echo-side-port,echo-tcp-echo-side-port.net,echo-tcp-echo-side-port.net.svc"
                        + ",echo-tcp-echo-side-port.net.svc.cluster.local"
                        + ",echo-tcp-echo-pods,echo-tcp-echo-pods.net,echo-tcp-echo-pods.net.svc"
                        + ",echo-tcp-echo-pods.net.svc.cluster.local,echo.example.com");
    }

    @Test
    void servesTlsWithTheSecretAndBelievesTheBalancerOnly() throws IOException {
        Manifests manifests = Chart.manifests(Chart.valuesFile("aws-nlb"), Chart.KUBERNETES);
        assertThat(manifests.configuration())
                .contains(
                        "echo.proxy-protocol=required",
                        "echo.trusted-proxies=10.0.0.0/16",
                        "echo.tls-configuration-name=echo-default",
                        "echo.tls-client-auth=request",
                        "quarkus.tls.echo-default.key-store.pem.0.cert=/deployments/tls/default/tls.crt",
                        "quarkus.tls.echo-default.key-store.pem.0.key=/deployments/tls/default/tls.key",
                        "quarkus.tls.echo-default.trust-store.pem.certs=/deployments/tls/default/ca.crt",
                        "echo.listeners.plain.trusted-proxies=10.0.0.0/16,2001:db8::7");
        assertThat(manifests.podSpec().getVolumes())
                .filteredOn(volume -> volume.getSecret() != null)
                .extracting(
                        volume -> volume.getName() + " " + volume.getSecret().getSecretName())
                .containsExactly("tls-default echo-tls");
        assertThat(manifests.all(Pod.class))
                .extracting(pod ->
                        String.join(" ", pod.getSpec().getContainers().get(0).getArgs()))
                .contains("check --report http://echo-tcp-echo-side-port:8080/socket-options --timeout 30s");
    }

    @Test
    void bindsTheAddressesThatAListenerNames() throws IOException {
        assertThat(manifests("listeners: {default: {host: ['127.0.0.1', '::1']}, b: {port: 1025, host: 0.0.0.0}}")
                        .configuration())
                .contains("echo.host=127.0.0.1,::1", "echo.listeners.b.host=0.0.0.0");
    }

    @Test
    void keepsZeroReplicas() throws IOException {
        assertThat(manifests("{replicas: 0}").deployment().getSpec().getReplicas())
                .isZero();
    }

    @Test
    void keepsAPercentageAPercentage() throws IOException {
        assertThat(Chart.manifests(Chart.valuesFile("autoscaling"), Chart.KUBERNETES)
                        .only(PodDisruptionBudget.class)
                        .getSpec()
                        .getMinAvailable())
                .isEqualTo(new IntOrString("75%"));
    }

    @Test
    void letsTheTestPodInWhateverPeersAreChosen() throws IOException {
        assertThat(Chart.manifests(Chart.valuesFile("placed"), Chart.KUBERNETES)
                        .only(NetworkPolicy.class)
                        .getSpec()
                        .getIngress())
                .allSatisfy(rule -> assertThat(rule.getFrom())
                        .extracting(NetworkPolicyPeer::getPodSelector)
                        .filteredOn(selector -> selector != null)
                        .extracting(LabelSelector::getMatchLabels)
                        .anySatisfy(labels -> assertThat(labels).containsEntry("app.kubernetes.io/component", "test")));
    }

    @Test
    void testsEveryListenerWithItsModeAndTheReportOnce() throws IOException {
        assertThat(Chart.manifests(Chart.valuesFile("listeners"), Chart.KUBERNETES)
                        .all(Pod.class))
                .filteredOn(pod -> pod.getMetadata().getName().contains("-check-"))
                .allSatisfy(pod -> assertThat(pod.getSpec().getContainers()).hasSize(1))
                .extracting(pod ->
                        String.join(" ", pod.getSpec().getContainers().get(0).getArgs()))
                .containsExactly(
                        "check --echo echo-tcp-echo:7 --mode stream --report "
                                + "http://echo-tcp-echo-side-port:9090/socket-options --timeout 30s",
                        "check --echo echo-tcp-echo:8889 --mode once --bytes 10 --timeout 30s");
    }

    @Test
    void asksEveryPodForItsReport() throws IOException {
        assertThat(manifests("tests: {strict: true}").all(Pod.class))
                .filteredOn(pod -> pod.getMetadata().getName().equals("echo-tcp-echo-fleet"))
                .extracting(pod ->
                        String.join(" ", pod.getSpec().getContainers().get(0).getArgs()))
                .containsExactly("check fleet http://echo-tcp-echo-pods:8080/socket-options --strict --timeout 30s");
        assertThat(manifests("headlessService: false").all(Pod.class)).hasSize(1);
    }

    @Test
    void failsTheTestOnAShortfallWhenStrict() throws IOException {
        assertThat(manifests("tests: {strict: true}")
                        .all(Pod.class)
                        .get(0)
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getArgs())
                .contains("--strict");
    }

    @ParameterizedTest
    @CsvSource({"true, v1", "false, v1alpha2"})
    void asksForTheRouteInTheVersionThatTheClusterServes(String serves, String version) throws IOException {
        Path chart = Chart.edited(
                "routes-" + version,
                "templates/tcproute.yaml",
                text -> text.replace(
                        "$.Capabilities.APIVersions.Has \"gateway.networking.k8s.io/v1/TCPRoute\"", serves));
        assertThat(Manifests.parse(Chart.template(chart, "echo", "net", Chart.valuesFile("gateway"), Chart.KUBERNETES))
                        .all(TCPRoute.class))
                .extracting(TCPRoute::getApiVersion)
                .containsOnly("gateway.networking.k8s.io/" + version);
    }

    @Test
    void passesEachRouteToItsListener() throws IOException {
        assertThat(Chart.manifests(Chart.valuesFile("gateway"), Chart.KUBERNETES)
                        .all(TCPRoute.class))
                .extracting(route -> route.getMetadata().getName() + " "
                        + route.getSpec().getParentRefs().get(0).getSectionName() + " "
                        + route.getSpec()
                                .getRules()
                                .get(0)
                                .getBackendRefs()
                                .get(0)
                                .getPort())
                .containsExactly("echo-tcp-echo-default echo 8888", "echo-tcp-echo-stream null 8889");
    }
}
