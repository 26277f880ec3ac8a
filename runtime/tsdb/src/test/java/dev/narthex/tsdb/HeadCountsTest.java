// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.tsdb.head.HeadStats;
import dev.narthex.tsdb.head.TransactionCounts;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the head counts for metrics: chunks, histograms, transactions. */
class HeadCountsTest {
    private static final Labels UP = Labels.of("__name__", "up");
    private static final Labels H = Labels.of("__name__", "h");
    private static final Labels K = Labels.of("__name__", "k");

    private final TsdbFixture db = new TsdbFixture();

    @BeforeEach
    void open() throws IOException {
        db.open();
    }

    @AfterEach
    void close() throws IOException {
        db.close();
        db.faulty().assertNoOpenFiles();
    }

    private static NativeHistogram histogram(int buckets) {
        long[] counts = new long[buckets];
        Arrays.fill(counts, 1);
        HistogramLayout layout = HistogramLayout.exponential(
                0, 0.001, buckets == 0 ? List.of() : List.of(new BucketSpan(0, buckets)), List.of());
        return new IntegerHistogram(CounterResetHint.UNKNOWN, layout, buckets, 0, 1, counts, new long[0]);
    }

    private void append(Labels labels, long timestampMs, NativeHistogram histogram) throws IOException {
        try (Appender appender = db.tsdb.appender()) {
            assertThat(appender.append(appender.series(labels), timestampMs, histogram))
                    .isEqualTo(AppendResult.ACCEPTED);
            appender.commit();
        }
    }

    private HeadStats head() {
        return db.tsdb.stats().head();
    }

    @Test
    void chunksAreCountedAsTheyBeginAndAsTheyGo() throws IOException {
        long t = db.nowMs();
        for (int i = 0; i < 130; i++) {
            db.append(UP, t + i, i);
        }
        append(H, t, histogram(2));
        assertThat(head().chunksCreated()).isEqualTo(3);
        assertThat(head().chunks()).isEqualTo(3);
        // A float behind a histogram begins a chunk of its own.
        db.append(H, t + 1, 1);
        assertThat(head().chunksCreated()).isEqualTo(4);
        assertThat(head().chunks()).isEqualTo(4);
        passAWeek();
        assertThat(head().chunks()).isEqualTo(1);
        assertThat(head().chunksCreated()).isEqualTo(5);
        assertThat(head().seriesCreated()).isEqualTo(3);
        assertThat(head().seriesRemoved()).isEqualTo(2);
    }

    /** All that was there goes to blocks, for there is a newer sample. */
    private void passAWeek() throws IOException {
        db.scheduler.advance(Duration.ofDays(7));
        db.append(Labels.of("__name__", "later"), db.nowMs(), 1);
        db.scheduler.advance(Duration.ofMinutes(5));
    }

    @Test
    void whatAStartBringsBackCountsAsCreated() throws IOException {
        long t = db.nowMs();
        for (int i = 0; i < 130; i++) {
            db.append(UP, t + i, i);
        }
        append(H, t, histogram(2));
        db.scheduler.advance(Duration.ofMinutes(1)); // a chunk lies in a file by now
        db.restart();
        assertThat(head().chunksCreated()).isEqualTo(3);
        assertThat(head().seriesCreated()).isEqualTo(2);
        assertThat(head().samplesAppended()).isZero();
    }

    @Test
    void bucketsAreThoseOfTheLastHistograms() throws IOException {
        long t = db.nowMs();
        append(H, t, histogram(2));
        append(K, t, histogram(3));
        assertThat(head().histogramSeries()).isEqualTo(2);
        assertThat(head().histogramBuckets()).isEqualTo(5);
        assertThat(head().histogramsAppended()).isEqualTo(2);
        append(H, t + 1, histogram(7));
        append(H, t + 2, histogram(70)); // more than what the state had room for
        assertThat(head().histogramBuckets()).isEqualTo(73);
        append(H, t + 3, histogram(1)); // a reset, and another chunk
        assertThat(head().histogramBuckets()).isEqualTo(4);
        db.append(H, t + 4, StalenessMarker.VALUE);
        assertThat(head().histogramSeries()).isEqualTo(2);
        assertThat(head().histogramBuckets()).isEqualTo(3);
        db.append(K, t + 5, 1);
        assertThat(head().histogramSeries()).isEqualTo(1);
        assertThat(head().histogramBuckets()).isZero();
        assertThat(head().samplesAppended() - head().histogramsAppended()).isEqualTo(1);
        passAWeek();
        assertThat(head().histogramSeries()).isZero();
        assertThat(head().histogramBuckets()).isZero();
    }

    @Test
    void transactionsAreNumberedAsTheyBegin() throws IOException {
        assertThat(head().transactions()).isEqualTo(new TransactionCounts(0, 0, 0, 0));
        try (Appender first = db.tsdb.appender();
                Appender second = db.tsdb.appender()) {
            assertThat(head().transactions()).isEqualTo(new TransactionCounts(2, 2, 1, 0));
            first.rollback();
            assertThat(head().transactions()).isEqualTo(new TransactionCounts(2, 1, 2, 0));
            assertThat(second.append(4711, 0, 1)).isEqualTo(AppendResult.UNKNOWN_SERIES);
            second.commit();
        }
        assertThat(head().transactions()).isEqualTo(new TransactionCounts(2, 0, 2, 1));
    }

    @Test
    void aStartIsCleanBehindAnEndThatWas() throws IOException {
        assertThat(db.tsdb.stats().cleanStart()).isTrue();
        db.restart();
        assertThat(db.tsdb.stats().cleanStart()).isTrue();
        db.killAndRestart();
        assertThat(db.tsdb.stats().cleanStart()).isFalse();
        db.restart();
        assertThat(db.tsdb.stats().cleanStart()).isTrue();
    }

    @Test
    void twoMayHaveADirectoryThatIsNotLocked() throws IOException {
        try (Tsdb second = Tsdb.open(db.config().with(config -> config.exclusive = false))) {
            assertThat(second.stats().head().series()).isZero();
        }
    }
}
