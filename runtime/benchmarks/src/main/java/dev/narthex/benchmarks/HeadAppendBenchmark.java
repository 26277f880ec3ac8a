// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks;

import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
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
    private static final long START_MS = 1_767_225_600_000L;
    private static final long STEP_MS = 15_000;

    /** Series in all; the scrapes go round them. */
    @Param({"1000", "100000"})
    int series = SERIES_A_SCRAPE;

    private KnownSeries known;
    private long[] refs = {};
    private int next;
    private long timestampMs = START_MS + STEP_MS;

    @Setup
    public void open() throws IOException {
        known = new KnownSeries(series, START_MS, config -> config.compaction = false); // blocks are measured elsewhere
        refs = known.refs();
    }

    @TearDown
    public void close() throws IOException {
        known.close();
    }

    /** One scrape; how many samples were accepted. */
    @Benchmark
    @OperationsPerInvocation(SERIES_A_SCRAPE)
    public int scrape() throws IOException {
        int accepted = 0;
        try (Appender appender = known.appender()) {
            for (int i = 0; i < SERIES_A_SCRAPE; i++) {
                AppendResult result = appender.append(refs[next + i], timestampMs, 1000.0 + i);
                accepted += result == AppendResult.ACCEPTED ? 1 : 0;
            }
            appender.commit();
        }
        if (accepted < SERIES_A_SCRAPE) {
            throw new IllegalStateException(
                    (SERIES_A_SCRAPE - accepted) + " samples were refused, so what is measured is no append");
        }
        next += SERIES_A_SCRAPE;
        if (next == series) {
            next = 0;
            timestampMs += STEP_MS;
        }
        return accepted;
    }
}
