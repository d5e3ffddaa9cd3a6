package dev.tcpecho.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcFilesTest {
    @Test
    void addsUserAndSystemTimeOfTheProcessAndOfChildrenWaitedFor() {
        String stat = "4711 (java) S 1 4711 4711 0 -1 4194304 900 80 7 6 120 34 5 6 20 0 31 0 8912 1000 250 18446 1";
        assertThat(ProcFiles.cpuTicks(stat)).isEqualTo(120 + 34 + 5 + 6);
    }

    @Test
    void nameMayHoldBlanksAndBrackets() {
        String stat = "4711 (a b) c) (d) R 1 4711 4711 0 -1 4194304 900 80 7 6 12 3 0 0 20 0 31 0 8912 1000 250 1 1";
        assertThat(ProcFiles.cpuTicks(stat)).isEqualTo(15);
    }

    @Test
    void processThatHasEndedCountsNothing() {
        assertThat(ProcFiles.cpuTicks("")).isZero();
        assertThat(ProcFiles.rssKibibytes("")).isZero();
    }

    @Test
    void readsResidentMemory() {
        assertThat(ProcFiles.rssKibibytes("Name:\tjava\nVmHWM:\t  200 kB\nVmRSS:\t  107520 kB\nRssAnon:\t 1 kB\n"))
                .isEqualTo(107_520);
    }

    @Test
    void lastCoreOfTheAllowedOnes() {
        assertThat(Pinning.last("Cpus_allowed:\tf\nCpus_allowed_list:\t0-3,8\nMems_allowed:\t1\n"))
                .isEqualTo(8);
        assertThat(Pinning.last("Cpus_allowed_list:\t0-11\n")).isEqualTo(11);
        assertThat(Pinning.last("Cpus_allowed_list:\t5\n")).isEqualTo(5);
    }
}
