package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What kube-linter, kube-score, polaris and Pod Security "restricted" ask of a chart, with their names for it.
 *
 * <p>Three of their rules are left to the operator, on purpose. pullPolicyNotAlways: a tag of this chart never changes.
 * priorityClassNotSet: a cluster's priority classes are its own. no-anti-affinity: the topology spread over host names
 * does the same without making a pod unschedulable.
 */
class LinterRulesTest {
    private static final Set<String> RESTRICTED_VOLUMES = Set.of("configMap", "emptyDir", "secret");

    private record Rule<T>(String names, Predicate<T> holds) {}

    private static <T> Rule<T> rule(String names, Predicate<T> holds) {
        return new Rule<>(names, holds);
    }

    private static final List<Rule<Container>> CONTAINER = List.of(
            rule(
                    "kube-linter no-read-only-root-fs, kube-score container-security-context-readonlyrootfilesystem",
                    c -> c.getSecurityContext().getReadOnlyRootFilesystem()),
            rule("kube-linter run-as-non-root, polaris runAsRootAllowed, restricted", c -> c.getSecurityContext()
                    .getRunAsNonRoot()),
            rule(
                    "kube-linter privilege-escalation-container, polaris privilegeEscalationAllowed, restricted",
                    c -> !c.getSecurityContext().getAllowPrivilegeEscalation()),
            rule(
                    "kube-linter privileged-container, kube-score container-security-context-privileged",
                    c -> !c.getSecurityContext().getPrivileged()),
            rule(
                    "kube-linter drop-net-raw-capability, polaris insecureCapabilities, restricted",
                    c -> c.getSecurityContext().getCapabilities().getDrop().equals(List.of("ALL"))
                            && c.getSecurityContext().getCapabilities().getAdd().isEmpty()),
            rule("kube-linter unset-cpu-requirements, polaris cpuRequestsMissing cpuLimitsMissing", c -> has(c, "cpu")),
            rule(
                    "kube-linter unset-memory-requirements, polaris memoryRequestsMissing memoryLimitsMissing",
                    c -> has(c, "memory")),
            rule("kube-score container-ephemeral-storage-request-and-limit", c -> has(c, "ephemeral-storage")),
            rule("kube-linter latest-tag, kube-score container-image-tag, polaris tagNotSpecified", c -> c.getImage()
                    .matches(".+(:(?!latest).+|@sha256:.+)")),
            rule(
                    "kube-linter env-var-secret, kube-score environment-variable-key-duplication",
                    c -> c.getEnv().stream()
                                    .noneMatch(variable -> variable.getValueFrom() != null
                                            && variable.getValueFrom().getSecretKeyRef() != null)
                            && c.getEnvFrom().stream().allMatch(source -> source.getSecretRef() == null)
                            && c.getEnv().stream()
                                            .map(EnvVar::getName)
                                            .distinct()
                                            .count()
                                    == c.getEnv().size()),
            rule("polaris hostPortSet", c -> c.getPorts().stream().allMatch(port -> port.getHostPort() == null)),
            rule("kube-linter ssh-port", c -> c.getPorts().stream().allMatch(port -> port.getContainerPort() != 22)));

    private static final List<Rule<PodSpec>> POD = List.of(
            rule(
                    "kube-linter host-ipc host-network host-pid, polaris hostIPCSet hostNetworkSet hostPIDSet",
                    p -> p.getHostIPC() == null && p.getHostNetwork() == null && p.getHostPID() == null),
            rule(
                    "kube-linter docker-sock sensitive-host-mounts writable-host-mount, restricted volume types",
                    p -> p.getVolumes().stream().allMatch(v -> RESTRICTED_VOLUMES.contains(type(v)))),
            rule("polaris automountServiceAccountToken", p -> !p.getAutomountServiceAccountToken()),
            rule(
                    "kube-score container-security-context-user-group-id",
                    p -> aboveThePeoples(p.getSecurityContext().getRunAsUser())
                            && aboveThePeoples(p.getSecurityContext().getRunAsGroup())),
            rule(
                    "polaris linuxHardening, restricted seccomp",
                    p -> p.getSecurityContext().getSeccompProfile().getType().equals("RuntimeDefault")),
            rule("kube-linter deprecated-service-account-field", p -> p.getServiceAccount() == null),
            rule("a Service named echo does not configure the service", p -> !p.getEnableServiceLinks()));

