// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.tsdb.chunk.RandomHistograms;
import dev.narthex.tsdb.wal.RecordHandler;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.Wal;
import dev.narthex.tsdb.wal.WalBatch;
import dev.narthex.tsdb.wal.WalCompression;
import dev.narthex.tsdb.wal.WalRecovery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Transactions while the log of the last run is still being replayed. */
@ExtendWith(QuietLog.class)
class AppendsDuringReplayTest {
    private static final Labels OLD = Labels.of("__name__", "up", "job", "old");
    private static final Labels NEW = Labels.of("__name__", "up", "job", "new");

    private final TsdbFixture db = new TsdbFixture();
    private final long startMs = db.nowMs();

    private long t(long ms) {
        return startMs + ms;
    }

    private AppendResult append(Labels labels, long ms, double value) throws IOException {
        return db.append(labels, t(ms), value);
    }

    /** All samples, with the milliseconds since the start. */
    private Map<String, List<String>> all() {
        Map<String, List<String>> all = new TreeMap<>();
        db.all()
                .forEach((labels, samples) -> all.put(
                        labels,
                        samples.stream()
                                .map(sample -> {
                                    int end = sample.indexOf('=');
                                    return Long.parseLong(sample.substring(0, end)) - startMs + sample.substring(end);
                                })
                                .toList()));
        return all;
    }

    @AfterEach
    void close() throws IOException {
        db.faulty().heal();
        db.close();
        assertThat(db.memory.bytes()).isZero();
        db.faulty().assertNoOpenFiles();
    }

