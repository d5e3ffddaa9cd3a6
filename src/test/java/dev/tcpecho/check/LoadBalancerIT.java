package dev.tcpecho.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Program;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service, twice or more, behind Debian's HAProxy and nginx while it is replaced. */
class LoadBalancerIT {
    @TempDir
    private Path folder;

    private final List<Program> programs = new ArrayList<>();

    @AfterEach
    void endAll() {
        programs.forEach(Program::close);
    }

    private final class Instance {
        private final int echo = Ports.free();
        private final int http = Ports.free();
        private Program program;

        private void start(String drainDelay) {
            program = run(Program.packaged(
                    "-Decho.mode=stream",
                    "-Decho.port=" + echo,
                    "-Dquarkus.http.port=" + http,
                    "-Decho.drain-delay=" + drainDelay,
                    "-Decho.drain-timeout=2S"));
            Client ready = Client.run("--health", "http://127.0.0.1:" + http + "/q/health/ready", "--timeout", "2m");
            assertThat(ready.code()).as(ready.out()).isZero();
        }

        private void terminate() {
            program.process().destroy();
            assertThat(program.awaitExit()).isEqualTo(143);
        }
    }

    private Program run(Program program) {
        programs.add(program);
        return program;
    }

    private static String tool(String name) {
        Path found = Stream.of("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(found != null, "skipped: " + name + " is not installed");
        return found.toString();
    }

    /** @param check what follows "check" on the line of each server */
    private int haproxy(String check, List<Instance> instances) throws IOException {
        int port = Ports.free();
        StringBuilder config = new StringBuilder("""
                defaults
                    mode tcp
                    retries 0
                    timeout connect 2s
                    timeout client 1m
                    timeout server 1m
                frontend echo
                    bind 127.0.0.1:%d
                    default_backend pods
                backend pods
                    option httpchk GET /q/health/ready
                """.formatted(port));
        for (Instance instance : instances) {
            config.append("    server s%d 127.0.0.1:%d check port %d %s\n"
                    .formatted(instance.echo, instance.echo, instance.http, check));
        }
        Path file = Files.writeString(folder.resolve("haproxy.cfg"), config);
        run(Program.start(new File("."), List.of(tool("haproxy"), "-db", "-f", file.toString())));
        return port;
    }

    private static CompletableFuture<Client> watch(int port, String time) {
        return CompletableFuture.supplyAsync(
                () -> Client.run("watch", "127.0.0.1:" + port, "--for", time, "--timeout", "20s", "--json"));
    }

    @Test
    void aRollingReplacementLosesNothing() throws IOException {
        tool("haproxy");
        List<Instance> pods = List.of(new Instance(), new Instance(), new Instance(), new Instance());
        pods.get(0).start("3S");
        pods.get(1).start("3S");
        int port = haproxy("inter 500ms fall 1 rise 1", pods);
        Program haproxy = programs.get(programs.size() - 1);
        haproxy.awaitLine("s" + pods.get(3).echo + " is DOWN");

        CompletableFuture<Client> watch = watch(port, "30s");
        for (int i = 0; i < 2; i++) {
            pods.get(i + 2).start("3S");
            haproxy.awaitLine("s" + pods.get(i + 2).echo + " is UP");
            pods.get(i).terminate();
        }
        assertThat(watch).as("the replacement took longer than the watch").isNotDone();
        Client client = watch.join();
        assertThat(client.code()).as(client.out()).isZero();
        assertThat(client.json().getInteger("bytesLost")).isZero();
        assertThat(client.json().getInteger("connections")).isGreaterThan(100);
        assertThat(client.json().getInteger("reconnects")).isPositive();
    }

    @Test
    void theLossOfAReplacementWithoutADrainIsReported() throws IOException {
        tool("haproxy");
        List<Instance> pods = List.of(new Instance(), new Instance());
        pods.get(0).start("0S");
        pods.get(1).start("0S");
        int port = haproxy("inter 2s", pods);
        assertThat(Client.run("--echo", "127.0.0.1:" + port, "--mode", "stream", "--timeout", "20s")
                        .code())
                .isZero();

        CompletableFuture<Client> watch = watch(port, "8s");
        pods.get(0).terminate();
        Client client = watch.join();
        assertThat(client.code()).as(client.out()).isOne();
        assertThat(client.json().getInteger("bytesLost")).isPositive();
        assertThat(client.json().getInteger("dirtyEnds")).isPositive();
    }

    /** By default nginx takes a client's FIN for the end of both ways, and what is on its way back is lost. */
    @Test
    void throughNginxEveryByteComesBackAndNoneIsLostWithADrain() throws IOException {
        String nginx = tool("nginx");
        Path module = Path.of("/usr/lib/nginx/modules/ngx_stream_module.so");
        assumeTrue(Files.exists(module), "skipped: nginx' stream module is not installed");
        Instance first = new Instance();
        Instance second = new Instance();
        first.start("1S");
        second.start("1S");
        int port = Ports.free();
        Path file = Files.writeString(folder.resolve("nginx.conf"), """
                load_module %s;
                daemon off;
                worker_processes 1;
                pid %s;
                error_log stderr warn;
                events {}
                stream {
                    upstream pods { server 127.0.0.1:%d; server 127.0.0.1:%d; }
                    server { listen 127.0.0.1:%d; proxy_pass pods; proxy_half_close on; }
                }
                """.formatted(
                        module, folder.resolve("nginx.pid"), first.echo, second.echo, port));
        run(Program.start(new File("."), List.of(nginx, "-p", folder.toString(), "-c", file.toString())));
        Client bytes =
                Client.run("--echo", "127.0.0.1:" + port, "--mode", "stream", "--bytes", "20000001", "--timeout", "1m");
        assertThat(bytes.code()).as(bytes.out()).isZero();

        CompletableFuture<Client> watch = watch(port, "10s");
        first.terminate();
        Client client = watch.join();
        assertThat(client.code()).as(client.out()).isZero();
    }
}
