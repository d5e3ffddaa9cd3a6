package dev.tcpecho.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PhasesTest {
    private static final Settings SETTINGS = Settings.from(name -> name.equals("bench.seconds") ? "3" : "");

    @Test
    void leavesOutWhatIsMoreThanMayBeHeld() {
        assertThat(Phases.of(Work.NATIVE, SETTINGS, 200))
                .containsExactly(
                        "warmup=64:1024:10.0",
                        "stream=64:1024:3.0",
                        "bulk=4:1048576:3.0",
                        "active1=1:1024:1.5",
                        "active10=10:1024:1.5",
                        "active100=100:1024:1.5");
    }

    @Test
    void drawsNoCurveOfTls() {
        assertThat(Phases.of(Work.TLS, SETTINGS, 200))
                .containsExactly("warmup=64:1024:10.0", "stream=64:1024:3.0", "bulk=4:1048576:3.0");
    }

    @Test
    void asksForOneShots() {
        assertThat(Phases.of(Work.NATIVE_ONCE, SETTINGS, 200)).containsExactly("warmup=64:100:10.0", "once=64:100:3.0");
    }
}
