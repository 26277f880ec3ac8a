// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.Exemplar;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.ExemplarSeries;
import dev.narthex.tsdb.head.ExemplarStats;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(QuietLog.class)
class ExemplarsAndMetadataTest {
    private static final Labels A = Labels.of("__name__", "a", "job", "shop");
    private static final Labels B = Labels.of("__name__", "b");
    private static final LabelMatcher IS_A = LabelMatcher.of(MatchOp.EQUAL, "__name__", "a");
    private static final LabelMatcher IS_B = LabelMatcher.of(MatchOp.EQUAL, "__name__", "b");
    private static final LabelMatcher ANY = LabelMatcher.of(MatchOp.REGEX, "__name__", ".+");

    private static Exemplar exemplar(long t, double value, String trace) {
        return new Exemplar(Labels.of("trace_id", trace), value, t);
    }

    private static AppendResult append(TsdbFixture db, Labels series, Exemplar exemplar) throws IOException {
        try (Appender appender = db.tsdb.appender()) {
            long ref = appender.series(series);
            appender.append(ref, db.nowMs(), 1);
            AppendResult result = appender.append(ref, exemplar);
            appender.commit();
            return result;
        }
    }

    private static List<ExemplarSeries> all(TsdbFixture db) {
        return db.tsdb.exemplars().exemplars(Long.MIN_VALUE, Long.MAX_VALUE, List.of(List.of(ANY)));
    }

    @Test
    void exemplarsOfASeriesAscend() throws IOException {
        try (TsdbFixture db = new TsdbFixture().open()) {
            long t = db.nowMs();
            assertThat(append(db, A, exemplar(t, 1, "x"))).isEqualTo(AppendResult.ACCEPTED);
            assertThat(append(db, A, exemplar(t, 1, "x"))).isEqualTo(AppendResult.DUPLICATE_EXEMPLAR);
            assertThat(append(db, A, exemplar(t - 1, 9, "x"))).isEqualTo(AppendResult.OUT_OF_ORDER_EXEMPLAR);
            assertThat(append(db, A, exemplar(t, 0.5, "x"))).isEqualTo(AppendResult.OUT_OF_ORDER_EXEMPLAR);
            assertThat(append(db, A, exemplar(t, 2, "x"))).isEqualTo(AppendResult.ACCEPTED);
            assertThat(append(db, B, exemplar(t - 1, 9, "x"))).isEqualTo(AppendResult.ACCEPTED);
            assertThat(append(db, A, exemplar(t + 1, 9, "ü".repeat(120))))
                    .as("128 characters, more bytes")
                    .isEqualTo(AppendResult.ACCEPTED);
            assertThat(append(db, A, exemplar(t + 2, 9, "x".repeat(121)))).isEqualTo(AppendResult.EXEMPLAR_TOO_LONG);
            assertThat(all(db))
                    .containsExactly(
                            new ExemplarSeries(
                                    A,
                                    List.of(
                                            exemplar(t, 1, "x"),
                                            exemplar(t, 2, "x"),
                                            exemplar(t + 1, 9, "ü".repeat(120)))),
                            new ExemplarSeries(B, List.of(exemplar(t - 1, 9, "x"))));
            assertThat(db.tsdb.exemplarStats()).isEqualTo(new ExemplarStats(4, 100_000, 2, 4, 0, t));
        }
    }

    @Test
    void exemplarsAreSelectedByTimeAndAnyOfTheSelectors() throws IOException {
        try (TsdbFixture db = new TsdbFixture().open()) {
            long t = db.nowMs();
            append(db, A, exemplar(t, 1, "x"));
            append(db, A, exemplar(t + 5, 1, "y"));
            append(db, B, exemplar(t + 7, 1, "z"));
            LabelMatcher other = LabelMatcher.of(MatchOp.EQUAL, "job", "other");
            assertThat(db.tsdb.exemplars().exemplars(t + 5, t + 7, List.of(List.of(IS_A))))
                    .containsExactly(new ExemplarSeries(A, List.of(exemplar(t + 5, 1, "y"))));
            assertThat(db.tsdb.exemplars().exemplars(t, t + 7, List.of(List.of(IS_A, other), List.of(IS_B))))
                    .containsExactly(new ExemplarSeries(B, List.of(exemplar(t + 7, 1, "z"))));
            assertThat(db.tsdb.exemplars().exemplars(t + 8, t + 9, List.of(List.of(ANY))))
                    .isEmpty();
        }
    }

