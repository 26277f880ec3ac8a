// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.storage.AppendResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A clock that runs ahead of all samples, and back again, costs none of them. */
@ExtendWith(QuietLog.class)
class JumpingClockTest {
    private static final Labels UP = Labels.of("__name__", "up");
    private static final Duration YEAR = Duration.ofDays(365);

    private final TsdbFixture db = new TsdbFixture();

    @BeforeEach
    void open() throws IOException {
        db.outOfOrderWindow = Duration.ofHours(1);
        db.open();
    }

    @AfterEach
    void close() throws IOException {
        db.close();
    }

    /** A sample every five minutes, and one that is late every hour. */
    private void write(int hours) throws IOException {
        for (int i = 0; i < 12 * hours; i++) {
            db.append(UP, db.nowMs(), i);
            if (i % 12 == 11) {
                db.append(UP, db.nowMs() - 1000, i);
            }
            db.scheduler.advance(Duration.ofMinutes(5));
        }
    }

    private void jump(Duration by) {
        db.scheduler.manualClock().jumpTo(db.scheduler.clock().instant().plus(by));
        db.tsdb.maintain();
        db.tsdb.maintain();
    }

    @Test
    void samplesInMemoryAndInBlocksOutliveAJumpByAYearAndBack() throws IOException {
        write(10);
        Map<String, List<String>> before = db.all();
        assertThat(db.tsdb.blocks()).hasSizeGreaterThan(2);
        jump(YEAR);
        assertThat(db.all()).isEqualTo(before);
        db.restart();
        assertThat(db.all()).as("after a restart with the clock ahead").isEqualTo(before);
        db.tsdb.maintain();
        db.killAndRestart();
        assertThat(db.all()).as("after a kill with the clock ahead").isEqualTo(before);
        jump(YEAR.negated());
        assertThat(db.all()).isEqualTo(before);
        assertThat(db.append(UP, db.nowMs(), 7)).isEqualTo(AppendResult.ACCEPTED);
        db.restart();
        assertThat(db.all().get(UP.toString()))
                .hasSize(before.getOrDefault(UP.toString(), List.of()).size() + 1);
    }

    @Test
    void withoutBlocksSamplesOutliveAJumpToo() throws IOException {
        db.close();
        db.compaction = false;
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        write(3);
        Map<String, List<String>> before = db.all();
        jump(YEAR);
        db.restart();
        assertThat(db.all()).isEqualTo(before);
        jump(YEAR.negated());
        assertThat(db.all()).isEqualTo(before);
    }

    /** As in Prometheus: the retention counts from the newest block, however it came about. */
    @Test
    void samplesOfTheFutureMoveTheOthersToBlocksWhichGoOnlyBehindABlockOfThatTime() throws IOException {
        write(4);
        Map<String, List<String>> before = db.all();
        jump(YEAR);
        db.append(UP, db.nowMs(), 1);
        db.tsdb.maintain();
        assertThat(db.all(Long.MIN_VALUE, db.nowMs() - 1))
                .as("there is no block of that time yet")
                .isEqualTo(before);
        write(6);
        assertThat(db.all(Long.MIN_VALUE, db.nowMs() - YEAR.toMillis() / 2)).isEmpty();
        jump(YEAR.negated());
        assertThat(db.all().get(UP.toString())).isNotEmpty();
    }

    /** What waits for a block is not forgotten when the clock is set back. */
    @Test
    void lateSamplesGoToBlocksAndSegmentsEndAlsoBehindAClockThatWasSetBack() throws IOException {
        write(1);
        jump(YEAR);
        jump(YEAR.negated());
        db.append(UP, db.nowMs(), 7);
        int segment = db.tsdb.stats().walSegment();
        for (int i = 0; i < 30; i++) {
            db.scheduler.advance(Duration.ofMinutes(5));
        }
        assertThat(db.tsdb.stats().outOfOrder().chunks()).isZero();
        assertThat(db.tsdb.stats().walSegment()).isGreaterThan(segment);
    }
}
