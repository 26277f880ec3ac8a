// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks;

import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.storage.Appender;
import dev.narthex.tsdb.head.Head;
import dev.narthex.tsdb.headchunk.HeadChunkFiles;
import dev.narthex.tsdb.headchunk.HeadChunkRecovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a series costs in the slabs: a million of them, with nine labels and samples of a counter each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class SeriesMemoryBenchmark {
    private static final int SERIES_A_SCRAPE = 1_000;

    @Param({"1000000"})
    int series = 1_000_000;

    @Param({"1", "240"})
    int samples = 240;

    /** Whether full chunks go to files, once a minute of the samples. */
    @Param({"false", "true"})
    boolean chunkFiles;

    /** What is counted beside the time. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counters {
        public long bytesPerSeries;
    }

    /** Fills a head; the bytes that it holds. */
    @Benchmark
    public long fill(Counters counters) throws IOException {
        MemoryAccount memory = new MemoryAccount(Long.MAX_VALUE);
        Path directory = Files.createTempDirectory("narthex-benchmark");
        LocalFiles local = new LocalFiles();
        HeadChunkRecovery.Result none =
                new HeadChunkRecovery(local, directory, directory).run((_, _, _, _, _, _) -> {});
        try (HeadChunkFiles files = HeadChunkFiles.open(local, directory, none);
                Head head = new Head(memory, 7_200_000, (batch, maxTimeMs) -> {})) {
            head.useChunkFiles(files);
            long[] refs = new long[series];
            double[] values = new double[series];
            Random random = new Random(1);
            for (int sample = 0; sample < samples; sample++) {
                for (int from = 0; from < series; from += SERIES_A_SCRAPE) {
                    try (Appender appender = head.appender()) {
                        for (int i = from; i < from + SERIES_A_SCRAPE; i++) {
                            if (sample == 0) {
                                refs[i] = appender.series(labels(i));
                            }
                            values[i] += i % 4 == 0 ? 0 : random.nextInt(100);
                            appender.append(refs[i], 1_767_225_600_000L + 15_000L * sample, values[i]);
                        }
                        appender.commit();
                    }
                }
                if (chunkFiles && sample % 4 == 3) {
                    head.mapChunks();
                }
            }
            counters.bytesPerSeries = memory.bytes() / series;
            return memory.bytes();
        } finally {
            local.delete(directory);
        }
    }

    private static Labels labels(int number) {
        int pod = number / 1000;
        return Labels.of(
                Labels.METRIC_NAME,
                "metric_" + number % 250,
                "instance",
                "10.0." + pod / 250 + "." + pod % 250 + ":9100",
                "job",
                "job" + pod / 100,
                "namespace",
                "default",
                "pod",
                "shop-" + pod + "-abcde",
                "container",
                "main",
                "code",
                Integer.toString(200 + number % 4),
                "method",
                number % 2 == 0 ? "GET" : "POST",
                "path",
                "/api/" + number % 1000);
    }
}
