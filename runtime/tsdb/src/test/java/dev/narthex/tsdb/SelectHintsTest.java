// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.Appender;
import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What readers ask for, over blocks and head at once: some series are in blocks only, some in the head only. */
@ExtendWith(QuietLog.class)
class SelectHintsTest {
    private static final int SERIES = 60;
    private static final List<LabelMatcher> ALL = List.of(LabelMatcher.equal("__name__", "m"));

    private final TsdbFixture db = new TsdbFixture();
    private final Map<Labels, Integer> whole = new TreeMap<>();

    @BeforeEach
    void write() throws IOException {
        db.open();
        for (int i = 0; i < 12 * 10; i++) {
            try (Appender appender = db.tsdb.appender()) {
                for (int s = 0; s < SERIES; s++) {
                    boolean old = i < 60;
                    if (s % 3 == 0 || old == (s % 3 == 1)) {
                        Labels labels = Labels.of("__name__", "m", "s", Integer.toString(s));
                        appender.append(appender.series(labels), db.nowMs(), i);
                        whole.merge(labels, 1, Integer::sum);
                    }
                }
                appender.commit();
            }
            db.scheduler.advance(Duration.ofMinutes(5));
        }
        assertThat(db.tsdb.blocks()).hasSizeGreaterThan(1);
        assertThat(db.tsdb.stats().head().series()).isLessThan(SERIES);
    }

    @AfterEach
    void close() throws IOException {
        db.close();
    }

    private static SelectHints hints(boolean sorted, int limit, int shard, int shards) {
        return new SelectHints(Long.MIN_VALUE, Long.MAX_VALUE, 0, 0, "", sorted, limit, shard, shards);
    }

    /** How many samples each series has, in the order in which the series came. */
    private List<Map.Entry<Labels, Integer>> select(SelectHints hints) {
        List<Map.Entry<Labels, Integer>> found = new ArrayList<>();
        SampleBuffer samples = new SampleBuffer();
        try (Querier querier = db.tsdb.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            SeriesSet set = querier.select(hints, ALL);
            while (set.next()) {
                samples.clear();
                set.samples(samples);
                found.add(Map.entry(set.labels(), samples.size()));
            }
        }
        return found;
    }

    @Test
    void shardsTogetherAreAllSeriesEachOnceAndWhole() {
        for (int shards : new int[] {1, 2, 3, 7}) {
            Map<Labels, Integer> all = new TreeMap<>();
            int most = 0;
            for (int shard = 0; shard < shards; shard++) {
                List<Map.Entry<Labels, Integer>> found = select(hints(shard % 2 == 0, 0, shard, shards));
                found.forEach(entry ->
                        assertThat(all.put(entry.getKey(), entry.getValue())).isNull());
                most = Math.max(most, found.size());
            }
            assertThat(all).isEqualTo(whole);
            assertThat(most).isLessThanOrEqualTo(shards == 1 ? SERIES : SERIES * 3 / 4);
        }
    }

    @Test
    void aSeriesIsInTheSameShardForEveryTimeRange() {
        Set<Labels> shard = new HashSet<>();
        select(hints(true, 0, 1, 3)).forEach(entry -> shard.add(entry.getKey()));
        try (Querier newest =
                db.tsdb.querier(db.nowMs() - Duration.ofMinutes(30).toMillis(), Long.MAX_VALUE)) {
            SeriesSet set = newest.select(hints(true, 0, 1, 3), ALL);
            int count = 0;
            while (set.next()) {
                assertThat(shard).contains(set.labels());
                count++;
            }
            assertThat(count).isPositive();
        }
    }

    @Test
    void aLimitEndsTheSelectionAndTheSeriesBeforeItAreWhole() {
        for (int limit : new int[] {1, 7, SERIES, SERIES + 1}) {
            List<Map.Entry<Labels, Integer>> found = select(hints(true, limit, 0, 0));
            assertThat(found).hasSize(Math.min(limit, SERIES));
            assertThat(found).isSortedAccordingTo(Comparator.comparing(Map.Entry::getKey));
            assertThat(found).allMatch(entry -> whole.entrySet().contains(entry));
        }
        assertThat(select(hints(true, 4, 1, 2))).hasSize(4);
    }

    @Test
    void chunksAreThoseOfTheShardAndHaveAllItsSamples() {
        Map<Labels, Integer> chunked = new TreeMap<>();
        for (int shard = 0; shard < 2; shard++) {
            try (Querier querier = db.tsdb.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
                ChunkSeriesSet set = querier.chunks(hints(true, 0, shard, 2), ALL);
                while (set.nextSeries()) {
                    int count = 0;
                    long last = Long.MIN_VALUE;
                    while (set.nextChunk()) {
                        assertThat(set.minTimeMs()).isGreaterThan(last);
                        last = set.maxTimeMs();
                        count += (set.bytes()[0] & 0xff) << 8 | (set.bytes()[1] & 0xff);
                    }
                    assertThat(chunked.put(set.labels(), count)).isNull();
                }
            }
        }
        assertThat(chunked).isEqualTo(whole);
    }
}