    private static final List<Rule<Deployment>> DEPLOYMENT = List.of(
            rule(
                    "kube-linter no-liveness-probe no-readiness-probe, polaris readinessProbeMissing",
                    d -> container(d).getLivenessProbe() != null
                            && container(d).getReadinessProbe() != null
                            && container(d).getStartupProbe() != null),
            rule(
                    "kube-score pod-probes-identical",
                    d -> !container(d).getLivenessProbe().equals(container(d).getReadinessProbe())),
            rule("kube-linter liveness-port readiness-port startup-port", d -> container(d).getPorts().stream()
                    .anyMatch(port -> port.getName()
                            .equals(container(d)
                                    .getLivenessProbe()
                                    .getHttpGet()
                                    .getPort()
                                    .getStrVal()))),
            rule(
                    "kube-linter no-rolling-update-strategy, kube-score deployment-strategy",
                    d -> d.getSpec().getStrategy().getType().equals("RollingUpdate")),
            rule("kube-linter mismatching-selector", d -> d.getSpec()
                    .getTemplate()
                    .getMetadata()
                    .getLabels()
                    .entrySet()
                    .containsAll(d.getSpec().getSelector().getMatchLabels().entrySet())));

    private static final List<Rule<Manifests>> RELEASE = List.of(
            rule("kube-linter dangling-service, kube-score service-targets-pod", m -> m.all(Service.class).stream()
                    .allMatch(service -> labels(m)
                            .entrySet()
                            .containsAll(service.getSpec().getSelector().entrySet()))),
            rule("kube-linter invalid-target-ports", m -> m.all(Service.class).stream()
                    .flatMap(service -> service.getSpec().getPorts().stream())
                    .allMatch(port -> container(m.deployment()).getPorts().stream()
                            .anyMatch(target ->
                                    target.getName().equals(port.getTargetPort().getStrVal())))),
            rule(
                    "kube-linter dangling-networkpolicy, kube-score networkpolicy-targets-pod",
                    m -> m.all(NetworkPolicy.class).stream().allMatch(policy -> labels(m)
                            .entrySet()
                            .containsAll(policy.getSpec()
                                    .getPodSelector()
                                    .getMatchLabels()
                                    .entrySet()))),
            rule(
                    "polaris pdbDisruptionsIsZero, kube-linter pdb-max-unavailable",
                    m -> m.all(PodDisruptionBudget.class).stream().noneMatch(budget -> new IntOrString(0)
                            .equals(budget.getSpec().getMaxUnavailable()))),
            rule("kube-linter pdb-unhealthy-pod-eviction-policy", m -> m.all(PodDisruptionBudget.class).stream()
                    .allMatch(budget -> "AlwaysAllow".equals(budget.getSpec().getUnhealthyPodEvictionPolicy()))),
            rule(
                    "kube-score horizontalpodautoscaler-has-target, polaris hpaMinAvailability hpaMaxAvailability",
                    m -> m.all(HorizontalPodAutoscaler.class).stream()
                            .allMatch(scaler -> scaler.getSpec()
                                            .getScaleTargetRef()
                                            .getName()
                                            .equals(m.deployment().getMetadata().getName())
                                    && scaler.getSpec().getMinReplicas() > 1
                                    && scaler.getSpec().getMaxReplicas()
                                            > scaler.getSpec().getMinReplicas())),
            rule(
                    "kube-score deployment-targeted-by-hpa-does-not-have-replicas-configured, but for what the autoscaler"
                            + " starts with: none would be one pod",
                    m -> m.all(HorizontalPodAutoscaler.class).isEmpty()
                            || m.all(HorizontalPodAutoscaler.class)
                                    .get(0)
                                    .getSpec()
                                    .getMinReplicas()
                                    .equals(m.deployment().getSpec().getReplicas())),
            rule("polaris metadataAndInstanceMismatched, recommended labels", m -> m.objects().stream()
                    .allMatch(object ->
                            "echo".equals(object.getMetadata().getLabels().get("app.kubernetes.io/instance")))),
            rule("kube-linter use-namespace", m -> m.objects().stream()
                    .allMatch(object -> object.getMetadata().getNamespace() != null)));

