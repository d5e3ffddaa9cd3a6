package dev.tcpecho.bench;

/** One line of the table: a figure of some work, as a ratio to the floor or as it is. */
enum Row {
    STREAM("stream 64 x 1 KiB", Work.STREAM, "cpuMicrosPerEcho", "us", true),
    PIPELINED("pipelined 16x128 B", Work.PIPELINED, "cpuMicrosPerEcho", "us", true),
    BULK("bulk 4 x 1 MiB", Work.BULK, "cpuMicrosPerEcho", "us", true),
    ONE_SHOT("one-shot 64 x 100 B", Work.ONE_SHOT, "cpuMicrosPerEcho", "us", true),
    LATENCY("p99.9 of the stream", Work.STREAM, "p999Micros", "us", true),
    IDLE_CONNECTION("idle connection", Work.IDLE, "rssKibibytesPerConnection", "KB", false),
    BUSY("p99 many/few idle", Work.IDLE, "p99ManyToFew", "x", false),
    CHURN("growth in churn", Work.CHURN, "rssGrowthMegabytes", "MB", false),
    RSS("RSS after start", Work.START, "rssMegabytes", "MB", false),
    START("start to first echo", Work.START, "startSeconds", "s", false);

    final String title;
    final Work work;
    final String figure;
    final String unit;
    final boolean ratio;

    Row(String title, Work work, String figure, String unit, boolean ratio) {
        this.title = title;
        this.work = work;
        this.figure = figure;
        this.unit = unit;
        this.ratio = ratio;
    }
}
