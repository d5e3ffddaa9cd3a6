package dev.tcpecho.bench;

/** One line of the table: a figure of some work, as a ratio to the floor or as it is. */
enum Row {
    STREAM("stream 64 x 1 KiB", Work.STREAM, "cpuMicrosPerEcho", "us", true),
    PIPELINED("pipelined 16x128 B", Work.PIPELINED, "cpuMicrosPerEcho", "us", true),
    BULK("bulk 4 x 1 MiB", Work.BULK, "cpuMicrosPerEcho", "us", true),
    ONE_SHOT("one-shot 64 x 100 B", Work.ONE_SHOT, "cpuMicrosPerEcho", "us", true),
    ONE_SHOT_KEPT("one-shot to C-fin", Work.ONE_SHOT, "cpuMicrosPerEcho", "us", Contender.KEPT),
    LATENCY("p99.9 of the stream", Work.STREAM, "p999Micros", "us", true),
    NATIVE_STREAM("C client: stream", Work.NATIVE, "streamCpuMicros", "us", true),
    NATIVE_BULK("C client: bulk", Work.NATIVE, "bulkCpuMicros", "us", true),
    NATIVE_ONE_SHOT("C client: one-shot", Work.NATIVE_ONCE, "onceCpuMicros", "us", true),
    NATIVE_ONE_SHOT_KEPT("  to C-fin", Work.NATIVE_ONCE, "onceCpuMicros", "us", Contender.KEPT),
    NATIVE_P99("C client: p99", Work.NATIVE, "streamP99", "us", true),
    NATIVE_P999("  p99.9", Work.NATIVE, "streamP999", "us", true),
    NATIVE_P9999("  p99.99", Work.NATIVE, "streamP9999", "us", true),
    NATIVE_WORST("  worst", Work.NATIVE, "streamWorst", "us", true),
    ACTIVE("10,000 active", Work.NATIVE, "active10000CpuMicros", "us", true),
    ACTIVE_P999("  p99.9", Work.NATIVE, "active10000P999", "us", true),
    ACTIVE_P9999("  p99.99", Work.NATIVE, "active10000P9999", "us", true),
    ACTIVE_WORST("  worst", Work.NATIVE, "active10000Worst", "us", true),
    ACTIVE_GROWTH("19,000/64 active", Work.NATIVE, "growthWithConnections", "x", false),
    TLS_STREAM("TLS: stream", Work.TLS, "streamCpuMicros", "us", true),
    TLS_BULK("TLS: bulk", Work.TLS, "bulkCpuMicros", "us", true),
    TLS_P999("TLS: p99.9", Work.TLS, "streamP999", "us", true),
    TLS_ONE_SHOT("TLS: one-shot", Work.TLS_ONCE, "onceCpuMicros", "us", true),
    IDLE_CONNECTION("idle connection", Work.IDLE, "rssKibibytesPerConnection", "KB", false),
    IDLE_HEAP("  live heap", Work.IDLE, "heapKibibytesPerConnection", "KB", false),
    IDLE_NATIVE("  beside the heap", Work.IDLE, "nativeKibibytesPerConnection", "KB", false),
    BUSY("p99 many/few idle", Work.IDLE, "p99ManyToFew", "x", false),
    CHURN("growth in churn", Work.CHURN, "rssGrowthMegabytes", "MB", false),
    RSS("RSS after start", Work.START, "rssMegabytes", "MB", false),
    START("start to first echo", Work.START, "startSeconds", "s", false);

    final String title;
    final Work work;
    final String figure;
    final String unit;
    final boolean ratio;

    /** What the ratio is to. */
    final String floor;

    Row(String title, Work work, String figure, String unit, boolean ratio) {
        this(title, work, figure, unit, ratio, Contender.FLOOR);
    }

    Row(String title, Work work, String figure, String unit, String floor) {
        this(title, work, figure, unit, true, floor);
    }

    Row(String title, Work work, String figure, String unit, boolean ratio, String floor) {
        this.floor = floor;
        this.title = title;
        this.work = work;
        this.figure = figure;
        this.unit = unit;
        this.ratio = ratio;
    }
}
