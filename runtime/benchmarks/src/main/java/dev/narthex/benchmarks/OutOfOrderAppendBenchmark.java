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
import java.time.Duration;
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

/**
 * Late samples of 1,000 known series into the head and its log for them, one commit each: time for each sample, with the
 * moving of full chunks to files.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class OutOfOrderAppendBenchmark {
    static final int SERIES_A_COMMIT = 1_000;
    private static final long START_MS = 1_767_225_600_000L;
    private static final long STEP_MS = 7;

    /** Series in all; the scrapes go round them. */
    @Param({"1000", "100000"})
    int series = SERIES_A_COMMIT;

    private final SystemScheduler scheduler = new SystemScheduler("benchmark");
    private long[] refs = {};
    private Path directory;
    private Tsdb tsdb;
    private int next;
    private long timestampMs = START_MS;

    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory("narthex-benchmark");
        tsdb = Tsdb.open(TsdbConfig.defaults(
                        directory,
                        new LocalFiles(),
                        scheduler,
                        new MemoryAccount(Runtime.getRuntime().maxMemory()))
                .with(config -> config.outOfOrderWindow = Duration.ofDays(30)));
        refs = new long[series];
        try (Appender appender = tsdb.appender()) {
            for (int i = 0; i < series; i++) {
                refs[i] = appender.series(Labels.of(
                        Labels.METRIC_NAME, "requests_total", "instance", "10.0.0." + i / 1000, "path", "/" + i));
                appender.append(refs[i], START_MS, i);
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

    /** One commit; how many samples were accepted. */
    @Benchmark
    @OperationsPerInvocation(SERIES_A_COMMIT)
    public int late() throws IOException {
        if (next == 0) {
            timestampMs -= STEP_MS;
        }
        int accepted = 0;
        try (Appender appender = tsdb.appender()) {
            for (int i = 0; i < SERIES_A_COMMIT; i++) {
                AppendResult result = appender.append(refs[next + i], timestampMs, 1000.0 + i);
                accepted += result == AppendResult.ACCEPTED ? 1 : 0;
            }
            appender.commit();
        }
        next += SERIES_A_COMMIT;
        if (next == series) {
            next = 0;
        }
        return accepted;
    }
}
