// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.tsdb.block.BlockMeta;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Series that have ended go to blocks before their samples are old, and give their memory back. */
@ExtendWith(QuietLog.class)
class StaleSeriesTest {
    private static final double STALE = StalenessMarker.VALUE;

    private final TsdbFixture db = new TsdbFixture();

    @BeforeEach
    void open() throws IOException {
        db.staleSeriesThreshold = 0.25;
        db.open();
    }

    @AfterEach
    void close() throws IOException {
        db.faulty().heal();
        db.close();
        assertThat(db.memory.bytes()).isZero();
        db.faulty().assertNoOpenFiles();
        assertThat(db.scheduler.failures()).isEmpty();
    }

    private static Labels series(int number) {
        return Labels.of("__name__", "up", "pod", "shop-" + number);
    }

    private void scrape(int from, int to, double value) throws IOException {
        try (Appender appender = db.tsdb.appender()) {
            for (int i = from; i < to; i++) {
                appender.append(appender.series(series(i)), db.nowMs(), value);
            }
            appender.commit();
        }
    }

    private void pass(Duration time) {
        db.scheduler.advance(time);
    }

    private long inHead() {
        return db.tsdb.stats().head().series();
    }

    /** Ten series for a while, of which five end. */
    private Map<String, List<String>> halfEnds() throws IOException {
        for (int minute = 0; minute < 10; minute++) {
            scrape(0, 10, minute);
            pass(Duration.ofMinutes(1));
        }
        scrape(0, 5, STALE);
        scrape(5, 10, 10);
        return db.all();
    }

    private void scrapeTheRest(int minutes) throws IOException {
        for (int minute = 0; minute < minutes; minute++) {
            pass(Duration.ofMinutes(1));
            scrape(5, 10, minute);
        }
    }

    @Test
    void seriesThatHaveEndedLeaveTheHeadAndCanBeReadFromABlock() throws IOException {
        Map<String, List<String>> before = halfEnds();
        scrapeTheRest(13);
        assertThat(inHead()).isEqualTo(5);
        assertThat(db.tsdb.blocks())
                .isNotEmpty()
                .allSatisfy(block -> assertThat(block.compaction().hints())
                        .containsExactly(BlockMeta.HINT_OUT_OF_ORDER, BlockMeta.HINT_STALE_SERIES));
        Map<String, List<String>> after = db.all();
        for (int i = 0; i < 5; i++) {
            assertThat(after.get(series(i).toString()))
                    .isEqualTo(before.get(series(i).toString()));
        }
        assertThat(after).hasSize(10);
        assertThat(db.tsdb.stats().staleSeriesLeft()).isEqualTo(5);
        assertThat(db.tsdb.stats().staleSeries()).isZero();
    }

    @Test
    void aSeriesWithSamplesOutOfOrderStaysInTheHead() throws IOException {
        db.tsdb.setOutOfOrderWindow(Duration.ofHours(1));
        db.outOfOrderWindow = Duration.ofHours(1);
        halfEnds();
        long lateMs = db.nowMs() - Duration.ofMinutes(5).toMillis() + 1;
        assertThat(db.append(series(0), lateMs, 77)).isEqualTo(AppendResult.ACCEPTED);
        Map<String, List<String>> before = db.all();
        assertThat(before.get(series(0).toString())).contains(lateMs + "=77");
        scrapeTheRest(13);
        assertThat(inHead()).isEqualTo(6);
        for (int i = 0; i < 5; i++) {
            assertThat(db.all().get(series(i).toString()))
                    .isEqualTo(before.get(series(i).toString()));
        }
        db.killAndRestart();
        assertThat(db.all().get(series(0).toString()))
                .isEqualTo(before.get(series(0).toString()));
    }

    @Test
    void theyStayAwayWhenTheLogIsReplayed() throws IOException {
        halfEnds();
        scrapeTheRest(13);
        Map<String, List<String>> before = db.all();
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(before);
        db.tsdb.maintain();
        db.tsdb.maintain();
        assertThat(inHead()).isEqualTo(5);
        assertThat(db.tsdb.blocks()).hasSize(1);
        db.restart();
        assertThat(db.all()).isEqualTo(before);
    }

    @Test
    void seriesThatComeBackGoOn() throws IOException {
        halfEnds();
        scrapeTheRest(13);
        Map<String, List<String>> before = db.all();
        long backMs = db.nowMs() + 1000;
        pass(Duration.ofSeconds(1));
        scrape(0, 2, 77);
        db.killAndRestart();
        Map<String, List<String>> after = db.all();
        List<String> expected = new ArrayList<>(before.get(series(0).toString()));
        expected.add(backMs + "=77");
        assertThat(after.get(series(0).toString())).isEqualTo(expected);
        assertThat(after.get(series(4).toString()))
                .isEqualTo(before.get(series(4).toString()));
    }

