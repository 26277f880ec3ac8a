// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SeriesLimitException;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.testkit.files.FileCall.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(QuietLog.class)
class TsdbTest {
    private static final Labels UP = Labels.of("__name__", "up", "job", "shop");
    private static final Labels DOWN = Labels.of("__name__", "down", "job", "shop");
    private static final Labels LATER = Labels.of("__name__", "later");
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final TsdbFixture db = new TsdbFixture();

    @BeforeEach
    void open() throws IOException {
        db.open();
    }

    @AfterEach
    void closeAndCheckThatNothingIsLeft() throws IOException {
        db.close();
        assertThat(db.memory.bytesPerTag())
                .allSatisfy((tag, bytes) -> assertThat(bytes).as(tag).isZero());
        db.faulty().assertNoOpenFiles();
    }

    @Test
    void readsWhatWasCommitted() throws IOException {
        long t = db.nowMs();
        for (int i = 0; i < 500; i++) {
            assertThat(db.append(UP, t + 15_000L * i, i % 7)).isEqualTo(AppendResult.ACCEPTED);
        }
        db.append(DOWN, t + 500 * 15_000L, 1.5);

        Map<String, List<String>> found = db.all();
        assertThat(found.get(UP.toString())).hasSize(500).startsWith(t + "=0").endsWith((t + 499 * 15_000L) + "=2");
        assertThat(found.get(DOWN.toString())).hasSize(1);
        assertThat(TsdbFixture.read(db.tsdb, t, t, LabelMatcher.equal("job", "shop")))
                .isEqualTo(Map.of(UP.toString(), List.of(t + "=0")));
    }

    @Test
    void aRestartLosesNothing() throws IOException {
        long t = db.nowMs();
        try (Appender appender = db.tsdb.appender()) {
            long up = appender.series(UP);
            long down = appender.series(DOWN);
            for (int i = 0; i < 300; i++) {
                appender.append(up, t + 1000L * i, i * 0.1);
                appender.append(down, t + 1000L * i, -i);
            }
            appender.commit();
        }
        Map<String, List<String>> before = db.all();
        db.restart();
        assertThat(db.all()).isEqualTo(before);
        db.append(UP, t + 300_000, 7);
        before = db.all();
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(before);
        assertThat(db.tsdb.stats().walDamage().tornTails()).isZero();
    }

