// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Labels;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.time.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Blocks that are cut as soon as a commit has made the head long enough, before the minute of the next round is over. */
@ExtendWith(QuietLog.class)
class EarlyCutTest {
    private static final Labels UP = Labels.of("__name__", "up", "job", "a");
    private static final long RANGE_MS = Duration.ofHours(2).toMillis();
    /** The start of a block's range. */
    private static final long START_MS = ManualClock.START.toEpochMilli();
    /** The first time at which the head is too long, behind samples from the start on. */
    private static final long TOO_LONG_MS = START_MS + RANGE_MS + RANGE_MS / 2 + 1;

    private final TsdbFixture db = new TsdbFixture();

    @BeforeEach
    void open() throws IOException {
        db.open();
        db.scheduler.advance(Duration.ofSeconds(10)); // far from the next round
    }

    @AfterEach
    void close() throws IOException {
        db.faulty().heal();
        db.close();
        db.faulty().assertNoOpenFiles();
    }

    private long cuts() {
        return db.tsdb.stats().blocks().cuts();
    }

    @Test
    void theCommitThatMakesTheHeadLongEnoughBringsABlockBehindItAndNotBefore() throws IOException {
        db.append(UP, START_MS, 1);
        db.append(UP, TOO_LONG_MS - 1, 2);
        db.scheduler.runDue();
        assertThat(cuts()).isZero();

        db.append(UP, TOO_LONG_MS, 3);
        assertThat(cuts()).as("the commit itself cuts nothing").isZero();
        assertThat(db.tsdb.stats().truncations()).isZero();
        db.scheduler.runDue();
        assertThat(cuts()).isEqualTo(1);
        assertThat(db.tsdb.blocks()).singleElement().satisfies(block -> {
            assertThat(block.minTimeMs()).isEqualTo(START_MS);
            assertThat(block.maxTimeMs()).isEqualTo(START_MS + RANGE_MS);
        });
    }

    @Test
    void oneRoundIsAskedForHoweverManyCommitsFindTheHeadTooLong() throws IOException {
        db.append(UP, START_MS, 1);
        int waiting = db.scheduler.pending();
        db.append(UP, TOO_LONG_MS, 2);
        db.append(UP, TOO_LONG_MS + 1, 3);
        assertThat(db.scheduler.pending()).isEqualTo(waiting + 1);
        db.scheduler.runDue();
        assertThat(db.tsdb.stats().truncations()).isEqualTo(1);
    }

    @Test
    void samplesOfDaysAreInBlocksWithinTheMinuteInWhichTheyCome() throws IOException {
        for (int quarter = 0; quarter < 4 * 24; quarter++) {
            db.append(UP, START_MS + quarter * Duration.ofMinutes(15).toMillis(), quarter);
            db.scheduler.runDue();
        }
        assertThat(cuts()).isEqualTo(11);
        assertThat(db.all().get(UP.toString())).hasSize(4 * 24);
    }

    @Test
    void theHeadThatARestartFindsTooLongIsCutBehindTheNextCommit() throws IOException {
        db.append(UP, START_MS, 1);
        db.append(UP, TOO_LONG_MS, 2);
        db.killAndRestart();
        assertThat(cuts()).isZero();
        db.append(UP, TOO_LONG_MS + 1, 3);
        db.scheduler.runDue();
        assertThat(cuts()).isEqualTo(1);
    }

    @Test
    void aCutThatFailsIsTriedAgainInTheNextRegularRoundAndThenBehindACommitAgain() throws IOException {
        db.append(UP, START_MS, 1);
        db.faulty().failCalls(call -> call.path().toString().contains(".tmp-for-creation"));
        for (int i = 0; i < 5; i++) {
            db.append(UP, TOO_LONG_MS + i, i);
            db.scheduler.runDue();
        }
        assertThat(db.tsdb.stats().failedMaintenance()).isEqualTo(1);

        db.scheduler.advance(Duration.ofMinutes(1));
        assertThat(db.tsdb.stats().failedMaintenance()).isEqualTo(2);
        for (int i = 5; i < 10; i++) {
            db.append(UP, TOO_LONG_MS + i, i);
            db.scheduler.runDue();
        }
        assertThat(db.tsdb.stats().failedMaintenance()).isEqualTo(3);

        db.faulty().heal();
        db.scheduler.advance(Duration.ofMinutes(1));
        assertThat(cuts()).isEqualTo(1);
    }

    @Test
    void aCutThatATransactionHoldsUpIsTriedOnceMoreASecondLater() throws IOException {
        db.append(UP, START_MS, 1);
        try (Appender open = db.tsdb.appender()) {
            open.append(open.series(UP), START_MS + 1, 2);
            db.append(UP, TOO_LONG_MS, 3);
            db.scheduler.runDue();
            assertThat(cuts()).isZero();
        }
        db.append(UP, TOO_LONG_MS + 1, 4);
        db.scheduler.runDue();
        assertThat(cuts()).isZero();
        db.scheduler.advance(Duration.ofSeconds(1));
        assertThat(cuts()).isEqualTo(1);
    }

    @Test
    void theSecondOfTwoBlocksIsTriedOnceMoreToo() throws IOException {
        db.append(UP, START_MS, 1);
        db.append(UP, TOO_LONG_MS - 1, 2);
        try (Appender open = db.tsdb.appender()) { // may add behind the first block only
            open.append(open.series(UP), TOO_LONG_MS, 3);
            db.append(UP, START_MS + 4 * RANGE_MS, 4);
            db.scheduler.runDue();
            assertThat(cuts()).isEqualTo(1);
        }
        db.scheduler.advance(Duration.ofSeconds(1));
        assertThat(cuts()).isEqualTo(2);
        assertThat(db.tsdb.stats().truncations()).isEqualTo(2);
    }

    @Test
    void aTransactionThatStaysOpenIsNotWaitedForOverAndOver() throws IOException {
        db.append(UP, START_MS, 1);
        try (Appender open = db.tsdb.appender()) {
            open.append(open.series(UP), START_MS + 1, 2);
            for (int i = 0; i < 20; i++) {
                db.append(UP, TOO_LONG_MS + i, i);
                db.scheduler.advance(Duration.ofSeconds(1));
            }
            assertThat(db.tsdb.stats().truncations()).isEqualTo(2);
        }
    }

    @Test
    void nothingIsCutWhereBlocksAreNotToBeMade() throws IOException {
        db.close();
        db.compaction = false;
        db.restart();
        db.append(UP, START_MS, 1);
        db.append(UP, TOO_LONG_MS, 2);
        db.scheduler.advance(Duration.ofSeconds(1));
        assertThat(db.tsdb.stats().truncations()).isZero();
        assertThat(db.all()).isEqualTo(Map.of(UP.toString(), List.of(START_MS + "=1", TOO_LONG_MS + "=2")));
    }
}
