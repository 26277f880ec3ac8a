// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.Appender;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.testkit.files.FaultyFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Start timestamps that come with samples; {@link RandomHistoryTest} has them in random lives, too. */
@ExtendWith(QuietLog.class)
class StartTimestampHeadTest {
    private static final Labels COUNTER = Labels.of("__name__", "counter");
    private static final Labels GAUGE = Labels.of("__name__", "gauge");
    private static final long STEP = 15_000;

    private final TsdbFixture db = new TsdbFixture();

    @AfterEach
    void close() throws IOException {
        db.close();
        assertThat(db.memory.bytes()).isZero();
    }

    /** So many scrapes of a counter that begins anew every 50 of them, and of a gauge. */
    private void scrape(int count, boolean telling) throws IOException {
        long begin = db.nowMs();
        for (int i = 0; i < count; i++) {
            long t = begin + STEP * i;
            try (Appender appender = db.tsdb.appender()) {
                long counter = appender.series(COUNTER);
                if (telling) {
                    appender.startTimestamp(counter, t, startMs(begin, i), false);
                }
                appender.append(counter, t, i % 50);
                appender.append(appender.series(GAUGE), t, 5);
                appender.commit();
            }
        }
    }

    private static long startMs(long begin, int scrape) {
        return begin + STEP * (scrape / 50 * 50L) - 1;
    }

    private List<Long> starts(Labels labels, SelectHints hints) {
        List<Long> starts = new ArrayList<>();
        SampleBuffer buffer = new SampleBuffer();
        try (Querier querier = db.tsdb.querier(hints.startMs(), hints.endMs())) {
            SeriesSet set =
                    querier.select(hints, List.of(LabelMatcher.equal("__name__", labels.getOrEmpty("__name__"))));
            while (set.next()) {
                set.samples(buffer);
            }
        }
        for (int i = 0; i < buffer.size(); i++) {
            starts.add(buffer.startTimestampMs(i));
        }
        return starts;
    }

    private List<Long> starts(Labels labels) {
        return starts(labels, SelectHints.range(Long.MIN_VALUE, Long.MAX_VALUE));
    }

    @Test
    void theyAreReadFromMemoryAndAfterAKill() throws IOException {
        db.startTimestamps = true;
        db.open();
        long begin = db.nowMs();
        scrape(300, true);
        List<Long> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            expected.add(startMs(begin, i));
        }
        assertThat(starts(COUNTER)).isEqualTo(expected);
        assertThat(starts(GAUGE)).hasSize(300).containsOnly(0L);
        assertThat(starts(COUNTER, SelectHints.newest(begin, begin + 299 * STEP)))
                .containsExactly(startMs(begin, 299));
        db.killAndRestart();
        assertThat(starts(COUNTER)).isEqualTo(expected);
    }

    @Test
    void aStalenessMarkerGoesOnWithThatOfTheSampleBefore() throws IOException {
        db.startTimestamps = true;
        db.open();
        long begin = db.nowMs();
        scrape(3, true);
        db.append(COUNTER, begin + 3 * STEP, StalenessMarker.VALUE);
        assertThat(starts(COUNTER)).containsOnly(startMs(begin, 0)).hasSize(4);
    }

    @Test
    void aSeriesWithoutThemHasTheChunksItHadAlways() throws IOException {
        db.startTimestamps = true;
        db.open();
        scrape(300, true);
        List<ChunkEncoding> counter = new ArrayList<>();
        List<ChunkEncoding> gauge = new ArrayList<>();
        try (Querier querier = db.tsdb.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            ChunkSeriesSet set = querier.chunks(
                    SelectHints.range(Long.MIN_VALUE, Long.MAX_VALUE), List.of(LabelMatcher.equal("job", "")));
            while (set.nextSeries()) {
                List<ChunkEncoding> into = set.labels().equals(COUNTER) ? counter : gauge;
                while (set.nextChunk()) {
                    into.add(set.encoding());
                }
            }
        }
        assertThat(counter).hasSizeGreaterThan(1).containsOnly(ChunkEncoding.XOR2);
        assertThat(gauge).hasSizeGreaterThan(1).containsOnly(ChunkEncoding.XOR);
    }

    @Test
    void withoutTheFeatureLogMemoryAndSamplesAreAsIfNoneHadBeenTold() throws IOException {
        byte[][] logs = new byte[2][];
        long[] memory = new long[2];
        for (int telling = 0; telling < 2; telling++) {
            db.files = new FaultyFiles();
            db.open();
            scrape(300, telling == 1);
            assertThat(starts(COUNTER)).hasSize(300).containsOnly(0L);
            memory[telling] = db.memory.bytes();
            logs[telling] = db.faulty().content(TsdbFixture.DATA.resolve(Path.of("wal", "00000000")));
            if (telling == 0) {
                db.close();
            }
        }
        assertThat(logs[1]).isEqualTo(logs[0]);
        assertThat(memory[1]).isEqualTo(memory[0]);
    }
}
