// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IsolationTest {
    private static final LabelMatcher ALL = LabelMatcher.equal("__name__", "m");
    private static final Labels A = Labels.of("__name__", "m", "s", "a");
    private static final Labels B = Labels.of("__name__", "m", "s", "b");

    private final HeadFixture db = new HeadFixture();

    @AfterEach
    void close() {
        db.close();
        assertThat(db.memory.bytes()).isZero();
    }

    @Test
    void aQuerierSeesWhatWasCommittedWhenItWasOpened() {
        List<Querier> queriers = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            queriers.add(db.head.querier(Long.MIN_VALUE, Long.MAX_VALUE));
            db.commit(1000L * i, i, A);
            if (i % 3 == 0) {
                db.commit(1000L * i + 1, i, A, B);
            }
        }
        for (int i = 0; i < 400; i++) {
            try (Querier querier = queriers.get(i)) {
                Map<Labels, List<Long>> seen = HeadFixture.times(querier, ALL);
                int thirds = (i + 2) / 3;
                assertThat(seen.getOrDefault(A, List.of())).hasSize(i + thirds);
                assertThat(seen.getOrDefault(B, List.of())).hasSize(thirds);
            }
        }
        db.commit(1_000_000, 1, A, B);
        db.commit(1_000_001, 1, A, B);
        assertThat(db.memory.bytesPerTag().get("undo")).isNotNull();
        assertThat(db.head.samples().undo().size()).isZero();
    }

    @Test
    void whatIsNotCommittedIsNotSeen() throws IOException {
        db.commit(1, 1, A);
        try (Appender appender = db.head.appender()) {
            appender.append(appender.series(A), 2, 2);
            appender.append(appender.series(B), 2, 2);
            assertThat(db.times(ALL)).isEqualTo(Map.of(A, List.of(1L)));
            appender.rollback();
        }
        assertThat(db.times(ALL)).isEqualTo(Map.of(A, List.of(1L)));
        try (Appender appender = db.head.appender()) {
            appender.append(appender.series(B), 2, 2);
        }
        assertThat(db.times(ALL)).isEqualTo(Map.of(A, List.of(1L)));
    }

    @Test
    void closingAnEndedTransactionLeavesOneThatBeganMeanwhileAlone() throws IOException {
        Appender first = db.head.appender();
        first.append(first.series(A), 1, 1);
        first.commit();
        try (Appender second = db.head.appender()) {
            second.append(second.series(A), 2, 2);
            first.close();
            second.append(second.series(B), 2, 2);
            second.commit();
        }
        assertThat(db.times(ALL)).isEqualTo(Map.of(A, List.of(1L, 2L), B, List.of(2L)));
    }

    @Test
    void aDuplicateIsRejectedWithBothValues() throws IOException {
        db.commit(7, 1.5, A);
        try (Appender appender = db.head.appender()) {
            AppendResult result = appender.append(appender.series(A), 7, 2);
            assertThat(appender.rejection(result))
                    .isEqualTo("duplicate sample for timestamp 7; overrides not allowed: existing 1.5, new value 2");
        }
    }

    @Test
    void seriesThatAnOpenTransactionUsesIsNotRemoved() throws IOException {
        db.commit(1, 1, A, B);
        db.head.truncate(1000); // both are idle from now on
        try (Appender appender = db.head.appender()) {
            assertThat(appender.append(appender.series(A), 2000, 2)).isEqualTo(AppendResult.ACCEPTED);
            assertThat(db.head.truncate(1000)).as("B alone").isEqualTo(1);
            for (int i = 0; i < 5; i++) {
                assertThat(db.head.truncate(1000)).isZero();
            }
            appender.commit();
        }
        assertThat(db.times(ALL)).isEqualTo(Map.of(A, List.of(2000L)));
    }

    @Test
    void transactionsAreSeenWholeWhileManyThreadsWriteAndReadAndTruncate()
            throws InterruptedException, ExecutionException {
        int groups = 3;
        int seriesPerGroup = 20;
        int commits = 1500;
        AtomicBoolean done = new AtomicBoolean();
        AtomicLongArray progress = new AtomicLongArray(groups);
        try (ExecutorService pool = Executors.newFixedThreadPool(groups + 3)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int g = 0; g < groups; g++) {
                int group = g;
                writers.add(pool.submit(() -> write(group, seriesPerGroup, commits, progress)));
            }
            List<Future<Integer>> readers = new ArrayList<>();
            for (int r = 0; r < 2; r++) {
                readers.add(pool.submit(() -> readUntil(done, groups, seriesPerGroup)));
            }
            Future<?> collector = pool.submit(() -> {
                while (!done.get()) {
                    long slowest = LongStream.range(0, groups)
                            .map(g -> progress.get((int) g))
                            .min()
                            .orElseThrow();
                    db.head.truncate(1000 * slowest - 100_000);
                }
            });
            for (Future<?> writer : writers) {
                writer.get();
            }
            done.set(true);
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
            collector.get();
        }
        assertThat(db.head.stats().samplesAppended()).isEqualTo((long) groups * seriesPerGroup * commits);
    }

    private void write(int group, int count, int commits, AtomicLongArray progress) {
        Labels[] series = new Labels[count];
        for (int s = 0; s < count; s++) {
            series[s] = Labels.of("__name__", "m", "group", "g" + group, "s", "s" + s);
        }
        for (int i = 0; i < commits; i++) {
            db.commit(1000L * i, 1000L * i * 1.7, series);
            progress.set(group, i);
        }
    }

    private int readUntil(AtomicBoolean done, int groups, int seriesPerGroup) {
        int reads = 0;
        SampleBuffer buffer = new SampleBuffer();
        while (!done.get() || reads == 0) {
            try (Querier querier = db.head.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
                for (int g = 0; g < groups; g++) {
                    LabelMatcher group = LabelMatcher.equal("group", "g" + g);
                    SeriesSet set = querier.select(SelectHints.range(0, Long.MAX_VALUE), List.of(ALL, group));
                    int found = 0;
                    long last = -1;
                    while (set.next()) {
                        buffer.clear();
                        set.samples(buffer);
                        long newest = buffer.timestampMs(buffer.size() - 1);
                        assertThat(last == -1 || newest == last).isTrue();
                        last = newest;
                        found++;
                        for (int i = 0; i < buffer.size(); i++) {
                            assertThat(buffer.value(i) == buffer.timestampMs(i) * 1.7)
                                    .isTrue();
                        }
                    }
                    assertThat(found == 0 || found == seriesPerGroup).isTrue();
                }
            }
            reads++;
        }
        return reads;
    }
}
