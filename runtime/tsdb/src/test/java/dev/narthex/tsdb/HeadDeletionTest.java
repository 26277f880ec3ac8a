// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.testkit.files.FaultyFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Deletions of samples that are in the head. */
@ExtendWith(QuietLog.class)
class HeadDeletionTest {
    private static final Labels A = Labels.of("__name__", "m", "s", "a");
    private static final Labels B = Labels.of("__name__", "m", "s", "b");
    private static final List<LabelMatcher> ONLY_A = List.of(LabelMatcher.equal("s", "a"));

    private final TsdbFixture db = new TsdbFixture();
    private long startMs;

    @BeforeEach
    void open() throws IOException {
        db.compaction = false;
        db.open();
        startMs = db.nowMs();
        for (int i = 0; i < 10; i++) {
            db.append(A, startMs + i, i);
            db.append(B, startMs + i, i);
        }
    }

    @AfterEach
    void close() throws IOException {
        db.close();
    }

    private List<Long> times(Labels labels) {
        return db.all().getOrDefault(labels.toString(), List.of()).stream()
                .map(sample -> Long.parseLong(sample.substring(0, sample.indexOf('='))) - startMs)
                .toList();
    }

    @Test
    void bothEndsOfARangeAreDeletedOfTheSeriesThatMatch() throws IOException {
        db.tsdb.delete(startMs + 3, startMs + 5, ONLY_A);
        assertThat(times(A)).containsExactly(0L, 1L, 2L, 6L, 7L, 8L, 9L);
        assertThat(times(B)).hasSize(10);
    }

    @Test
    void deletionsThatOverlapAddUpAndSurviveRestarts() throws IOException {
        db.tsdb.delete(startMs + 2, startMs + 4, ONLY_A);
        db.tsdb.delete(startMs + 4, startMs + 6, ONLY_A);
        db.tsdb.delete(startMs + 9, startMs + 90, ONLY_A);
        assertThat(times(A)).containsExactly(0L, 1L, 7L, 8L);
        db.restart();
        assertThat(times(A)).containsExactly(0L, 1L, 7L, 8L);
        db.killAndRestart();
        assertThat(times(A)).containsExactly(0L, 1L, 7L, 8L);
        assertThat(times(B)).hasSize(10);
    }

    /** The third counts on from the second, which began anew after the first; without the second, it is less than the first. */
    @Test
    void aHistogramBehindADeletedOneDoesNotSayThatItsCounterWasNotReset() throws IOException {
        Labels labels = Labels.of("__name__", "h");
        try (Appender appender = db.tsdb.appender()) {
            long ref = appender.series(labels);
            for (int count : new int[] {5, 2, 3, 4}) {
                long t = startMs + 10L * count;
                appender.append(ref, count == 5 ? startMs : t, histogram(count));
            }
            appender.commit();
        }
        assertThat(hints()).containsExactly("5 UNKNOWN", "2 UNKNOWN", "3 NOT_RESET", "4 NOT_RESET");
        db.tsdb.delete(startMs + 20, startMs + 20, List.of(LabelMatcher.equal("__name__", "h")));
        assertThat(hints()).containsExactly("5 UNKNOWN", "3 UNKNOWN", "4 NOT_RESET");
    }

    private static IntegerHistogram histogram(int count) {
        return new IntegerHistogram(
                CounterResetHint.UNKNOWN,
                HistogramLayout.exponential(0, 0, List.of(new BucketSpan(0, 1)), List.of()),
                count,
                0,
                count,
                new long[] {count},
                new long[0]);
    }

    private List<String> hints() {
        List<String> hints = new ArrayList<>();
        EverySeries.read(db.tsdb, (labels, samples) -> {
            for (int i = 0; i < samples.size(); i++) {
                if (samples.histogram(i) instanceof IntegerHistogram histogram) {
                    hints.add(histogram.count() + " " + histogram.counterResetHint());
                }
            }
        });
        return hints;
    }

    @Test
    void whatComesAfterADeletionOfAllTimeIsShown() throws IOException {
        db.tsdb.delete(Long.MIN_VALUE, Long.MAX_VALUE, ONLY_A);
        db.append(A, startMs + 20, 20);
        assertThat(times(A)).containsExactly(20L);
        db.killAndRestart();
        assertThat(times(A)).containsExactly(20L);
    }

    @Test
    void anOpenQuerierShowsWhatWasThereWhenItWasOpened() throws IOException {
        try (Querier querier = db.tsdb.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            Map<String, List<String>> before = db.all();
            db.tsdb.delete(Long.MIN_VALUE, Long.MAX_VALUE, ONLY_A);
            assertThat(TsdbFixture.read(querier, Long.MIN_VALUE, Long.MAX_VALUE, LabelMatcher.equal("__name__", "m")))
                    .isEqualTo(before);
        }
        assertThat(times(A)).isEmpty();
    }

    @Test
    void aDeletionThatTheLogDoesNotTakeDeletesNothing() throws IOException {
        db.faulty().capacityBytes(1);
        assertThatIOException().isThrownBy(() -> db.tsdb.delete(Long.MIN_VALUE, Long.MAX_VALUE, ONLY_A));
        db.faulty().capacityBytes(Long.MAX_VALUE);
        assertThat(times(A)).hasSize(10);
    }

    @Test
    void deletionsAreForgottenWithTheirSamples() throws IOException {
        db.close();
        db.files = new FaultyFiles();
        db.retention = Duration.ofHours(4);
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        db.append(A, db.nowMs(), 1);
        db.tsdb.delete(Long.MIN_VALUE, Long.MAX_VALUE, ONLY_A);
        assertThat(db.all()).isEmpty();
        db.scheduler.advance(Duration.ofDays(1));
        db.append(A, db.nowMs(), 2);
        db.tsdb.maintain();
        db.restart();
        assertThat(db.all()).hasSize(1);
        assertThat(db.tsdb.stats().head().series()).isEqualTo(1);
    }
}