    @Test
    void rejectsWhatPrometheusRejects() throws IOException {
        long t = db.nowMs();
        assertThat(db.append(UP, t, 1)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(db.append(UP, t, 1)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(db.append(UP, t, 2)).isEqualTo(AppendResult.DUPLICATE);
        assertThat(db.append(UP, t - 1, 1)).isEqualTo(AppendResult.OUT_OF_ORDER);
        assertThat(db.append(DOWN, t - HOUR, 1)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(db.append(Labels.of("__name__", "new"), t - HOUR - 1, 1)).isEqualTo(AppendResult.OUT_OF_BOUNDS);
        try (Appender appender = db.tsdb.appender()) {
            assertThat(appender.append(12345, t, 1)).isEqualTo(AppendResult.UNKNOWN_SERIES);
            assertThat(appender.append(0, t, 1)).isEqualTo(AppendResult.UNKNOWN_SERIES);
            assertThat(appender.append(-1, t, 1)).isEqualTo(AppendResult.UNKNOWN_SERIES);
            appender.commit();
        }
        assertThat(db.all().get(UP.toString())).containsExactly(t + "=1");
    }

    @Test
    void aNotANumberIsTheSameOnlyWhereItsBitsAre() throws IOException {
        long t = db.nowMs();
        db.append(UP, t, StalenessMarker.VALUE);
        assertThat(db.append(UP, t, StalenessMarker.VALUE)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(db.append(UP, t, StalenessMarker.NORMAL_NAN)).isEqualTo(AppendResult.DUPLICATE);
        db.restart();
        assertThat(db.all().get(UP.toString())).containsExactly(t + "=" + Long.toHexString(StalenessMarker.BITS));
    }

    @Test
    void withinATransactionTheFirstOfTwoSamplesOfATimeStays() throws IOException {
        long t = db.nowMs();
        try (Appender appender = db.tsdb.appender()) {
            long up = appender.series(UP);
            appender.append(up, t, 1);
            appender.append(up, t, 2);
            appender.append(up, t - 5, 3);
            appender.append(up, t + 5, 4);
            appender.commit();
        }
        assertThat(db.all().get(UP.toString())).containsExactly(t + "=1", (t + 5) + "=4");
        assertThat(db.tsdb.stats().head().duplicateSamples()).isEqualTo(1);
        assertThat(db.tsdb.stats().head().outOfOrderSamples()).isEqualTo(1);
        db.killAndRestart();
        assertThat(db.all().get(UP.toString())).containsExactly(t + "=1", (t + 5) + "=4");
    }

    @Test
    void anEndedTransactionIsRefused() throws IOException {
        Appender appender = db.tsdb.appender();
        appender.commit();
        assertThatThrownBy(() -> appender.append(1, 1, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(appender::commit).isInstanceOf(IllegalStateException.class);
        appender.close();
    }

    @Test
    void theSeriesOfARolledBackTransactionIsLoggedByTheNextOneThatUsesIt() throws IOException {
        long up;
        try (Appender appender = db.tsdb.appender()) {
            up = appender.series(UP);
            appender.append(up, db.nowMs(), 1);
            appender.rollback();
        }
        try (Appender appender = db.tsdb.appender()) {
            appender.append(up, db.nowMs(), 2);
            appender.commit();
        }
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(Map.of(UP.toString(), List.of(db.nowMs() + "=2")));
    }

    @Test
    void aReferenceStaysGoodAcrossARestart() throws IOException {
        long up;
        try (Appender appender = db.tsdb.appender()) {
            up = appender.series(UP);
            appender.append(up, db.nowMs(), 1);
            appender.commit();
        }
        db.restart();
        try (Appender appender = db.tsdb.appender()) {
            assertThat(appender.series(UP)).isEqualTo(up);
            assertThat(appender.series(DOWN)).isGreaterThan(up);
        }
    }

    @Test
    void aFullDiskStopsCommitsAndLeavesQueriesAndResumesByItself() throws IOException {
        long t = db.nowMs();
        db.append(UP, t, 1);
        Map<String, List<String>> before = db.all();
        long full = db.faulty().content(TsdbFixture.DATA.resolve("wal/00000000")).length + 3L;
        db.faulty().capacityBytes(full);

        assertThatIOException().isThrownBy(() -> db.append(UP, t + 1, 2)).withMessageContaining("No space left");
        assertThatIOException().isThrownBy(() -> db.append(DOWN, t + 2, 2));
        assertThat(db.all()).isEqualTo(before);
        assertThat(db.tsdb.stats().walFailedWrites()).isEqualTo(2);

        db.faulty().capacityBytes(Long.MAX_VALUE);
        db.append(UP, t + 3, 3);
        db.append(DOWN, t + 3, 3);
        Map<String, List<String>> after = db.all();
        assertThat(after.get(UP.toString())).containsExactly(t + "=1", (t + 3) + "=3");
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(after);
        assertThat(db.tsdb.stats().walDamage().tornTails()).isZero();
    }

    @Test
    void aTornWriteThatCannotBeTakenBackIsCutBeforeTheNextOne() throws IOException {
        long t = db.nowMs();
        db.append(UP, t, 1);
        FaultyFiles files = db.faulty();
        files.tearCall(files.calls() + 1, 11);
        files.failCalls(call -> call.operation() == Operation.TRUNCATE);
        assertThatIOException().isThrownBy(() -> db.append(UP, t + 1, 2));
        assertThatIOException().isThrownBy(() -> db.append(UP, t + 2, 2));
        files.heal();
        db.append(UP, t + 3, 3);
        db.killAndRestart();
        assertThat(db.all().get(UP.toString())).containsExactly(t + "=1", (t + 3) + "=3");
    }

    @Test
    void newSeriesAreRefusedAtTheMemoryLimitAndKnownOnesGoOn() throws IOException {
        db.close();
        db.memory = new MemoryAccount(3_000_000);
        db.open();
        long t = db.nowMs();
        int made = 0;
        SeriesLimitException refusal = null;
        while (refusal == null) {
            try {
                db.append(Labels.of("__name__", "m", "i", Integer.toString(made)), t, 1);
                made++;
            } catch (SeriesLimitException e) {
                refusal = e;
            }
        }
        assertThat(refusal).hasMessageContaining("no memory for another series").hasMessageContaining("3000000");
        assertThat(made).isGreaterThan(1000);
        assertThat(db.append(Labels.of("__name__", "m", "i", "0"), t + 1, 2)).isEqualTo(AppendResult.ACCEPTED);
    }

    @Test
    void atTheMemoryLimitTheOldestSamplesGoBeforeTheirTime() throws IOException {
        db.close();
        db.memory = new MemoryAccount(2_500_000);
        db.open();
        long t = db.nowMs();
        int rounds = 0;
        while (db.memory.bytes() < db.memory.limitBytes()) {
            try (Appender appender = db.tsdb.appender()) {
                for (int s = 0; s < 100; s++) {
                    long ref = appender.series(Labels.of("__name__", "m", "i", Integer.toString(s)));
                    appender.append(ref, t + 1000L * rounds, Math.sin(rounds * s));
                }
                appender.commit();
            }
            rounds++;
        }
        for (int i = 0; i < 5; i++) {
            db.tsdb.maintain();
        }
        assertThat(db.memory.bytes()).isLessThan(db.memory.limitBytes());
        List<String> left = db.all().get("{__name__=\"m\", i=\"7\"}");
        assertThat(left)
                .hasSizeBetween(rounds / 2, rounds - 1)
                .endsWith((t + 1000L * (rounds - 1)) + "=" + TsdbFixture.text(Math.sin((rounds - 1) * 7)));
    }

    @Test
    void retentionDropsSamplesSeriesAndSegments() throws IOException {
        db.close();
        db.compaction = false;
        db.retention = Duration.ofHours(6);
        db.segmentBytes = 32 * 1024;
        db.open();
        long mostWal = 0;
        long bytesHalfway = 0;
        for (int hour = 0; hour < 200; hour++) {
            for (int i = 0; i < 12; i++) {
                try (Appender appender = db.tsdb.appender()) {
                    for (int s = 0; s < 20; s++) {
                        long ref = appender.series(Labels.of("__name__", "m", "pod", "p" + s + "-" + hour / 3));
                        appender.append(ref, db.nowMs(), hour + 0.1 * s);
                    }
                    appender.commit();
                }
                db.scheduler.advance(Duration.ofMinutes(5));
            }
            mostWal = Math.max(mostWal, db.tsdb.stats().walBytes());
            assertThat(db.tsdb.stats().head().series()).isLessThan(20 * 5);
            bytesHalfway = hour == 100 ? db.memory.bytes() : bytesHalfway;
        }
        assertThat(db.scheduler.failures()).isEmpty();
        assertThat(db.memory.bytes()).isLessThan(bytesHalfway + 100_000);
        assertThat(mostWal).isLessThan(200 * 1024);
        assertThat(db.tsdb.stats().checkpoints()).isGreaterThan(20);
        Map<String, List<String>> kept = db.all();
        long newest = db.nowMs() - Duration.ofMinutes(5).toMillis();
        long oldest = newest - Duration.ofHours(6).toMillis();
        kept.forEach((labels, samples) -> assertThat(samples)
                .allMatch(sample -> Long.parseLong(sample.substring(0, sample.indexOf('='))) >= oldest));
        assertThat(kept).hasSizeBetween(40, 80);

        db.restart();
        assertThat(db.all()).isEqualTo(kept);
        assertThat(db.tsdb.stats().replay().unknownSeriesSamples()).isZero();

        db.scheduler.advance(Duration.ofDays(1));
        assertThat(db.all()).as("no sample is old as long as none is newer").isEqualTo(kept);
        db.append(UP, db.nowMs(), 1);
        db.scheduler.advance(Duration.ofMinutes(3));
        assertThat(db.all()).containsOnlyKeys(UP.toString());
        assertThat(db.tsdb.stats().head().series()).isEqualTo(1);
    }

    @Test
    void aLogThatIsTooLargeLosesItsOldestSamples() throws IOException {
        db.close();
        db.compaction = false;
        db.retentionBytes = 300 * 1024;
        db.segmentBytes = 32 * 1024;
        db.open();
        for (int i = 0; i < 5000; i++) {
            try (Appender appender = db.tsdb.appender()) {
                for (int s = 0; s < 20; s++) {
                    appender.append(appender.series(Labels.of("__name__", "m", "s", "s" + s)), db.nowMs(), i);
                }
                appender.commit();
            }
            db.scheduler.advance(Duration.ofSeconds(15));
            assertThat(db.tsdb.stats().walBytes()).isLessThan(400 * 1024);
        }
        List<String> left = db.all().get("{__name__=\"m\", s=\"s3\"}");
        assertThat(left).hasSizeGreaterThan(500).endsWith((db.nowMs() - 15_000) + "=4999");
        Map<String, List<String>> before = db.all(db.nowMs() - HOUR, db.nowMs());
        db.killAndRestart();
        assertThat(db.all(db.nowMs() - HOUR, db.nowMs())).isEqualTo(before);
    }

    @Test
    void aLateTimestampDoesNotKeepTheLogFromShrinking() throws IOException {
        db.close();
        db.compaction = false;
        db.retention = Duration.ofHours(6);
        db.segmentBytes = 32 * 1024;
        db.open();
        for (int i = 0; i < 30 * 60; i++) {
            long t = db.nowMs();
            db.append(UP, t, i);
            if (i == 3) {
                // In a segment of its own time, yet valid for another day.
                db.append(DOWN, t + Duration.ofMinutes(50).toMillis(), 1);
            }
            db.scheduler.advance(Duration.ofMinutes(1));
        }
        assertThat(db.tsdb.stats().checkpoints()).isGreaterThan(3);
        Map<String, List<String>> before = db.all();
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(before);
    }

    /** So that samples older than the retention go, where there is a newer one. */
    private void openWithoutCompaction() throws IOException {
        db.close();
        db.compaction = false;
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
    }

    @Test
    void aSeriesThatComesBackInTimeKeepsItsReference() throws IOException {
        openWithoutCompaction();
        long up;
        try (Appender appender = db.tsdb.appender()) {
            up = appender.series(UP);
            appender.append(up, db.nowMs(), 1);
            appender.commit();
        }
        db.append(DOWN, db.nowMs(), 1);
        db.scheduler.manualClock().advance(Duration.ofDays(16));
        db.append(LATER, db.nowMs(), 1);
        db.tsdb.maintain();
        try (Appender appender = db.tsdb.appender()) {
            assertThat(appender.append(up, db.nowMs(), 2)).isEqualTo(AppendResult.ACCEPTED);
            appender.commit();
        }
        db.tsdb.maintain();
        assertThat(db.all())
                .isEqualTo(Map.of(
                        UP.toString(), List.of(db.nowMs() + "=2"), LATER.toString(), List.of(db.nowMs() + "=1")));
        assertThat(db.tsdb.stats().head().seriesRemoved()).isEqualTo(1);
        try (Appender appender = db.tsdb.appender()) {
            assertThat(appender.series(UP)).isEqualTo(up);
        }
    }

    @Test
    void aLabelSetWithoutLabelsIsRefused() {
        try (Appender appender = db.tsdb.appender()) {
            assertThatThrownBy(() -> appender.series(Labels.EMPTY))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("found 0");
        }
    }

    @Test
    void whoComesAfterTheCloseIsToldSo() throws IOException {
        Appender appender = db.tsdb.appender();
        long up = appender.series(UP);
        appender.append(up, db.nowMs(), 1);
        db.close();
        assertThatThrownBy(appender::commit)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> db.tsdb.appender()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> db.tsdb.querier(0, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anOpenQuerierKeepsWhatItShows() throws IOException {
        openWithoutCompaction();
        long t = db.nowMs();
        db.append(UP, t, 1);
        db.append(UP, t + HOUR, 2);
        try (Querier querier = db.tsdb.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            Map<String, List<String>> before =
                    TsdbFixture.read(querier, Long.MIN_VALUE, Long.MAX_VALUE, LabelMatcher.equal("__name__", "up"));
            db.scheduler.advance(Duration.ofDays(40));
            db.append(LATER, db.nowMs(), 1);
            db.scheduler.advance(Duration.ofMinutes(3));
            assertThat(TsdbFixture.read(querier, Long.MIN_VALUE, Long.MAX_VALUE, LabelMatcher.equal("__name__", "up")))
                    .isEqualTo(before)
                    .hasSize(1);
            assertThat(db.all()).containsOnlyKeys(LATER.toString());
        }
        db.scheduler.advance(Duration.ofMinutes(3));
        assertThat(db.tsdb.stats().head().series()).isEqualTo(1);
    }

    @Test
    void aSecondOpeningOfTheDirectoryIsRefused() {
        assertThatIOException()
                .isThrownBy(() -> Tsdb.open(db.config()))
                .withMessageContaining("/data: another process uses this data directory");
    }

    @Test
    void emptyDirectoriesOfAPrometheusAreNoData() throws IOException {
        db.close();
        db.files = new FaultyFiles();
        db.files.createDirectories(TsdbFixture.DATA.resolve("chunks_head"));
        db.open();
        db.append(UP, db.nowMs(), 1);
        assertThat(db.all()).hasSize(1);
    }

    @Test
    void statsTellWhatIsThere() throws IOException {
        long t = db.nowMs();
        for (int i = 0; i < 130; i++) {
            db.append(UP, t + i, i);
        }
        db.append(DOWN, t, 1);
        TsdbStats stats = db.tsdb.stats();
        assertThat(stats.head().series()).isEqualTo(2);
        assertThat(stats.head().labelPairs()).isEqualTo(3);
        assertThat(stats.head().symbols()).isEqualTo(5);
        assertThat(stats.head().chunks()).isEqualTo(3);
        assertThat(stats.head().samplesAppended()).isEqualTo(131);
        assertThat(stats.head().seriesCreated()).isEqualTo(2);
        assertThat(stats.head().minTimeMs()).isEqualTo(t);
        assertThat(stats.head().maxTimeMs()).isEqualTo(t + 129);
        assertThat(stats.memoryBytes())
                .isPositive()
                .isEqualTo(stats.memoryBytesByTag().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
        assertThat(stats.walBytes()).isEqualTo(db.faulty().content(TsdbFixture.DATA.resolve("wal/00000000")).length);
    }

    @Test
    void theReplayTellsHowFarItIs() throws IOException {
        db.close();
        db.segmentBytes = 32 << 10;
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        for (int i = 0; i < 3000; i++) {
            db.append(UP, db.nowMs() + i, Math.sin(i));
        }
        int last = db.tsdb.stats().walSegment();
        int begun = last + 1;
        assertThat(last).isGreaterThan(3);
        db.close();
        List<String> told = new ArrayList<>();
        Tsdb.open(db.config().with(b -> {
                    b.memory = new MemoryAccount(Long.MAX_VALUE);
                    b.replayProgress = (first, current, end) -> told.add(first + " " + current + " " + end);
                }))
                .close();
        assertThat(told)
                .hasSize(last + 1)
                .startsWith("0 0 " + begun, "0 1 " + begun)
                .endsWith("0 " + last + " " + begun);
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
    }

    @Test
    void everyFileCallMayFailAtTheStart() throws IOException {
        long t = db.nowMs();
        db.append(UP, t, 1);
        db.append(DOWN, t, 2);
        Map<String, List<String>> expected = db.all();
        FaultyFiles counted = db.faulty().kill();
        db.files = counted;
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        int calls = counted.calls();
        for (int n = 1; n <= calls; n++) {
            FaultyFiles files = db.faulty().kill();
            db.files = files;
            db.memory = new MemoryAccount(Long.MAX_VALUE);
            files.failCall(n);
            try {
                db.open();
            } catch (IOException e) {
                files.assertNoOpenFiles();
                assertThat(db.memory.bytes()).isZero();
                files.heal();
                db.open();
            }
            assertThat(db.all()).isEqualTo(expected);
        }
    }
}
