// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.tsdb.block.BlockMeta;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Samples that come out of order, with a window for them of two hours. What is accepted is what Prometheus accepts. */
@ExtendWith(QuietLog.class)
class OutOfOrderTest {
    private static final Labels A = Labels.of("__name__", "a");
    private static final Labels B = Labels.of("__name__", "b");
    private static final long MINUTE = 60_000;
    private static final Path WBL = TsdbFixture.DATA.resolve("wbl");

    private final TsdbFixture db = new TsdbFixture();
    private long now;

    @BeforeEach
    void open() throws IOException {
        db.outOfOrderWindow = Duration.ofHours(2);
        db.open();
        now = db.nowMs();
    }

    @AfterEach
    void close() throws IOException {
        db.close();
        assertThat(db.memory.bytes()).isZero();
        db.faulty().assertNoOpenFiles();
    }

    private List<String> samples(Labels labels) {
        return db.all().getOrDefault(labels.toString(), List.of());
    }

    /** As text, minutes before now and values. */
    private List<String> expected(long... minutesAndValues) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < minutesAndValues.length; i += 2) {
            texts.add((now - MINUTE * minutesAndValues[i]) + "=" + minutesAndValues[i + 1]);
        }
        return texts;
    }

    private AppendResult append(Labels labels, long minutesAgo, double value) throws IOException {
        return db.append(labels, now - MINUTE * minutesAgo, value);
    }

    /** So many samples, one a transaction, from some minutes ago on a second apart, in an order of their own. */
    private void appendLate(Labels labels, long minutesAgo, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            int shuffled = (int) ((i * 7L) % count);
            assertThat(db.append(labels, now - MINUTE * minutesAgo + 1000L * shuffled, shuffled))
                    .isEqualTo(AppendResult.ACCEPTED);
        }
    }

    @Test
    void aLateSampleIsTakenWithinTheWindowAndRefusedBeforeIt() throws IOException {
        append(A, 30, 1);
        append(A, 20, 2);
        append(A, 0, 3);
        assertThat(append(A, 25, 9)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(append(A, 120, 5)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(db.append(A, now - 120 * MINUTE - 1, 5)).isEqualTo(AppendResult.TOO_OLD);
        assertThat(AppendResult.TOO_OLD.text()).isEqualTo("too old sample");
        assertThat(samples(A)).isEqualTo(expected(120, 5, 30, 1, 25, 9, 20, 2, 0, 3));
        assertThat(db.tsdb.stats().outOfOrder().floatsAppended()).isEqualTo(2);
        assertThat(db.tsdb.stats().outOfOrder().rejectedFloats().tooOld()).isEqualTo(1);
    }

    @Test
    void theFirstSampleOfASeriesMayBeOlderThanWhatTheHeadTakesInOrder() throws IOException {
        append(A, 0, 1);
        assertThat(append(B, 70, 1)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(append(B, 80, 2)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(append(B, 65, 3)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(append(Labels.of("__name__", "c"), 121, 3)).isEqualTo(AppendResult.TOO_OLD);
        List<String> expected = expected(80, 2, 70, 1, 65, 3);
        assertThat(samples(B)).isEqualTo(expected);
        db.killAndRestart();
        assertThat(samples(B)).isEqualTo(expected);
    }

    @Test
    void noSeriesGetsTheLateSamplesOfOneThatHasGone() throws IOException {
        db.close();
        db.compaction = false;
        db.retention = Duration.ofHours(5);
        db.outOfOrderWindow = Duration.ofHours(8);
        db.segmentBytes = 32 * 1024;
        db.restart();
        append(A, 0, 1);
        append(B, 0, 2);
        appendLate(B, 60, 200);
        db.tsdb.maintain();
        for (int i = 0; i < 8; i++) {
            db.scheduler.advance(Duration.ofHours(1));
            append(A, -60L * i, 3);
            db.tsdb.maintain();
        }
        assertThat(samples(B)).isEmpty();
        db.restart(); // the log of late samples still names B, the other one does not
        Labels c = Labels.of("__name__", "c");
        db.append(c, db.nowMs(), 4);
        db.restart();
        assertThat(samples(c)).containsExactly(db.nowMs() + "=4");
        assertThat(samples(B)).isEmpty();
    }

    @Test
    void aReadOfTheNewestSamplesFindsLateOnesToo() throws IOException {
        append(A, 90, 1);
        append(A, 0, 2);
        append(A, 10, 3);
        append(B, 80, 4); // has late samples only
        append(B, 85, 5);
        for (int oldest = 100; oldest >= 0; oldest -= 5) {
            for (int newest = oldest; newest >= 0; newest -= 5) {
                long from = now - MINUTE * oldest;
                long to = now - MINUTE * newest;
                assertThat(newest(from, to, SelectHints.newest(from, to)))
                        .as("%s to %s minutes ago", oldest, newest)
                        .isEqualTo(newest(from, to, SelectHints.range(from, to)));
            }
        }
        assertThat(newest(now - 85 * MINUTE, now, SelectHints.newest(now - 85 * MINUTE, now)))
                .containsExactlyInAnyOrder(
                        expected(0, 2).getFirst(), expected(80, 4).getFirst());
        assertThat(newest(now - 20 * MINUTE, now - MINUTE, SelectHints.newest(now - 20 * MINUTE, now - MINUTE)))
                .isEqualTo(expected(10, 3));
    }

    /** The last sample of each series that a read finds. */
    private List<String> newest(long from, long to, SelectHints hints) {
        List<String> found = new ArrayList<>();
        SampleBuffer buffer = new SampleBuffer();
        try (Querier querier = db.tsdb.querier(from, to)) {
            SeriesSet set = querier.select(hints, List.of(LabelMatcher.of(MatchOp.REGEX, "__name__", "a|b")));
            while (set.next()) {
                buffer.clear();
                set.samples(buffer);
                if (buffer.size() > 0) {
                    int last = buffer.size() - 1;
                    found.add(buffer.timestampMs(last) + "=" + TsdbFixture.text(buffer.value(last)));
                }
            }
        }
        return found;
    }

    @Test
    void aLateDuplicateIsDroppedWithoutAWordAndOneOfTheLastSampleRefused() throws IOException {
        append(A, 30, 1);
        append(A, 20, 2);
        append(A, 0, 3);
        append(A, 25, 9);
        assertThat(append(A, 25, 10)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(append(A, 20, 77)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(append(A, 0, 3)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(append(A, 0, 4)).isEqualTo(AppendResult.DUPLICATE);
        List<String> expected = expected(30, 1, 25, 9, 20, 2, 0, 3);
        assertThat(samples(A)).isEqualTo(expected);
        db.restart();
        assertThat(samples(A)).isEqualTo(expected);
        db.tsdb.snapshot(Path.of("/snapshot"), false); // makes blocks of it
        assertThat(samples(A)).isEqualTo(expected);
    }

    @Test
    void withoutAWindowErrorsAreAsBeforeAndWhatWasTakenStays() throws IOException {
        append(A, 0, 1);
        append(A, 10, 2);
        db.tsdb.setOutOfOrderWindow(Duration.ZERO);
        assertThat(append(A, 11, 2)).isEqualTo(AppendResult.OUT_OF_ORDER);
        assertThat(append(A, 70, 2)).isEqualTo(AppendResult.OUT_OF_BOUNDS);
        assertThat(samples(A)).isEqualTo(expected(10, 2, 0, 1));
        db.outOfOrderWindow = Duration.ZERO;
        db.restart();
        assertThat(samples(A)).isEqualTo(expected(10, 2, 0, 1));
        assertThat(append(A, 11, 2)).isEqualTo(AppendResult.OUT_OF_ORDER);
        db.tsdb.setOutOfOrderWindow(Duration.ofMinutes(15));
        assertThat(append(A, 11, 3)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(append(A, 16, 3)).isEqualTo(AppendResult.TOO_OLD);
        assertThat(samples(A)).isEqualTo(expected(11, 3, 10, 2, 0, 1));
        assertThatThrownBy(() -> db.tsdb.setOutOfOrderWindow(Duration.ofMinutes(-1)))
                .hasMessageContaining("must not be negative");
    }

    @Test
    void withoutAWindowThereIsNoLogForIt() throws IOException {
        append(A, 0, 1);
        assertThat(db.files.exists(WBL)).isFalse();
        append(A, 1, 1);
        assertThat(db.files.list(WBL)).containsExactly("00000000");
    }

    @Test
    void withinATransactionSamplesComeInAnyOrder() throws IOException {
        append(A, 0, 1);
        try (Appender appender = db.tsdb.appender()) {
            long a = appender.series(A);
            long b = appender.series(B);
            for (long minutes : new long[] {40, 45, 45, 30, 35}) {
                assertThat(appender.append(b, now - MINUTE * minutes, (double) minutes))
                        .isEqualTo(AppendResult.ACCEPTED);
            }
            appender.append(a, now - MINUTE, 2);
            appender.append(a, now + MINUTE, 3);
            appender.commit();
        }
        assertThat(samples(B)).isEqualTo(expected(45, 45, 40, 40, 35, 35, 30, 30));
        assertThat(samples(A)).isEqualTo(expected(1, 2, 0, 1, -1, 3));
        db.killAndRestart();
        assertThat(samples(B)).isEqualTo(expected(45, 45, 40, 40, 35, 35, 30, 30));
        assertThat(samples(A)).isEqualTo(expected(1, 2, 0, 1, -1, 3));
    }

    @Test
    void aViewDoesNotShowWhatWasCommittedAfterItWasOpened() throws IOException {
        append(A, 0, 1);
        append(A, 10, 2);
        try (Querier before = db.tsdb.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            append(A, 20, 3);
            appendLate(A, 60, 100);
            db.tsdb.maintain();
            assertThat(TsdbFixture.read(before, Long.MIN_VALUE, Long.MAX_VALUE, LabelMatcher.equal("__name__", "a")))
                    .isEqualTo(Map.of(A.toString(), expected(10, 2, 0, 1)));
        }
        assertThat(samples(A)).hasSize(103);
    }

    @Test
    void fullChunksGoToFilesAndComeBackFromThem() throws IOException {
        append(A, 0, 1);
        append(B, 0, 1);
        appendLate(A, 60, 200);
        appendLate(B, 90, 31);
        Map<String, List<String>> all = db.all();
        assertThat(all.get(A.toString())).hasSize(201).isSorted();
        db.tsdb.maintain();
        assertThat(db.faulty().content(TsdbFixture.DATA.resolve("chunks_head/000001"))[8 + 24])
                .isEqualTo((byte) 0x81);
        assertThat(db.tsdb.stats().headChunkBytes()).isPositive();
        assertThat(db.all()).isEqualTo(all);
        append(A, 70, 5);
        all = db.all();
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(all);
        db.tsdb.maintain();
        db.restart();
        assertThat(db.all()).isEqualTo(all);
        assertThat(db.tsdb.stats().outOfOrder().chunks()).isBetween(9L, 10L);
    }

    @Test
    void manyFullChunksGoToFilesWithTheCommitsThatFillThem() throws IOException {
        append(A, 0, 1);
        try (Appender appender = db.tsdb.appender()) {
            for (int s = 0; s < 1100; s++) {
                Labels labels = Labels.of("__name__", "s", "s", Integer.toString(s));
                long ref = appender.series(labels);
                for (int i = 0; i < 40; i++) {
                    appender.append(ref, now - 70 * MINUTE - 1000L * i, i);
                }
            }
            appender.commit();
        }
        assertThat(db.tsdb.stats().headChunkBytes()).isGreaterThan(1100 * 40);
        Map<String, List<String>> all = db.all();
        assertThat(all).hasSize(1101);
        assertThat(all.values().stream().mapToInt(List::size).sum()).isEqualTo(1100 * 40 + 1);
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(all);
    }

    @Test
    void compactionMakesBlocksAndEmptiesLogAndMemory() throws IOException {
        append(A, 0, 1);
        appendLate(A, 60, 50);
        appendLate(B, 110, 50);
        Map<String, List<String>> all = db.all();
        db.tsdb.maintain();
        assertThat(db.tsdb.blocks()).isEmpty();
        db.scheduler.advance(Duration.ofHours(2));
        db.tsdb.maintain();
        assertThat(db.tsdb.blocks()).isNotEmpty().allMatch(BlockMeta::isOutOfOrder);
        assertThat(db.all()).isEqualTo(all);
        TsdbStats stats = db.tsdb.stats();
        assertThat(stats.outOfOrder().chunks()).isZero();
        assertThat(stats.wbl().blocksCut()).isEqualTo(db.tsdb.blocks().size());
        assertThat(stats.wbl().sizeBytes()).isZero();
        assertThat(stats.wbl().truncations()).isPositive();
        append(A, 30, 4);
        all = db.all();
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(all);
        assertThat(db.tsdb.stats().wbl().replay().samples()).isEqualTo(1);
    }

    @Test
    void aViewFromBeforeACompactionShowsTheSameAfterIt() throws IOException {
        append(A, 0, 1);
        appendLate(A, 60, 50);
        Map<String, List<String>> all = db.all();
        try (Querier before = db.tsdb.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            db.scheduler.advance(Duration.ofHours(3));
            db.tsdb.maintain();
            db.tsdb.maintain();
            assertThat(db.tsdb.blocks()).isNotEmpty();
            assertThat(TsdbFixture.read(before, Long.MIN_VALUE, Long.MAX_VALUE, LabelMatcher.equal("__name__", "a")))
                    .isEqualTo(all);
            assertThat(db.tsdb.stats().outOfOrder().chunks()).isPositive();
        }
        db.tsdb.maintain();
        assertThat(db.tsdb.stats().outOfOrder().chunks()).isZero();
        assertThat(db.all()).isEqualTo(all);
    }

    @Test
    void blocksOfLateSamplesAreMergedIntoThoseThatTheyOverlap() throws IOException {
        long start = Math.floorDiv(now, 120 * MINUTE) * 120 * MINUTE;
        for (int i = 0; i < 400; i++) {
            db.append(A, start + MINUTE * i, i);
        }
        db.tsdb.maintain();
        assertThat(db.tsdb.blocks()).isNotEmpty();
        db.tsdb.setOutOfOrderWindow(Duration.ofHours(10));
        for (int i = 0; i < 200; i++) {
            assertThat(db.append(A, start + MINUTE * i + 7, 1000 + i)).isEqualTo(AppendResult.ACCEPTED);
        }
        Map<String, List<String>> all = db.all();
        assertThat(all.get(A.toString())).hasSize(600);
        db.scheduler.advance(Duration.ofHours(3));
        db.tsdb.maintain();
        assertThat(db.tsdb.stats().wbl().blocksCut()).isEqualTo(2);
        List<BlockMeta> blocks = db.tsdb.blocks();
        assertThat(blocks).noneMatch(BlockMeta::isOutOfOrder);
        for (int i = 1; i < blocks.size(); i++) {
            assertThat(blocks.get(i).minTimeMs())
                    .isGreaterThanOrEqualTo(blocks.get(i - 1).maxTimeMs());
        }
        assertThat(db.all()).isEqualTo(all);
        db.restart();
        assertThat(db.all()).isEqualTo(all);
    }

    /** The log counts from where the blocks of samples in order end: that must not come to lie behind its samples. */
    @Test
    void aBlockOfLateSamplesThatReachesIntoTheHeadHidesNothingAfterAStart() throws IOException {
        long start = Math.floorDiv(now, 120 * MINUTE) * 120 * MINUTE;
        for (int i = 0; i < 700; i++) {
            db.append(A, start + MINUTE * i, i);
            if (i % 120 == 60) {
                db.append(A, start + MINUTE * (i - 10) + 5, i);
                db.tsdb.snapshot(Path.of("/snapshot" + i), false);
                db.tsdb.maintain();
            }
        }
        Map<String, List<String>> all = db.all();
        db.tsdb.maintain();
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(all);
    }

    @Test
    void deletedLateSamplesStayDeletedAndNewOnesAreShown() throws IOException {
        append(A, 0, 1);
        appendLate(A, 60, 50);
        db.tsdb.maintain();
        db.tsdb.delete(now - 100 * MINUTE, now - MINUTE, List.of(LabelMatcher.equal("__name__", "a")));
        assertThat(samples(A)).isEqualTo(expected(0, 1));
        append(A, 50, 8);
        assertThat(samples(A)).isEqualTo(expected(50, 8, 0, 1));
        db.killAndRestart();
        assertThat(samples(A)).isEqualTo(expected(50, 8, 0, 1));
    }

    @Test
    void onlyADeletionThatMeetsASeriesWithLateSamplesMovesThemToBlocks() throws IOException {
        append(A, 0, 1);
        append(B, 0, 2);
        appendLate(A, 60, 50);
        db.tsdb.delete(now - 100 * MINUTE, now, List.of(LabelMatcher.equal("__name__", "b")));
        db.tsdb.delete(now - 100 * MINUTE, now, List.of(LabelMatcher.equal("__name__", "c")));
        assertThat(db.tsdb.stats().wbl().blocksCut()).isZero();
        assertThat(samples(A)).hasSize(51);
        assertThat(samples(B)).isEmpty();
        db.tsdb.delete(now - 100 * MINUTE, now, List.of(LabelMatcher.equal("__name__", "a")));
        assertThat(db.tsdb.stats().wbl().blocksCut()).isPositive();
        assertThat(db.all()).isEmpty();
    }

    @Test
    void aSeriesOfLateSamplesAloneStaysUntilTheyAreInABlock() throws IOException {
        append(A, 0, 1);
        append(B, 70, 2);
        for (int i = 0; i < 5; i++) {
            db.tsdb.maintain();
        }
        assertThat(samples(B)).isEqualTo(expected(70, 2));
        assertThat(db.tsdb.stats().head().series()).isEqualTo(2);
        db.tsdb.snapshot(Path.of("/snapshot"), false);
        for (int i = 0; i < 5; i++) {
            db.tsdb.maintain();
        }
        assertThat(db.tsdb.stats().head().series()).isEqualTo(1);
        assertThat(samples(B)).isEqualTo(expected(70, 2));
        try (Querier querier = db.tsdb.querier(now - 100 * MINUTE, now - 60 * MINUTE)) {
            assertThat(querier.labelValues("__name__", List.of())).containsExactly("b");
        }
    }

    @Test
    void labelsOfLateSamplesAreFound() throws IOException {
        append(A, 0, 1);
        append(Labels.of("__name__", "c", "only", "late"), 90, 2);
        try (Querier querier = db.tsdb.querier(now - 100 * MINUTE, now - 80 * MINUTE)) {
            assertThat(querier.labelNames(List.of())).contains("only");
            assertThat(querier.labelValues("only", List.of(LabelMatcher.equal("__name__", "c"))))
                    .containsExactly("late");
        }
    }

    @Test
    void withoutCompactionOldSamplesGoWithTheRetention() throws IOException {
        db.close();
        db.compaction = false;
        db.retention = Duration.ofHours(5);
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        append(A, 0, 1);
        appendLate(A, 60, 40);
        db.scheduler.advance(Duration.ofHours(5));
        db.append(A, db.nowMs(), 2);
        db.tsdb.maintain();
        db.append(A, db.nowMs() - MINUTE, 3);
        db.tsdb.maintain();
        assertThat(db.tsdb.stats().outOfOrder().chunks()).isEqualTo(1);
        assertThat(samples(A)).hasSize(3);
    }

    /** A transaction of which a part cannot be written is not there at all, now or after a kill. */
    @Test
    void whereTheLogForThemCannotBeWrittenNothingOfTheTransactionIsThere() throws IOException {
        append(A, 10, 1);
        append(A, 0, 1);
        append(A, 5, 1);
        FaultyFiles files = db.faulty();
        files.failCalls(call -> call.path().startsWith(WBL));
        try (Appender appender = db.tsdb.appender()) {
            appender.append(appender.series(A), now - 7 * MINUTE, 2);
            appender.append(appender.series(B), now + MINUTE, 2);
            assertThatThrownBy(appender::commit).isInstanceOf(IOException.class);
        }
        files.heal();
        assertThat(samples(A)).isEqualTo(expected(10, 1, 5, 1, 0, 1));
        assertThat(samples(B)).isEmpty();
        db.killAndRestart();
        assertThat(samples(A)).isEqualTo(expected(10, 1, 5, 1, 0, 1));
        assertThat(samples(B)).isEmpty();
        append(A, 7, 3);
        assertThat(samples(A)).isEqualTo(expected(10, 1, 7, 3, 5, 1, 0, 1));
    }

    @Test
    void startTimestampsAreNotAddedAgainAndAgain() throws IOException {
        db.startTimestampZeros = true;
        db.restart();
        for (int i = 3; i >= 0; i--) {
            try (Appender appender = db.tsdb.appender()) {
                long ref = appender.series(A);
                appender.startTimestamp(ref, now - MINUTE * i, now - 30 * MINUTE, false);
                appender.append(ref, now - MINUTE * i, i);
                appender.commit();
            }
        }
        assertThat(samples(A)).isEqualTo(expected(30, 0, 3, 3, 2, 2, 1, 1, 0, 0));
        assertThat(db.tsdb.stats().outOfOrder().floatsAppended()).isZero();
    }

    @Test
    void thousandsOfLateSamplesOfOneSeriesAreReadInOrder() throws IOException {
        append(A, 0, 1);
        appendLate(A, 100, 3001);
        db.tsdb.maintain();
        appendLate(A, 40, 1000);
        long[] expected = LongStream.concat(
                        LongStream.range(0, 3001).map(i -> now - 100 * MINUTE + 1000 * i),
                        LongStream.range(0, 1000).map(i -> now - 40 * MINUTE + 1000 * i))
                .distinct()
                .sorted()
                .toArray();
        List<String> found = samples(A);
        assertThat(found).hasSize(expected.length + 1);
        for (int i = 0; i < expected.length; i++) {
            assertThat(found.get(i)).startsWith(expected[i] + "=");
        }
    }
}
