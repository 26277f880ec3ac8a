// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.memory.StorageFiles;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.testkit.time.ManualScheduler;
import dev.narthex.tsdb.wal.WalCompression;
import dev.narthex.tsdb.wal.WalRecovery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;

/** A TSDB on files in memory, with a clock that a test moves, and short ways to write and read it. */
final class TsdbFixture implements AutoCloseable {
    static final Path DATA = Path.of("/data");

    final ManualScheduler scheduler = new ManualScheduler();
    StorageFiles files = new FaultyFiles();
    MemoryAccount memory = new MemoryAccount(Long.MAX_VALUE);
    Path directory = DATA;
    Duration retention = Duration.ofDays(15);
    long retentionBytes = Long.MAX_VALUE;
    double retentionPercentage;
    long segmentBytes = 1 << 20;
    WalCompression compression = WalCompression.NONE;
    boolean startTimestampZeros;
    boolean startTimestamps;
    /** Where set, the start timestamp that every sample must be read with, 0 for none. */
    @Nullable
    ToLongBiFunction<Labels, Long> startsMs;

    boolean headSnapshot;
    int maxExemplars = 100_000;
    TsdbObserver observer = TsdbObserver.NONE;
    boolean compaction = true;
    double staleSeriesThreshold;
    Duration chunkRange = Duration.ofHours(2);
    WalRecovery.Progress replayProgress = (_, _, _) -> {};
    Duration outOfOrderWindow = Duration.ZERO;
    Tsdb tsdb;

    @SuppressWarnings("NullAway.Init") // opened by open()
    TsdbFixture() {}

    TsdbFixture open() throws IOException {
        tsdb = Tsdb.open(config());
        return this;
    }

    /** Opens for appends only, with memory of its own. */
    TsdbFixture begin() throws IOException {
        memory = new MemoryAccount(memory.limitBytes());
        tsdb = Tsdb.begin(config());
        return this;
    }

    TsdbConfig config() {
        return TsdbConfig.defaults(directory, files, scheduler, memory)
                .withRetention(retention)
                .withRetentionBytes(retentionBytes)
                .withWalSegmentBytes(segmentBytes)
                .with(b -> {
                    b.retentionPercentage = retentionPercentage;
                    b.walCompression = compression;
                    b.startTimestampZeros = startTimestampZeros;
                    b.startTimestamps = startTimestamps;
                    b.headSnapshot = headSnapshot;
                    b.maxExemplars = maxExemplars;
                    b.observer = observer;
                    b.compaction = compaction;
                    b.staleSeriesThreshold = staleSeriesThreshold;
                    b.chunkRange = chunkRange;
                    b.replayProgress = replayProgress;
                    b.outOfOrderWindow = outOfOrderWindow;
                });
    }

    FaultyFiles faulty() {
        return (FaultyFiles) files;
    }

    /** Closes and opens again on what was written. */
    void restart() throws IOException {
        tsdb.close();
        memory = new MemoryAccount(memory.limitBytes());
        open();
    }

    /** Kills the process in thought: nothing is closed, what was written is there. */
    void killAndRestart() throws IOException {
        files = faulty().kill();
        memory = new MemoryAccount(memory.limitBytes());
        open();
    }

    long nowMs() {
        return scheduler.clock().millis();
    }

    /** Commits one sample. */
    AppendResult append(Labels labels, long timestampMs, double value) throws IOException {
        try (Appender appender = tsdb.appender()) {
            AppendResult result = appender.append(appender.series(labels), timestampMs, value);
            appender.commit();
            return result;
        }
    }

    /** All samples of all series in a range, as text {@code labels -> [t=v …]}. */
    Map<String, List<String>> all(long mintMs, long maxtMs) {
        if (startsMs != null) {
            assertStarts(mintMs, maxtMs, startsMs);
        }
        return read(tsdb, mintMs, maxtMs, LabelMatcher.of(MatchOp.REGEX, "__name__", ".*"));
    }

    /** A staleness marker may have that of the sample before it. */
    private void assertStarts(long mintMs, long maxtMs, ToLongBiFunction<Labels, Long> expected) {
        SampleBuffer buffer = new SampleBuffer();
        try (Querier querier = tsdb.querier(mintMs, maxtMs)) {
            SeriesSet set = querier.select(
                    SelectHints.range(mintMs, maxtMs), List.of(LabelMatcher.of(MatchOp.REGEX, "__name__", ".*")));
            while (set.next()) {
                buffer.clear();
                set.samples(buffer);
                for (int i = 0; i < buffer.size(); i++) {
                    if (!StalenessMarker.is(buffer.value(i))) {
                        assertThat(buffer.startTimestampMs(i))
                                .as("start of %s at %s", set.labels(), buffer.timestampMs(i))
                                .isEqualTo(expected.applyAsLong(set.labels(), buffer.timestampMs(i)));
                    }
                }
            }
        }
    }

    Map<String, List<String>> all() {
        return all(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    static Map<String, List<String>> read(Queryable from, long mintMs, long maxtMs, LabelMatcher... matchers) {
        try (Querier querier = from.querier(mintMs, maxtMs)) {
            return read(querier, mintMs, maxtMs, matchers);
        }
    }

    static Map<String, List<String>> read(Querier querier, long mintMs, long maxtMs, LabelMatcher... matchers) {
        Map<String, List<String>> found = new TreeMap<>();
        SampleBuffer buffer = new SampleBuffer();
        SeriesSet set = querier.select(SelectHints.range(mintMs, maxtMs), List.of(matchers));
        while (set.next()) {
            buffer.clear();
            set.samples(buffer);
            List<String> samples = new ArrayList<>();
            NativeHistogram before = null;
            for (int i = 0; i < buffer.size(); i++) {
                NativeHistogram histogram = buffer.histogram(i);
                samples.add(buffer.timestampMs(i)
                        + "="
                        + (histogram == null ? text(buffer.value(i)) : HistogramMeaning.digest(histogram))
                        + (HistogramMeaning.isWronglyContinued(before, histogram) ? " is a reset" : ""));
                before = histogram;
            }
            if (!samples.isEmpty()) {
                found.put(set.labels().toString(), samples);
            }
        }
        return found;
    }

    static String text(double value) {
        return value == (long) value && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Long.toHexString(Double.doubleToRawLongBits(value));
    }

    @Override
    public void close() throws IOException {
        tsdb.close();
    }
}
