// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.testkit.random.Seed;
import dev.narthex.tsdb.chunk.RandomHistograms;
import dev.narthex.tsdb.wal.WalCompression;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(QuietLog.class)
class HistogramHeadTest {
    private static final Labels SERIES = Labels.of("__name__", "h");

    private static IntegerHistogram histogram(long... counts) {
        long count = 0;
        for (long bucket : counts) {
            count += bucket;
        }
        return new IntegerHistogram(
                CounterResetHint.UNKNOWN,
                HistogramLayout.exponential(0, 0, List.of(new BucketSpan(0, counts.length)), List.of()),
                count,
                0,
                count * 1.5,
                counts,
                new long[0]);
    }

    private static AppendResult append(TsdbFixture db, long t, NativeHistogram histogram) throws IOException {
        try (Appender appender = db.tsdb.appender()) {
            AppendResult result = appender.append(appender.series(SERIES), t, histogram);
            appender.commit();
            return result;
        }
    }

    static Map<String, List<String>> read(Tsdb tsdb, long mintMs, long maxtMs) {
        Map<String, List<String>> found = new TreeMap<>();
        SampleBuffer buffer = new SampleBuffer();
        try (Querier querier = tsdb.querier(mintMs, maxtMs)) {
            SeriesSet set = querier.select(
                    SelectHints.range(mintMs, maxtMs), List.of(LabelMatcher.of(MatchOp.REGEX, "__name__", ".+")));
            while (set.next()) {
                buffer.clear();
                set.samples(buffer);
                List<String> samples = new ArrayList<>();
                for (int i = 0; i < buffer.size(); i++) {
                    samples.add(HistogramMeaning.of(buffer, i));
                }
                if (!samples.isEmpty()) {
                    found.put(set.labels().toString(), samples);
                }
            }
        }
        return found;
    }

    private static List<String> samples(TsdbFixture db) {
        return read(db.tsdb, Long.MIN_VALUE, Long.MAX_VALUE).getOrDefault(SERIES.toString(), List.of());
    }

    /** What a Prometheus 3.15 makes of the same histograms. */
    @ParameterizedTest
    @CsvSource({
        "9, 0, '1 2 3 4', 0, '1 5 4'",
        "9, 1, '1 2 3 4', 1, '3 7'",
        "9, -3, '1 2 3 4 5 6', -1, '3 7 11'",
        "10, 0, '1 2 3 4 5 6 7 8', 0, '1 14 21'",
        "52, 0, '1 2', 0, '1 2'",
        "52, 1, 2, 1, 2",
        "52, -10, 2, 0, 2"
    })
    void tooFineBucketsAreMerged(int schema, int offset, String counts, int storedOffset, String stored)
            throws IOException {
        IntegerHistogram fine = histogram(schema, offset, counts);
        IntegerHistogram expected = histogram(8, storedOffset, stored);
        try (TsdbFixture db = new TsdbFixture().open()) {
            long t = db.nowMs();
            assertThat(append(db, t, fine)).isEqualTo(AppendResult.ACCEPTED);
            assertThat(append(db, t, fine)).isEqualTo(AppendResult.ACCEPTED);
            assertThat(append(db, t + 1, fine.toFloat())).isEqualTo(AppendResult.ACCEPTED);
            assertThat(samples(db))
                    .containsExactly(
                            t + " " + HistogramMeaning.of(expected),
                            t + 1 + " " + HistogramMeaning.of(expected.toFloat()));
        }
    }

    private static IntegerHistogram histogram(int schema, int offset, String counts) {
        long[] buckets =
                Arrays.stream(counts.split(" ")).mapToLong(Long::parseLong).toArray();
        return new IntegerHistogram(
                CounterResetHint.UNKNOWN,
                HistogramLayout.exponential(schema, 0.001, List.of(new BucketSpan(offset, buckets.length)), List.of()),
                Arrays.stream(buckets).sum(),
                0,
                2,
                buckets,
                new long[0]);
    }

    @Test
    void answersAreThoseOfPrometheus() throws IOException {
        try (TsdbFixture db = new TsdbFixture().open()) {
            long t = db.nowMs();
            assertThat(append(db, t, histogram(1, 2))).isEqualTo(AppendResult.ACCEPTED);
            assertThat(append(db, t, histogram(1, 2))).isEqualTo(AppendResult.ACCEPTED);
            assertThat(append(db, t, histogram(1, 3))).isEqualTo(AppendResult.DUPLICATE);
            assertThat(append(db, t, histogram(1, 2).toFloat())).isEqualTo(AppendResult.DUPLICATE);
            assertThat(db.append(SERIES, t, 4.5)).isEqualTo(AppendResult.DUPLICATE);
            assertThat(append(db, t - 1, histogram(1, 2))).isEqualTo(AppendResult.OUT_OF_ORDER);
            assertThat(append(db, t - Duration.ofHours(2).toMillis(), histogram(1)))
                    .isEqualTo(AppendResult.OUT_OF_BOUNDS);
            IntegerHistogram wrong = new IntegerHistogram(
                    CounterResetHint.UNKNOWN,
                    HistogramLayout.exponential(0, 0, List.of(new BucketSpan(0, 1)), List.of()),
                    7,
                    0,
                    1,
                    new long[] {6},
                    new long[0]);
            assertThat(append(db, t + 1, wrong)).isEqualTo(AppendResult.INVALID_HISTOGRAM);
            try (Appender appender = db.tsdb.appender()) {
                assertThat(appender.append(77, t + 1, histogram(1))).isEqualTo(AppendResult.UNKNOWN_SERIES);
            }
            assertThat(samples(db)).containsExactly(t + " " + HistogramMeaning.of(histogram(1, 2)));
        }
    }

