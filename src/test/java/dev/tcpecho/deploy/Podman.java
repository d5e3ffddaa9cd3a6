package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The podman of {@code deploy/container/image}, with its own image store and its own network. */
final class Podman {
    private static final String NETWORK = "proof";
    private static final long PATIENCE_SECONDS = 120;

    private final Path work;
    private String subnet;

    Podman(Path work) {
        this.work = work;
    }

    void createNetwork() {
        run("network", "create", "--disable-dns", NETWORK);
        String network = run("network", "inspect", NETWORK, "--format", "{{range .Subnets}}{{.Subnet}}{{end}}");
        subnet = network.substring(0, network.lastIndexOf('.') + 1);
    }

    /** @param number of the pod, which becomes the last part of its address */
    String address(int number) {
        return subnet + (100 + number);
    }

    /** @return the name of the Deployment's container, which differs between podman's versions */
    String play(Path manifests, String deployment, int number) {
        run("kube", "play", "--network", NETWORK, "--ip", address(number), manifests.toString());
        return run("ps", "--all", "--format", "{{.Names}}")
                .lines()
                .filter(name -> name.startsWith(deployment + "-pod") && name.endsWith("-tcp-echo"))
                .findFirst()
                .orElseThrow();
    }

    /** As a program of its own in the network of the pods, under the chart's memory limit. */
    String runImage(String image, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("run", "--rm", "--network", NETWORK, "--memory", "128m", "--read-only", "--cap-drop", "all"));
        command.add(image);
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    String inspect(String container, String format) {
        return run("inspect", container, "--format", format);
    }

    /** As the kubelet: SIGTERM, and SIGKILL after the grace period. @return the exit code */
    int stop(String container, long gracePeriodSeconds) {
        run("stop", "--time", Long.toString(gracePeriodSeconds), container);
        return Integer.parseInt(inspect(container, "{{.State.ExitCode}}"));
    }

    String logs(String container) {
        Output logs = execute("logs", container);
        return logs.out() + logs.err();
    }

    void removePods() {
        run("pod", "rm", "--all", "--force", "--time", "0");
    }

    void removeNetwork() {
        run("network", "rm", "--force", NETWORK);
    }

    private record Output(String out, String err) {}

    private String run(String... arguments) {
        return execute(arguments).out();
    }

    private Output execute(String... arguments) {
        List<String> command = new ArrayList<>(List.of("podman"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectInput(Path.of("/dev/null").toFile());
        builder.environment()
                .put("CONTAINERS_CONF", work.resolve("containers.conf").toString());
        builder.environment()
                .put("CONTAINERS_STORAGE_CONF", work.resolve("storage.conf").toString());
        try {
            Process process = builder.start();
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            Output output = new Output(text(process.getInputStream()), err.join());
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("%s ended in time", command)
                    .isTrue();
            assertThat(process.exitValue()).as("%s: %s", command, output).isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String text(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