    @Test
    void samplesTakenDuringTheReplayStandBehindThoseReplayed() throws IOException {
        db.open();
        append(OLD, 1000, 1);
        append(OLD, 2000, 2);
        db.tsdb.close();
        db.begin();
        assertThat(append(OLD, 3000, 3)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(append(NEW, 3000, 30)).isEqualTo(AppendResult.ACCEPTED);
        db.tsdb.replay();
        assertThat(append(OLD, 4000, 4)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(all())
                .containsEntry(OLD.toString(), List.of("1000=1", "2000=2", "3000=3", "4000=4"))
                .containsEntry(NEW.toString(), List.of("3000=30"))
                .hasSize(2);
    }

    @Test
    void aTransactionThatBeganBeforeTheEndOfTheReplayIsAppliedWhenItIsCommittedBehindIt() throws IOException {
        db.open();
        append(OLD, 1000, 1);
        append(OLD, 2000, 2);
        db.tsdb.close();
        db.begin();
        try (Appender appender = db.tsdb.appender()) {
            appender.append(appender.series(NEW), t(3000), 30);
            long ref = appender.series(OLD);
            appender.append(ref, t(1500), 15); // turns out to be out of order
            appender.append(ref, t(3000), 3);
            db.tsdb.replay();
            appender.commit();
        }
        assertThat(all())
                .containsEntry(OLD.toString(), List.of("1000=1", "2000=2", "3000=3"))
                .containsEntry(NEW.toString(), List.of("3000=30"));
        db.killAndRestart();
        assertThat(all()).containsEntry(OLD.toString(), List.of("1000=1", "2000=2", "3000=3"));
    }

    @Test
    void lateSamplesOfTheLastRunComeBackAndTheWindowCountsFromTheEndOfTheReplay() throws IOException {
        db.outOfOrderWindow = Duration.ofHours(2);
        db.open();
        append(OLD, 1000, 1);
        append(OLD, 5000, 5);
        assertThat(append(OLD, 2000, 2)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(append(NEW, -5_000_000, 7)).isEqualTo(AppendResult.ACCEPTED);
        db.tsdb.close();
        db.outOfOrderWindow = Duration.ZERO;
        db.begin();
        db.tsdb.setOutOfOrderWindow(Duration.ofHours(2));
        assertThat(append(OLD, 3000, 9)).isEqualTo(AppendResult.ACCEPTED); // turns out to be late
        assertThat(append(OLD, -7_300_000, 8)).isEqualTo(AppendResult.ACCEPTED); // and this too late for the window
        assertThat(append(OLD, 6000, 6)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(db.tsdb.stats().wbl().segment()).isEqualTo(-1);
        db.tsdb.replay();
        assertThat(append(OLD, 4000, 4)).isEqualTo(AppendResult.ACCEPTED);
        Map<String, List<String>> expected = Map.of(
                OLD.toString(),
                List.of("1000=1", "2000=2", "3000=9", "4000=4", "5000=5", "6000=6"),
                NEW.toString(),
                List.of("-5000000=7"));
        assertThat(all()).isEqualTo(expected);
        assertThat(db.tsdb.stats().wbl().replay().samples()).isEqualTo(2);
        assertThat(db.tsdb.stats().head().outOfOrderSamples()).isEqualTo(1);
        assertThat(db.tsdb.stats().head().samplesAppended()).isEqualTo(1);
        assertThat(db.tsdb.stats().outOfOrder().floatsAppended()).isEqualTo(2);
        db.killAndRestart();
        assertThat(all()).isEqualTo(expected);
    }

    @Test
    void manySamplesAndHistogramsThatTurnOutToBeLateComeToTheWindow() throws IOException {
        db.outOfOrderWindow = Duration.ofHours(2);
        db.open();
        append(OLD, 5000, 5);
        NativeHistogram histogram = new RandomHistograms(new Random(1), true).next();
        try (Appender appender = db.tsdb.appender()) {
            assertThat(appender.append(appender.series(NEW), t(5000), histogram))
                    .isEqualTo(AppendResult.ACCEPTED);
            appender.commit();
        }
        db.tsdb.close();
        db.begin();
        for (int i = 0; i < 3000; i++) {
            assertThat(append(OLD, 4000 - i, i)).isEqualTo(AppendResult.ACCEPTED);
        }
        try (Appender appender = db.tsdb.appender()) {
            assertThat(appender.append(appender.series(NEW), t(4000), histogram))
                    .isEqualTo(AppendResult.ACCEPTED);
            appender.commit();
        }
        db.tsdb.replay();
        Map<String, List<String>> found = all();
        assertThat(found.get(OLD.toString())).hasSize(3001).startsWith("1001=2999", "1002=2998");
        assertThat(found.get(NEW.toString())).hasSize(2);
        assertThat(db.tsdb.stats().outOfOrder().histogramsAppended()).isEqualTo(1);
        db.killAndRestart();
        assertThat(all()).isEqualTo(found);
    }

    @Test
    void aTsdbThatIsClosedBeforeTheEndOfTheReplayKeepsItsLateSamples() throws IOException {
        db.outOfOrderWindow = Duration.ofHours(1);
        db.open();
        append(OLD, 1000, 1);
        append(OLD, 5000, 5);
        append(OLD, 2000, 2);
        db.tsdb.close();
        db.begin();
        append(OLD, 6000, 6);
        db.tsdb.close();
        db.begin();
        db.tsdb.replay();
        assertThat(all()).containsEntry(OLD.toString(), List.of("1000=1", "2000=2", "5000=5", "6000=6"));
    }

    @Test
    void whatTurnsOutToBeOutOfOrderIsLeftOutAndCounted() throws IOException {
        db.open();
        append(OLD, 1000, 1);
        append(OLD, 2000, 2);
        db.tsdb.close();
        db.begin();
        assertThat(append(OLD, 1500, 9)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(append(OLD, 2000, 9)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(append(OLD, 2000, 2)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(append(OLD, 2500, 3)).isEqualTo(AppendResult.ACCEPTED);
        db.tsdb.replay();
        assertThat(all()).containsEntry(OLD.toString(), List.of("1000=1", "2000=2", "2500=3"));
        assertThat(db.tsdb.stats().head().outOfOrderSamples()).isEqualTo(1);
        assertThat(db.tsdb.stats().head().duplicateSamples()).isEqualTo(1);
        assertThat(db.tsdb.stats().head().samplesAppended()).isEqualTo(1);
    }

    @Test
    void aKillBeforeTheReplayHasEndedLosesNothing() throws IOException {
        db.open();
        append(OLD, 1000, 1);
        for (int run = 0; run < 5; run++) {
            db.files = db.faulty().kill();
            db.begin();
            append(OLD, 2000 + run, run);
            append(Labels.of("__name__", "made", "run", "r" + run), 2000 + run, run);
        }
        db.killAndRestart();
        assertThat(all())
                .containsEntry(OLD.toString(), List.of("1000=1", "2000=0", "2001=1", "2002=2", "2003=3", "2004=4"))
                .containsEntry("{__name__=\"made\", run=\"r3\"}", List.of("2003=3"))
                .hasSize(6);
    }

    @Test
    void aSeriesMadeDuringTheReplayTakesNoReferenceOfTheLog() throws IOException {
        db.open();
        List<Long> refs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            try (Appender appender = db.tsdb.appender()) {
                refs.add(appender.series(Labels.of("i", "old" + i)));
                appender.append(refs.getLast(), t(1000), i);
                appender.commit();
            }
        }
        db.files = db.faulty().kill();
        db.begin();
        try (Appender appender = db.tsdb.appender()) {
            for (int i = 0; i < 100; i++) {
                assertThat(appender.series(Labels.of("i", "new" + i))).isGreaterThan(refs.getLast());
            }
        }
        db.tsdb.replay();
    }

    @Test
    void theReplayOfALogThatAnotherProgramHasWrittenEndsBeforeAppendsBegin() throws IOException {
        Path wal = TsdbFixture.DATA.resolve("wal");
        db.files.createDirectories(wal);
        try (Wal log = Wal.open(db.files, wal, 1 << 20, 0, -1, WalCompression.NONE, Runnable::run)) {
            WalBatch batch = new WalBatch();
            batch.begin(RecordType.SAMPLES);
            batch.putSamplesBase(1, 1000);
            batch.putSample(0, 0, 1);
            batch.end();
            log.write(batch, 1000);
        }
        db.begin();
        assertThat(db.tsdb.isReplayed()).isTrue();
        append(NEW, 2000, 2);
        db.tsdb.replay();
        assertThat(all()).containsEntry(NEW.toString(), List.of("2000=2"));
    }

    @Test
    void nothingIsReadBeforeTheReplayHasEnded() throws IOException {
        db.open();
        db.tsdb.close();
        db.begin();
        assertThatIllegalStateException()
                .isThrownBy(() -> db.tsdb.querier(0, 1))
                .withMessageContaining("the log is still being replayed, segment 0 of 1");
        db.tsdb.replay();
        assertThat(all()).isEmpty();
        assertThat(db.tsdb.replayProgress()).isEqualTo(new ReplayProgress(0, 1, 1));
    }

    @Test
    void closingEndsAReplayThatIsUnderWay() throws IOException {
        db.open();
        append(OLD, 1000, 1);
        db.tsdb.close();
        Thread[] closer = new Thread[1];
        db.replayProgress = (_, _, _) -> {
            Tsdb tsdb = db.tsdb;
            closer[0] = Thread.ofVirtual().start(() -> {
                try {
                    tsdb.close();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            while (!tsdb.isClosing()) {
                Thread.onSpinWait();
            }
        };
        db.begin();
        append(OLD, 2000, 2);
        assertThatThrownBy(() -> db.tsdb.replay()).hasMessageContaining("closed while its log was replayed");
        assertThatThrownBy(() -> append(OLD, 3000, 3)).isInstanceOf(IllegalStateException.class);
        joined(closer[0]);
        db.replayProgress = (_, _, _) -> {};
        db.restart();
        assertThat(all()).containsEntry(OLD.toString(), List.of("1000=1", "2000=2"));
    }

    private static void joined(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A series that was scraped before its record came back has two references; the older one must not stay for good. */
    @Test
    void referencesOfEarlierRunsAreForgottenWithTheirSamples() throws IOException {
        db.chunkRange = Duration.ofMinutes(10);
        db.open();
        db.append(OLD, db.nowMs(), 1);
        for (int run = 0; run < 5; run++) {
            db.scheduler.advance(Duration.ofSeconds(15));
            db.files = db.faulty().kill();
            db.begin();
            db.append(OLD, db.nowMs(), run);
            db.tsdb.replay();
        }
        for (int minute = 0; minute < 120; minute++) {
            db.scheduler.advance(Duration.ofMinutes(1));
            db.append(OLD, db.nowMs(), minute);
        }
        assertThat(db.tsdb.stats().checkpoints()).isPositive();
        db.tsdb.close();
        int[] seriesRecords = new int[1];
        new WalRecovery(db.files, TsdbFixture.DATA.resolve("wal"), TsdbFixture.DATA.resolve("damaged"))
                .run(
                        new RecordHandler() {
                            @Override
                            public void record(byte[] bytes, int offset, int length) {
                                seriesRecords[0] += bytes[offset] == RecordType.SERIES ? count(length) : 0;
                            }

                            private int count(int length) {
                                int one = 8 + 1 + 1 + 8 + 1 + 2 + 1 + 3 + 1 + 3;
                                assertThat((length - 1) % one).isZero();
                                return (length - 1) / one;
                            }

                            @Override
                            public long takeMaxTimeMs() {
                                return Long.MIN_VALUE;
                            }
                        },
                        (_, _, _) -> {},
                        Integer.MAX_VALUE);
        assertThat(seriesRecords[0]).isEqualTo(1);
        db.open();
    }
}
