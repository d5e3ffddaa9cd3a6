package dev.tcpecho.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JvmMemoryTest {
    private static final String OBJECTS = " num     #instances         #bytes  class name (module)\n"
            + "   1:         23051        1998208  [B (java.base@25)\nTotal        176409        9876543\n";
    private static final String MEMORY = "Total: reserved=6036112KB, committed=170000KB\n"
            + "       malloc: 33333KB #1234\n-                 Java Heap (reserved=4194304KB, committed=70000KB)\n";

    @Test
    void partsTheHeapFromTheRest() {
        assertThat(JvmMemory.parse(OBJECTS, MEMORY)).contains(new JvmMemory(9_876_543, 100_000L << 10));
    }

    @Test
    void isEmptyWithoutNativeMemoryTracking() {
        assertThat(JvmMemory.parse(OBJECTS, "Native memory tracking is not enabled")).isEmpty();
    }
}
