// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.testkit.random.Seed;
import dev.narthex.tsdb.chunk.RandomHistograms;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Histograms with integer and float counts, of exponential and custom buckets, on their way through blocks and merges. */
@ExtendWith(QuietLog.class)
class HistogramBlocksTest {
    private static final int SERIES = 6;

    private final TsdbFixture db = new TsdbFixture();
    private final Map<String, List<String>> expected = new TreeMap<>();
    private long kinds;

    @AfterEach
    void close() throws IOException {
        db.close();
    }

    /** A histogram of each series every two minutes of so many hours, floats among those of one. */
    private void write(Random random, int hours) throws IOException {
        List<RandomHistograms> histograms = new ArrayList<>();
        for (int s = 0; s < SERIES; s++) {
            histograms.add(new RandomHistograms(random, s % 2 == 0));
        }
        for (int i = 0; i < 30 * hours; i++) {
            try (Appender appender = db.tsdb.appender()) {
                for (int s = 0; s < SERIES; s++) {
                    Labels labels = Labels.of("__name__", "h", "s", Integer.toString(s));
                    long ref = appender.series(labels);
                    String text;
                    if (s == 0 && i % 50 > 40) {
                        assertThat(appender.append(ref, db.nowMs(), i)).isEqualTo(AppendResult.ACCEPTED);
                        text = HistogramMeaning.of(i);
                    } else {
                        NativeHistogram next = histograms.get(s).next();
                        kinds |= 1L << (next.layout().hasCustomBuckets() ? 2 : 0) << (s % 2);
                        assertThat(appender.append(ref, db.nowMs(), next)).isEqualTo(AppendResult.ACCEPTED);
                        text = HistogramMeaning.of(next);
                    }
                    expected.computeIfAbsent(labels.toString(), _ -> new ArrayList<>())
                            .add(db.nowMs() + " " + text);
                }
                appender.commit();
            }
            db.scheduler.advance(Duration.ofMinutes(2));
        }
    }

    private Map<String, List<String>> read() {
        Map<String, List<String>> found = new TreeMap<>();
        SampleBuffer buffer = new SampleBuffer();
        try (Querier querier = db.tsdb.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            SeriesSet set = querier.select(
                    SelectHints.range(Long.MIN_VALUE, Long.MAX_VALUE), List.of(LabelMatcher.equal("__name__", "h")));
            while (set.next()) {
                buffer.clear();
                set.samples(buffer);
                List<String> samples = new ArrayList<>();
                for (int i = 0; i < buffer.size(); i++) {
                    samples.add(HistogramMeaning.of(buffer, i));
                }
                found.put(set.labels().toString(), samples);
            }
        }
        return found;
    }

    @Test
    void histogramsOfAllKindsGoThroughBlocksAndMerges() throws IOException {
        Random random = Seed.of(HistogramBlocksTest.class).random();
        db.open();
        write(random, 30);
        assertThat(kinds)
                .as("integer and float counts, exponential and custom buckets")
                .isEqualTo(15);
        assertThat(db.tsdb.stats().blocks().cuts()).isGreaterThan(10);
        assertThat(db.tsdb.stats().blocks().compactions()).isGreaterThan(3);
        assertThat(db.tsdb.stats().blocks().failedCompactions()).isZero();
        assertThat(db.tsdb.blocks()).anyMatch(meta -> meta.compaction().level() > 2);
        assertThat(read()).isEqualTo(expected);
        db.restart();
        assertThat(read()).isEqualTo(expected);
        assertThat(db.tsdb.blocks().stream()
                        .mapToLong(meta -> meta.stats().histogramSamples())
                        .sum())
                .isPositive();

        // A deletion in the middle of chunks: what is left of them is encoded anew.
        long from = db.nowMs() - Duration.ofHours(20).toMillis() + 7;
        long to = from + Duration.ofHours(3).toMillis();
        db.tsdb.delete(from, to, List.of(LabelMatcher.equal("__name__", "h")));
        Predicate<String> kept = sample -> {
            long t = Long.parseLong(sample.substring(0, sample.indexOf(' ')));
            return t < from || t > to;
        };
        expected.replaceAll((_, samples) -> samples.stream().filter(kept).toList());
        assertThat(read()).isEqualTo(expected);
        db.tsdb.cleanTombstones();
        assertThat(db.tsdb.stats().blocks().failedCompactions()).isZero();
        assertThat(read()).isEqualTo(expected);
        db.killAndRestart();
        assertThat(read()).isEqualTo(expected);
    }
}