    @Test
    void exemplarsAreThereAfterARestartAndACheckpoint() throws IOException {
        try (TsdbFixture db = new TsdbFixture()) {
            db.compaction = false;
            db.retention = Duration.ofHours(1);
            db.segmentBytes = 32 * 1024;
            db.open();
            append(db, A, exemplar(db.nowMs(), 1, "old"));
            append(db, B, exemplar(db.nowMs(), 1, "old"));
            db.scheduler.advance(Duration.ofMinutes(59));
            append(db, A, exemplar(db.nowMs(), 2, "new"));
            List<ExemplarSeries> before = all(db);
            assertThat(before).hasSize(2);
            db.killAndRestart();
            assertThat(all(db)).isEqualTo(before);
            for (int i = 0; i < 3; i++) {
                db.scheduler.advance(Duration.ofMinutes(50));
                append(db, A, exemplar(db.nowMs(), 3 + i, "later"));
                db.tsdb.maintain();
            }
            List<Exemplar> ofA = all(db).getFirst().exemplars();
            db.killAndRestart();
            // What is older than the retention is not brought back.
            assertThat(all(db).getFirst().labels()).isEqualTo(A);
            assertThat(ofA).endsWith(all(db).getFirst().exemplars().toArray(Exemplar[]::new));
            assertThat(all(db).getFirst().exemplars()).isNotEmpty();
        }
    }

    @Test
    void metadataIsThereAfterARestartAndGoesWithItsSeries() throws IOException {
        Metadata counter = new Metadata(MetricType.COUNTER, "seconds", "How long.");
        Metadata gauge = new Metadata(MetricType.GAUGE, "", "Now it is a gauge: \"\n\\ü");
        try (TsdbFixture db = new TsdbFixture()) {
            db.compaction = false;
            db.retention = Duration.ofHours(1);
            db.segmentBytes = 32 * 1024;
            db.open();
            note(db, A, counter);
            note(db, B, counter);
            long size = db.tsdb.stats().walBytes();
            note(db, B, counter);
            assertThat(db.tsdb.stats().walBytes())
                    .as("what is no news costs nothing")
                    .isEqualTo(size);
            note(db, A, gauge);
            assertThat(db.tsdb.metadata(List.of(ANY))).hasSize(2).containsEntry(A, gauge);
            db.killAndRestart();
            assertThat(db.tsdb.metadata(List.of(ANY))).hasSize(2).containsEntry(A, gauge);
            for (int i = 0; i < 8; i++) {
                db.scheduler.advance(Duration.ofMinutes(50));
                db.append(A, db.nowMs(), i);
                db.tsdb.maintain();
            }
            assertThat(db.tsdb.stats().checkpoints()).isPositive();
            assertThat(db.tsdb.metadata(List.of(ANY))).containsOnlyKeys(A);
            db.killAndRestart();
            assertThat(db.tsdb.metadata(List.of(IS_A))).containsEntry(A, gauge);
        }
    }

    private static void note(TsdbFixture db, Labels series, Metadata metadata) throws IOException {
        try (Appender appender = db.tsdb.appender()) {
            long ref = appender.series(series);
            appender.append(ref, db.nowMs(), 1);
            appender.metadata(ref, metadata);
            appender.commit();
        }
    }

    @Test
    void aZeroIsAddedWhereTheCountingBegan() throws IOException {
        IntegerHistogram histogram = new IntegerHistogram(
                CounterResetHint.UNKNOWN,
                HistogramLayout.exponential(2, 0.5, List.of(new BucketSpan(3, 1)), List.of()),
                4,
                0,
                1.5,
                new long[] {4},
                new long[0]);
        try (TsdbFixture db = new TsdbFixture()) {
            db.startTimestampZeros = true;
            db.open();
            long t = db.nowMs();
            for (int scrape = 0; scrape < 2; scrape++) {
                try (Appender appender = db.tsdb.appender()) {
                    long a = appender.series(A);
                    long b = appender.series(B);
                    AppendResult expected = scrape == 0 ? AppendResult.ACCEPTED : AppendResult.OUT_OF_ORDER;
                    assertThat(appender.startTimestamp(a, t + scrape, t - 1000, false))
                            .isEqualTo(expected);
                    appender.append(a, t + scrape, 7 + scrape);
                    assertThat(appender.startTimestamp(b, t + scrape, t - 1000, true))
                            .isEqualTo(expected);
                    assertThat(appender.startTimestamp(b, t, t, true))
                            .isEqualTo(AppendResult.START_TIMESTAMP_AFTER_SAMPLE);
                    appender.append(b, t + scrape, histogram);
                    appender.commit();
                }
            }
            IntegerHistogram zero = new IntegerHistogram(
                    CounterResetHint.RESET,
                    HistogramLayout.exponential(2, 0.5, List.of(), List.of()),
                    0,
                    0,
                    0,
                    new long[0],
                    new long[0]);
            var found = HistogramHeadTest.read(db.tsdb, Long.MIN_VALUE, Long.MAX_VALUE);
            assertThat(found.get(A.toString())).containsExactly(t - 1000 + " 0", t + " 7", t + 1 + " 8");
            assertThat(found.get(B.toString()))
                    .containsExactly(
                            t - 1000 + " " + HistogramMeaning.of(zero),
                            t + " " + HistogramMeaning.of(histogram),
                            t + 1 + " " + HistogramMeaning.of(histogram));
        }
    }
}
