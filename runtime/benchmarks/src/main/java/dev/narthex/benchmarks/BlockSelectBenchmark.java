// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks;

import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.memory.StorageFiles;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.tsdb.BlockImport;
import dev.narthex.tsdb.block.Block;
import dev.narthex.tsdb.block.BlockMeta;
import dev.narthex.tsdb.block.Ulid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/**
 * Postings of a block of 200,000 series: labels that half of them, a third and so on have, and one of which each has a value of
 * its own. Samples are not read.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BlockSelectBenchmark {
    private static final long START_MS = 1_767_225_600_000L;
    private static final int[] PRIMES = {2, 3, 5, 7, 11, 13};

    @Param({"200000"})
    int series = 200_000;

    private final StorageFiles files = new LocalFiles();
    private @Nullable Path directory;
    private @Nullable Block block;

    @Setup
    public void write() throws IOException {
        Path made = Files.createTempDirectory("block-select");
        directory = made;
        try (BlockImport writer = new BlockImport(files, made, 7_200_000, new MemoryAccount(Long.MAX_VALUE))) {
            try (Appender appender = writer.appender()) {
                for (int i = 0; i < series; i++) {
                    appender.append(appender.series(labels(i)), START_MS, i);
                }
                appender.commit();
            }
            BlockMeta meta = Objects.requireNonNull(writer.write(new Ulid("01M8EVFHW223BQP4CCVKJQ367G")));
            block = Block.open(files, made.resolve(meta.ulid().toString()));
        }
    }

    private static Labels labels(int number) {
        String[] pairs = new String[2 * PRIMES.length + 4];
        pairs[0] = Labels.METRIC_NAME;
        pairs[1] = "m";
        pairs[2] = "pod";
        pairs[3] = "shop-" + number * 7919L % 1_000_003 + "-" + number;
        for (int i = 0; i < PRIMES.length; i++) {
            pairs[2 * i + 4] = "rest" + PRIMES[i];
            pairs[2 * i + 5] = Integer.toString(number % PRIMES[i]);
        }
        return Labels.of(pairs);
    }

    @TearDown
    public void close() throws IOException {
        Objects.requireNonNull(block).close();
        files.delete(Objects.requireNonNull(directory));
    }

    /** Six lists, of 100,000 series to 15,385, which have 7 in common; how many. */
    @Benchmark
    public int intersectionOfLargeLists() {
        LabelMatcher[] matchers = new LabelMatcher[PRIMES.length];
        for (int i = 0; i < PRIMES.length; i++) {
            matchers[i] = LabelMatcher.equal("rest" + PRIMES[i], "0");
        }
        return count(matchers);
    }

    /** All but one series of each thirteenth; how many are left. */
    @Benchmark
    public int differenceOfLargeLists() {
        return count(
                LabelMatcher.equal("rest13", "0"),
                LabelMatcher.of(MatchOp.NOT_EQUAL, "rest2", "0"),
                LabelMatcher.of(MatchOp.NOT_EQUAL, "rest3", "0"),
                LabelMatcher.of(MatchOp.NOT_REGEX, "rest11", "[1-9]|10"));
    }

    /** An expression that is looked for inside each of 200,000 values. */
    @Benchmark
    public int containsOverManyValues() {
        return count(LabelMatcher.of(MatchOp.REGEX, "pod", ".*-7777.*"));
    }

    /** An expression that is run over each of them. */
    @Benchmark
    public int expressionOverManyValues() {
        return count(LabelMatcher.of(MatchOp.REGEX, "pod", "shop-[0-9]+-(12|34)[0-9]+5"));
    }

    /** One that names its values is looked up. */
    @Benchmark
    public int alternativesOfManyValues() {
        return count(LabelMatcher.of(MatchOp.REGEX, "pod", "shop-0-0|shop-7919-1|shop-none|shop-15838-2"));
    }

    private int count(LabelMatcher... matchers) {
        int found = 0;
        try (Querier querier = Objects.requireNonNull(block).querier(START_MS, Long.MAX_VALUE)) {
            SeriesSet set =
                    querier.select(new SelectHints(START_MS, Long.MAX_VALUE, 0, 0, "", false), List.of(matchers));
            while (set.next()) {
                found++;
            }
        }
        return found;
    }
}
