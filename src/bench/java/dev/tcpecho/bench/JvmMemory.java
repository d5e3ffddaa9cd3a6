package dev.tcpecho.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The memory of a JVM, told by its own jcmd: what resident memory alone cannot tell apart, since a heap grows by policy
 * and not by need.
 *
 * @param liveHeap bytes of the objects that a full collection leaves
 * @param nativeBytes committed beside the heap, by native memory tracking: stacks, code, classes, direct buffers
 */
record JvmMemory(long liveHeap, long nativeBytes) {
    private static final Pattern TOTAL_OBJECTS = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
    private static final Pattern COMMITTED = Pattern.compile("(?m)^Total:.*committed=(\\d+)KB");
    private static final Pattern HEAP = Pattern.compile("Java Heap \\(reserved=\\d+KB, committed=(\\d+)KB");

    /** Empty where the process is no JVM, or one without native memory tracking. It collects its garbage first. */
    static Optional<JvmMemory> of(long pid) {
        return jcmd(pid, "GC.class_histogram").flatMap(objects -> jcmd(pid, "VM.native_memory", "summary")
                .flatMap(memory -> parse(objects, memory)));
    }

    static Optional<JvmMemory> parse(String objects, String memory) {
        Matcher live = TOTAL_OBJECTS.matcher(objects);
        Matcher committed = COMMITTED.matcher(memory);
        Matcher heap = HEAP.matcher(memory);
        return live.find() && committed.find() && heap.find()
                ? Optional.of(new JvmMemory(
                        Long.parseLong(live.group(1)),
                        (Long.parseLong(committed.group(1)) - Long.parseLong(heap.group(1))) << 10))
                : Optional.empty();
    }

    private static Optional<String> jcmd(long pid, String... question) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .filter(command -> Path.of(command).endsWith("java"))
                .map(java -> Path.of(java).resolveSibling("jcmd"))
                .filter(Files::isExecutable)
                .flatMap(jcmd -> Tools.output(
                        Stream.concat(Stream.of(jcmd.toString(), "" + pid), Stream.of(question))
                                .toList()));
    }
}
