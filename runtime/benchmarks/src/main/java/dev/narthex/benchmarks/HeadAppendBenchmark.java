// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks;

import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.tsdb.Tsdb;
import dev.narthex.tsdb.TsdbConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Scrapes of 1,000 known series into the head and its log, one commit each: time for each sample. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HeadAppendBenchmark {
    static final int SERIES_A_SCRAPE = 1_000;

    /** Series in all; the scrapes go round them. */
    @Param({"1000", "100000"})
    int series = SERIES_A_SCRAPE;

    private final SystemScheduler scheduler = new SystemScheduler("benchmark");
    private long[] refs = {};
    private Path directory;
    private Tsdb tsdb;
    private int next;
    private long timestampMs = 1_767_225_600_000L;

    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory("narthex-benchmark");
        tsdb = Tsdb.open(TsdbConfig.defaults(
                directory,
                new LocalFiles(),
                scheduler,
                new MemoryAccount(Runtime.getRuntime().maxMemory())));
        refs = new long[series];
        try (Appender appender = tsdb.appender()) {
            for (int i = 0; i < series; i++) {
                refs[i] = appender.series(Labels.of(
                        Labels.METRIC_NAME, "requests_total", "instance", "10.0.0." + i / 1000, "path", "/" + i));
            }
            appender.commit();
        }
    }

    @TearDown
    public void close() throws IOException {
        tsdb.close();
        scheduler.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** One scrape; how many samples were accepted. */
    @Benchmark
    @OperationsPerInvocation(SERIES_A_SCRAPE)
    public int scrape() throws IOException {
        int accepted = 0;
        try (Appender appender = tsdb.appender()) {
            for (int i = 0; i < SERIES_A_SCRAPE; i++) {
                AppendResult result = appender.append(refs[next + i], timestampMs, 1000.0 + i);
                accepted += result == AppendResult.ACCEPTED ? 1 : 0;
            }
            appender.commit();
        }
        next += SERIES_A_SCRAPE;
        if (next == series) {
            next = 0;
            timestampMs += 15_000;
        }
        return accepted;
    }
}