    @Test
    void rejectionsHaveTheWordsOfPrometheus() throws IOException {
        try (TsdbFixture db = new TsdbFixture().open()) {
            long t = db.nowMs();
            append(db, t, histogram(1, 2));
            IntegerHistogram wrong = new IntegerHistogram(
                    CounterResetHint.UNKNOWN,
                    HistogramLayout.exponential(0, 0, List.of(new BucketSpan(0, 1)), List.of()),
                    7,
                    0,
                    1,
                    new long[] {6},
                    new long[0]);
            try (Appender appender = db.tsdb.appender()) {
                long ref = appender.series(SERIES);
                assertThat(appender.rejection(appender.append(ref, t, 4.5)))
                        .isEqualTo("duplicate sample for timestamp " + t
                                + "; overrides not allowed: existing is a histogram, new value 4.5");
                assertThat(appender.rejection(appender.append(ref, t, histogram(9))))
                        .isEqualTo("duplicate sample for timestamp");
                assertThat(appender.rejection(appender.append(ref, t + 1, wrong)))
                        .isEqualTo("6 observations found in buckets, but the Count field is 7: histogram's observation"
                                + " count should equal the number of observations found in the buckets"
                                + " (in absence of NaN)");
            }
        }
    }

    @Test
    void aStalenessMarkerOfFloatsEndsASeriesOfHistograms() throws IOException {
        try (TsdbFixture db = new TsdbFixture().open()) {
            long t = db.nowMs();
            append(db, t, histogram(1, 2));
            db.append(SERIES, t + 1, StalenessMarker.VALUE);
            SampleBuffer buffer = new SampleBuffer();
            try (Querier querier = db.tsdb.querier(t, t + 1)) {
                SeriesSet set = querier.select(
                        SelectHints.range(t, t + 1), List.of(LabelMatcher.of(MatchOp.EQUAL, "__name__", "h")));
                assertThat(set.next()).isTrue();
                set.samples(buffer);
            }
            assertThat(buffer.histogram(1)).isInstanceOf(IntegerHistogram.class);
            assertThat(StalenessMarker.is(buffer.value(1))).isTrue();
            assertThat(db.tsdb.stats().head().chunks()).isEqualTo(1);
        }
    }

    @Test
    void floatsAndHistogramsOfOneTransactionKeepTheirOrder() throws IOException {
        try (TsdbFixture db = new TsdbFixture().open()) {
            long t = db.nowMs();
            List<String> expected = new ArrayList<>();
            try (Appender appender = db.tsdb.appender()) {
                long ref = appender.series(SERIES);
                for (int i = 0; i < 200; i++) {
                    if (i % 3 == 0) {
                        appender.append(ref, t + i, i);
                        expected.add(t + i + " " + HistogramMeaning.of((double) i));
                    } else {
                        NativeHistogram next =
                                i % 3 == 1 ? histogram(i, i) : histogram(i).toFloat();
                        appender.append(ref, t + i, next);
                        expected.add(t + i + " " + HistogramMeaning.of(next));
                    }
                }
                appender.commit();
            }
            assertThat(samples(db)).isEqualTo(expected);
            db.killAndRestart();
            assertThat(samples(db)).isEqualTo(expected);
        }
    }

    @Test
    void aReaderSeesNoHistogramOfALaterCommit() throws IOException {
        try (TsdbFixture db = new TsdbFixture().open()) {
            long t = db.nowMs();
            append(db, t, histogram(1, 2));
            try (Querier querier = db.tsdb.querier(t, t + 100)) {
                append(db, t + 1, histogram(2, 2));
                append(db, t + 2, histogram(2, 2, 9));
                SeriesSet set = querier.select(
                        SelectHints.range(t, t + 100), List.of(LabelMatcher.of(MatchOp.EQUAL, "__name__", "h")));
                assertThat(set.next()).isTrue();
                SampleBuffer buffer = new SampleBuffer();
                set.samples(buffer);
                assertThat(buffer.size()).isEqualTo(1);
            }
        }
    }