    @Test
    void blocksOfSeriesThatHaveEndedDoNotHideWhatTheHeadHasOfTheirTime() throws IOException {
        halfEnds();
        scrapeTheRest(600);
        Map<String, List<String>> all = db.all();
        assertThat(all.get(series(7).toString())).hasSize(611);
        assertThat(all.get(series(3).toString())).hasSize(11);
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(all);
    }

    @Test
    void nothingLeavesBelowTheThreshold() throws IOException {
        for (int minute = 0; minute < 10; minute++) {
            scrape(0, 100, minute);
            pass(Duration.ofMinutes(1));
        }
        scrape(0, 5, STALE);
        for (int minute = 0; minute < 20; minute++) {
            pass(Duration.ofMinutes(1));
            scrape(5, 100, minute);
        }
        assertThat(inHead()).isEqualTo(100);
        assertThat(db.tsdb.blocks()).isEmpty();
        assertThat(db.tsdb.stats().staleSeries()).isEqualTo(5);
        assertThat(db.tsdb.stats().staleSeriesLeft()).isZero();
    }

    @Test
    void anOpenQueryKeepsWhatItShows() throws IOException {
        Map<String, List<String>> before = halfEnds();
        try (Querier querier = db.tsdb.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            scrapeTheRest(15);
            assertThat(inHead()).isEqualTo(10);
            assertThat(TsdbFixture.read(querier, Long.MIN_VALUE, Long.MAX_VALUE, LabelMatcher.equal("__name__", "up")))
                    .isEqualTo(before);
        }
        scrapeTheRest(3);
        assertThat(inHead()).isEqualTo(5);
    }

    @Test
    void anOpenTransactionKeepsTheSeriesThatItUses() throws IOException {
        halfEnds();
        try (Appender appender = db.tsdb.appender()) {
            long ref = appender.series(series(1));
            scrapeTheRest(15);
            assertThat(inHead()).isEqualTo(10);
            appender.append(ref, db.nowMs(), 5);
            appender.commit();
        }
        scrapeTheRest(3);
        assertThat(inHead()).isEqualTo(6);
        assertThat(db.all().get(series(1).toString())).hasSize(12);
    }

    @Test
    void aFileSystemThatFailsDelaysIt() throws IOException {
        Map<String, List<String>> before = halfEnds();
        scrapeTheRest(10);
        for (int call = 1; call <= 12; call++) {
            int from = db.faulty().calls() + call;
            db.faulty().failCalls(c -> c.number() >= from && c.number() < from + 200);
            pass(Duration.ofMinutes(1));
            db.tsdb.maintain();
            db.faulty().heal();
            for (int i = 0; i < 5; i++) {
                assertThat(db.all().get(series(i).toString()))
                        .isEqualTo(before.get(series(i).toString()));
            }
        }
        scrapeTheRest(3);
        assertThat(inHead()).isEqualTo(5);
        db.killAndRestart();
        for (int i = 0; i < 5; i++) {
            assertThat(db.all().get(series(i).toString()))
                    .isEqualTo(before.get(series(i).toString()));
        }
    }

    /** A twentieth of the targets is replaced every minute, for twelve hours. */
    @Test
    void memoryFollowsTheSeriesThatAreAlive() throws IOException {
        int alive = 200;
        int replaced = alive / 20;
        long most = 0;
        long early = 0;
        for (int minute = 0; minute < 12 * 60; minute++) {
            int first = minute * replaced;
            scrape(first, first + alive, minute);
            pass(Duration.ofSeconds(30));
            scrape(first, first + replaced, STALE);
            pass(Duration.ofSeconds(30));
            most = Math.max(most, inHead());
            if (minute == 60) {
                early = db.memory.bytes();
            }
        }
        assertThat(most).as("series in memory, %s of them alive", alive).isLessThan(2L * alive + 10L * replaced);
        assertThat(db.memory.bytes()).as("after an hour: %s bytes", early).isLessThan(2 * early);
        assertThat(db.all()).hasSize(alive + (12 * 60 - 1) * replaced);
    }

    @Test
    void theThresholdMayChange() throws IOException {
        db.tsdb.setStaleSeriesThreshold(0);
        halfEnds();
        scrapeTheRest(15);
        assertThat(inHead()).isEqualTo(10);
        db.tsdb.setStaleSeriesThreshold(0.6);
        scrapeTheRest(3);
        assertThat(inHead()).isEqualTo(10);
        db.tsdb.setStaleSeriesThreshold(0.5);
        scrapeTheRest(3);
        assertThat(inHead()).isEqualTo(5);
    }
}