    /** What an operator may switch off, and finds switched on. */
    private static final List<Rule<Manifests>> DEFAULTS = List.of(
            rule(
                    "kube-score deployment-replicas, polaris deploymentMissingReplicas",
                    m -> m.deployment().getSpec().getReplicas() > 1),
            rule(
                    "kube-linter non-isolated-pod, kube-score pod-networkpolicy, polaris missingNetworkPolicy",
                    m -> m.only(NetworkPolicy.class).getSpec().getPolicyTypes().equals(List.of("Ingress", "Egress"))),
            rule(
                    "kube-score deployment-has-poddisruptionbudget, polaris missingPodDisruptionBudget",
                    m -> m.all(PodDisruptionBudget.class).size() == 1),
            rule(
                    "polaris topologySpreadConstraint, kube-score pod-topology-spread-constraints",
                    m -> !m.podSpec().getTopologySpreadConstraints().isEmpty()),
            rule(
                    "kube-linter default-service-account, and its token stays unmounted",
                    m -> !m.only(ServiceAccount.class).getAutomountServiceAccountToken()
                            && m.podSpec()
                                    .getServiceAccountName()
                                    .equals(m.only(ServiceAccount.class)
                                            .getMetadata()
                                            .getName())),
            rule(
                    "kube-linter unsafe-sysctls",
                    m -> m.podSpec().getSecurityContext().getSysctls().isEmpty()),
            rule("kube-linter exposed-services, kube-score service-type", m -> m.all(Service.class).stream()
                    .allMatch(service -> service.getSpec().getType().equals("ClusterIP"))),
            rule("kube-linter privileged-ports", m -> container(m.deployment()).getPorts().stream()
                    .allMatch(port -> port.getContainerPort() >= 1024)),
            rule("no object more than these", m -> m.objects().stream()
                    .map(HasMetadata::getClass)
                    .allMatch(Set.of(
                            Deployment.class,
                            Service.class,
                            ConfigMap.class,
                            ServiceAccount.class,
                            NetworkPolicy.class,
                            PodDisruptionBudget.class,
                            Pod.class)::contains)));

    static Stream<Arguments> everyRuleOnEveryFile() throws IOException {
        Stream.Builder<Arguments> cases = Stream.builder();
        for (Path file : Chart.valuesFiles()) {
            if (file.equals(Chart.valuesFile("unrestricted"))) {
                continue; // breaks these rules on purpose; SecurityContextTest has it
            }
            Manifests m = Chart.manifests(file, Chart.KUBERNETES);
            String name = file.getFileName().toString();
            for (PodSpec pod : m.podSpecs()) {
                POD.forEach(rule ->
                        cases.add(Arguments.of(name, rule.names(), rule.holds().test(pod))));
                pod.getContainers()
                        .forEach(container -> CONTAINER.forEach(rule -> cases.add(
                                Arguments.of(name, rule.names(), rule.holds().test(container)))));
            }
            DEPLOYMENT.forEach(rule ->
                    cases.add(Arguments.of(name, rule.names(), rule.holds().test(m.deployment()))));
            RELEASE.forEach(rule ->
                    cases.add(Arguments.of(name, rule.names(), rule.holds().test(m))));
        }
        Manifests defaults = Chart.manifests(Chart.valuesFile("default"), Chart.KUBERNETES);
        DEFAULTS.forEach(rule -> cases.add(
                Arguments.of("default-values.yaml", rule.names(), rule.holds().test(defaults))));
        return cases.build();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("everyRuleOnEveryFile")
    void satisfies(String values, String rule, boolean holds) {
        assertThat(holds).as("%s with %s", rule, values).isTrue();
    }

    /** Unset where the platform assigns ids, which are large ones. */
    private static boolean aboveThePeoples(Long id) {
        return id == null || id > 10000;
    }

    private static Container container(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec().getContainers().get(0);
    }

    private static Map<String, String> labels(Manifests manifests) {
        return manifests.deployment().getSpec().getTemplate().getMetadata().getLabels();
    }

    private static boolean has(Container container, String resource) {
        Map<String, Quantity> requests = container.getResources().getRequests();
        Map<String, Quantity> limits = container.getResources().getLimits();
        return requests.containsKey(resource) && limits.containsKey(resource);
    }

    private static String type(Volume volume) {
        if (volume.getConfigMap() != null) {
            return "configMap";
        }
        if (volume.getSecret() != null) {
            return "secret";
        }
        return volume.getEmptyDir() != null && volume.getEmptyDir().getSizeLimit() != null ? "emptyDir" : "other";
    }
}
