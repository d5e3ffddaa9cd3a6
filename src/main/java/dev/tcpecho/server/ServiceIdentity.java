package dev.tcpecho.server;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Who it is that answers, for somebody who sees no more of it than a balancer's address. What the environment does not
 * tell is null.
 *
 * @param version of the jar; null where it was started without one
 * @param pod from {@code POD_NAME}, as Kubernetes' downward API can set it
 * @param namespace from {@code POD_NAMESPACE}
 * @param node from {@code NODE_NAME}
 */
public record ServiceIdentity(String version, String hostName, String pod, String namespace, String node) {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final int LONGEST_NAME = 256;

    public static final ServiceIdentity OURS = of(System.getenv());

    static ServiceIdentity of(Map<String, String> environment) {
        return new ServiceIdentity(
                ServiceIdentity.class.getPackage().getImplementationVersion(),
                hostName(environment),
                value(environment, "POD_NAME"),
                value(environment, "POD_NAMESPACE"),
                value(environment, "NODE_NAME"));
    }

    /** The order of the fields is part of the contract. */
    public JsonObject json() {
        return new JsonObject()
                .put("name", "tcp-echo")
                .put("version", version)
                .put("hostName", hostName)
                .put("pod", pod)
                .put("namespace", namespace)
                .put("node", node);
    }

    /** The nearest name: pod or host. */
    String who() {
        return pod != null ? "pod " + pod : hostName != null ? "host " + hostName : "this service";
    }

    /** The kernel's word: asking a resolver could take long. */
    private static String hostName(Map<String, String> environment) {
        try (InputStream file = Files.newInputStream(HOST_NAME)) {
            String name = new String(file.readNBytes(LONGEST_NAME), StandardCharsets.US_ASCII).strip();
            return name.isEmpty() ? value(environment, "HOSTNAME") : name;
        } catch (IOException e) {
            return value(environment, "HOSTNAME");
        }
    }

    private static String value(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value;
    }
}