    /** Series of all kinds of samples, appended, cut, truncated, checkpointed, restarted: what was appended is read. */
    @Test
    void whatIsAppendedIsReadAgain() throws IOException {
        Random random = Seed.of(HistogramHeadTest.class).random();
        int histories = Integer.getInteger("test.histories", 60);
        for (int history = 0; history < histories; history++) {
            try (TsdbFixture db = new TsdbFixture()) {
                db.segmentBytes = 32 * 1024;
                db.retention = Duration.ofHours(3);
                db.compression = switch (history % 3) {
                    case 0 -> WalCompression.SNAPPY;
                    case 1 -> WalCompression.ZSTANDARD;
                    default -> WalCompression.NONE;
                };
                db.open();
                new History(db, random).run();
            }
        }
    }

    private static final class History {
        private final TsdbFixture db;
        private final Random random;
        private final List<Labels> labels = new ArrayList<>();
        private final List<RandomHistograms> integers = new ArrayList<>();
        private final List<RandomHistograms> floats = new ArrayList<>();
        private final Map<String, List<String>> expected = new TreeMap<>();

        History(TsdbFixture db, Random random) {
            this.db = db;
            this.random = random;
            for (int i = 0; i < 6; i++) {
                labels.add(Labels.of("__name__", "h", "i", Integer.toString(i)));
                integers.add(new RandomHistograms(random, false));
                floats.add(new RandomHistograms(random, true));
            }
        }

        void run() throws IOException {
            for (int step = 0; step < 60; step++) {
                db.scheduler.advance(Duration.ofSeconds(random.nextInt(20) == 0 ? 1800 : 15));
                commit();
                switch (random.nextInt(30)) {
                    case 0 -> db.restart();
                    case 1 -> db.killAndRestart();
                    case 2 -> db.tsdb.maintain();
                    default -> {}
                }
            }
            check();
            db.restart();
            check();
        }

        private void commit() throws IOException {
            try (Appender appender = db.tsdb.appender()) {
                for (int s = 0; s < labels.size(); s++) {
                    if (random.nextInt(5) == 0) {
                        continue;
                    }
                    long ref = appender.series(labels.get(s));
                    String text;
                    AppendResult result;
                    int kind = (random.nextInt(12) == 0 ? random.nextInt(3) : s) % 3;
                    if (kind == 0) {
                        double value = random.nextInt(10) == 0 ? StalenessMarker.VALUE : random.nextInt(100);
                        result = appender.append(ref, db.nowMs(), value);
                        text = HistogramMeaning.of(value);
                    } else {
                        NativeHistogram next =
                                (kind == 1 ? integers : floats).get(s).next();
                        result = appender.append(ref, db.nowMs(), next);
                        text = HistogramMeaning.of(next);
                    }
                    assertThat(result).isEqualTo(AppendResult.ACCEPTED);
                    expected.computeIfAbsent(labels.get(s).toString(), _ -> new ArrayList<>())
                            .add(db.nowMs() + " " + text);
                }
                appender.commit();
            }
        }

        private void check() {
            // Older samples may be gone: the head drops whole chunks.
            long mintMs = db.nowMs() - Duration.ofHours(3).toMillis();
            Map<String, List<String>> wanted = new TreeMap<>();
            expected.forEach((series, samples) -> {
                List<String> kept = samples.stream()
                        .filter(sample -> Long.parseLong(sample.substring(0, sample.indexOf(' '))) >= mintMs)
                        .toList();
                if (!kept.isEmpty()) {
                    wanted.put(series, kept);
                }
            });
            assertThat(read(db.tsdb, mintMs, Long.MAX_VALUE)).isEqualTo(wanted);
            assertThat(db.tsdb.stats().replay().malformedRecords()).isZero();
            assertThat(db.tsdb.stats().replay().unusedRecords()).isZero();
        }
    }

    @Test
    void memoryOfRemovedSeriesIsUsedAgain() throws IOException {
        try (TsdbFixture db = new TsdbFixture()) {
            db.compaction = false;
            db.retention = Duration.ofHours(1);
            db.open();
            appendHistograms(db, 200);
            long first = openHistograms(db);
            assertThat(first).isPositive();
            for (int round = 0; round < 4; round++) {
                for (int i = 0; i < 3; i++) {
                    db.scheduler.advance(Duration.ofHours(2));
                    db.append(Labels.of("__name__", "tick"), db.nowMs(), 1);
                    db.tsdb.maintain();
                }
                assertThat(db.tsdb.stats().head().series()).isEqualTo(1);
                assertThat(db.tsdb.stats().head().histogramSeries()).isZero();
                appendHistograms(db, 200);
                assertThat(openHistograms(db)).isEqualTo(first);
            }
        }
    }

    private static void appendHistograms(TsdbFixture db, int series) throws IOException {
        Random random = new Random(3);
        for (int s = 0; s < series; s++) {
            RandomHistograms histograms = new RandomHistograms(random, s % 2 == 0);
            try (Appender appender = db.tsdb.appender()) {
                long ref = appender.series(Labels.of("__name__", "h", "i", Integer.toString(s)));
                for (int i = 0; i < 30; i++) {
                    appender.append(ref, db.nowMs() + i, histograms.next());
                }
                appender.commit();
            }
        }
    }

    private static long openHistograms(TsdbFixture db) {
        return db.tsdb.stats().memoryBytesByTag().getOrDefault("open histograms", 0L);
    }
}
