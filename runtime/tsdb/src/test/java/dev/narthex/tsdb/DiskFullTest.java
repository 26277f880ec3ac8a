// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Labels;
import dev.narthex.storage.Appender;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A disk without space: appends are refused with the reason, queries go on, and all resumes by itself. */
@ExtendWith(QuietLog.class)
class DiskFullTest {
    private static final long ROOM = 1L << 40;

    private final TsdbFixture db = new TsdbFixture();
    /** What was acknowledged. */
    private final Map<String, List<String>> model = new TreeMap<>();

    private int refused;

    @AfterEach
    void close() throws IOException {
        db.faulty().heal();
        db.faulty().capacityBytes(ROOM);
        db.close();
        assertThat(db.memory.bytes()).isZero();
        db.faulty().assertNoOpenFiles();
    }

    private long usedBytes() throws IOException {
        db.faulty().capacityBytes(ROOM);
        return ROOM - db.faulty().usableBytes(TsdbFixture.DATA);
    }

    /** One scrape of twenty series. */
    private void scrape(double value) {
        try (Appender appender = db.tsdb.appender()) {
            for (int i = 0; i < 20; i++) {
                appender.append(appender.series(labels(i)), db.nowMs(), value + i);
            }
            appender.commit();
            for (int i = 0; i < 20; i++) {
                model.computeIfAbsent(labels(i).toString(), _ -> new ArrayList<>())
                        .add(db.nowMs() + "=" + TsdbFixture.text(value + i));
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
            refused++;
        }
    }

    private static Labels labels(int number) {
        return Labels.of("__name__", "m", "i", "i" + number);
    }

    private void scrapeFor(Duration time) {
        for (int minute = 0; minute < time.toMinutes(); minute++) {
            db.scheduler.advance(Duration.ofMinutes(1));
            scrape(minute);
        }
    }

    /** The disk is filled up at a time of each hour, so that logs, chunk files, blocks and checkpoints meet its end. */
    @Test
    void everythingResumesWhenSpaceIsBack() throws IOException {
        db.segmentBytes = 32 << 10;
        db.chunkRange = Duration.ofMinutes(30);
        db.open();
        for (int hour = 0; hour < 8; hour++) {
            scrapeFor(Duration.ofMinutes(40));
            db.faulty().capacityBytes(usedBytes() + 700L * hour);
            int before = refused;
            scrapeFor(Duration.ofMinutes(20));
            assertThat(db.all()).as("queries go on, hour %s", hour).isEqualTo(model);
            assertThat(refused).as("hour %s", hour).isGreaterThan(before);
            db.faulty().capacityBytes(ROOM);
            before = refused;
            scrapeFor(Duration.ofMinutes(5));
            assertThat(refused).isEqualTo(before);
        }
        assertThat(db.tsdb.stats().blocks().cuts()).isGreaterThan(3);
        assertThat(db.all()).isEqualTo(model);
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(model);
    }

    @Test
    void aStartOnAFullDiskAnswersQueriesAndTakesAppendsWhenSpaceIsBack() throws IOException {
        db.open();
        scrapeFor(Duration.ofMinutes(30));
        db.files = db.faulty().kill();
        db.faulty().capacityBytes(usedBytes());
        db.begin();
        scrapeFor(Duration.ofMinutes(1));
        assertThat(refused).isEqualTo(1);
        db.tsdb.replay();
        assertThat(db.all()).isEqualTo(model);
        scrapeFor(Duration.ofMinutes(2));
        assertThat(refused).isEqualTo(3);
        db.faulty().capacityBytes(ROOM);
        scrapeFor(Duration.ofMinutes(2));
        assertThat(refused).isEqualTo(3);
        assertThat(db.all()).isEqualTo(model);
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(model);
    }
}
