// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks;

import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.model.time.SystemScheduler;
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
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The start of a TSDB on a log of many scrapes: time for all of it. Divide by series times samples. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 3)
public class ReplayBenchmark {
    private static final int SERIES_A_SCRAPE = 1_000;

    @Param({"10000"})
    int series = 10_000;

    @Param({"200"})
    int samples = 200;

    /** Whether a stop leaves a snapshot of the head, and the start reads that. */
    @Param({"false"})
    boolean snapshot;

    private final SystemScheduler scheduler = new SystemScheduler("benchmark");
    private Path directory;

    private TsdbConfig config() {
        return TsdbConfig.defaults(directory, new LocalFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE))
                .with(b -> b.headSnapshot = snapshot);
    }

    @Setup
    public void write() throws IOException {
        directory = Files.createTempDirectory("narthex-benchmark");
        long startMs = scheduler.clock().millis() - 15_000L * samples;
        long[] refs = new long[series];
        try (Tsdb tsdb = Tsdb.open(config())) {
            for (int sample = 0; sample < samples; sample++) {
                for (int from = 0; from < series; from += SERIES_A_SCRAPE) {
                    try (Appender appender = tsdb.appender()) {
                        for (int i = from; i < from + SERIES_A_SCRAPE; i++) {
                            if (sample == 0) {
                                refs[i] = appender.series(labels(i));
                            }
                            appender.append(refs[i], startMs + 15_000L * sample, sample * (double) (i % 100));
                        }
                        appender.commit();
                    }
                }
            }
        }
    }

    private static Labels labels(int number) {
        return Labels.of(
                Labels.METRIC_NAME, "metric_" + number % 1000, "instance", "10.0.0." + number / 1000, "job", "shop");
    }

    @TearDown
    public void delete() throws IOException {
        scheduler.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** What is counted beside the time: the CPU time of all threads, whatever else the machine does. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counters {
        public double cpuNanosPerSample;
    }

    /** Opens and closes; the samples that were brought back, without those in chunks of files where a snapshot is read. */
    @Benchmark
    public long open(Counters counters) throws IOException {
        long before = cpuNanos();
        try (Tsdb tsdb = Tsdb.open(config())) {
            long brought = tsdb.stats().replay().samples();
            counters.cpuNanosPerSample = (cpuNanos() - before) / ((double) series * samples);
            return brought;
        }
    }

    private static long cpuNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toNanos)
                .orElse(0L);
    }
}
