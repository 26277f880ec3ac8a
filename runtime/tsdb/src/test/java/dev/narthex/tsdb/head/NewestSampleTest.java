// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.testkit.random.Seed;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads that ask for the newest sample of each series only. */
class NewestSampleTest {
    private static final List<LabelMatcher> ALL = List.of(LabelMatcher.equal("__name__", "m"));
    private static final Labels A = Labels.of("__name__", "m", "s", "a");

    private final HeadFixture db = new HeadFixture();

    @AfterEach
    void close() {
        db.close();
        assertThat(db.memory.bytes()).isZero();
    }

    /** The sample that a reader of the newest one ends up with, empty where there is none: timestamp and value. */
    private String newest(Querier querier, SelectHints hints) {
        SampleBuffer samples = new SampleBuffer();
        SeriesSet set = querier.select(hints, ALL);
        while (set.next()) {
            set.samples(samples);
        }
        int last = samples.size() - 1;
        return last < 0 ? "" : samples.timestampMs(last) + "=" + samples.value(last);
    }

    private SampleBuffer read(long mintMs, long maxtMs) {
        SampleBuffer samples = new SampleBuffer();
        try (Querier querier = db.head.querier(mintMs, maxtMs)) {
            SeriesSet set = querier.select(SelectHints.newest(mintMs, maxtMs), ALL);
            while (set.next()) {
                set.samples(samples);
            }
        }
        return samples;
    }

    @Test
    void oneSampleIsReadOfASeriesWhoseLastIsWanted() {
        for (int i = 0; i < 100; i++) {
            db.commit(1000L * i, i, A);
        }
        SampleBuffer samples = read(0, 99_000);
        assertThat(samples.size()).isEqualTo(1);
        assertThat(samples.timestampMs(0)).isEqualTo(99_000);
        assertThat(samples.value(0)).isEqualTo(99);
    }

    @Test
    void isThatOfAPlainReadWhateverTheRangeAndTheCommitsSince() throws IOException {
        Random random = Seed.of(NewestSampleTest.class).random();
        for (int i = 0; i < 300; i++) {
            long beforeMs = 1000L * i;
            try (Querier former = db.head.querier(0, 1_000_000)) {
                db.commit(beforeMs, random.nextInt(5), A);
                db.commit(beforeMs + 1, i, A);
                if (i % 50 == 7) {
                    db.head.delete(beforeMs - 5000, beforeMs - random.nextInt(3), ALL);
                }
                try (Appender appender = db.head.appender()) {
                    appender.append(appender.series(A), beforeMs + 2, -1);
                    assertSame(former, 0, 1_000_000);
                    appender.rollback();
                }
                assertSame(former, 0, 1_000_000);
            }
            long mintMs = random.nextLong(beforeMs + 2);
            long maxtMs = mintMs + random.nextLong(beforeMs + 2);
            try (Querier querier = db.head.querier(mintMs, maxtMs)) {
                assertSame(querier, mintMs, maxtMs);
            }
        }
    }

    private void assertSame(Querier querier, long mintMs, long maxtMs) {
        assertThat(newest(querier, SelectHints.newest(mintMs, maxtMs)))
                .isEqualTo(newest(querier, new SelectHints(mintMs, maxtMs, 0, 0, "", false)));
    }

    @Test
    void aDeletedOneIsNotRead() throws IOException {
        for (int i = 0; i < 10; i++) {
            db.commit(1000L * i, i, A);
        }
        int _ = db.head.delete(9000, 9000, ALL);
        SampleBuffer samples = read(0, 20_000);
        assertThat(samples.timestampMs(samples.size() - 1)).isEqualTo(8000);
    }
}
