// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.random.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Records are looked for behind the one before: nothing may come to another series by that. */
class FoundRecordsTest {
    private static final int SERIES = 300;
    private static final LabelMatcher ALL = LabelMatcher.equal(Labels.METRIC_NAME, "m");

    private static Labels series(int number) {
        return Labels.of(Labels.METRIC_NAME, "m", "number", Integer.toString(number));
    }

    @Test
    void samplesComeToTheirSeriesInAnyOrderOfReferences() throws IOException {
        Random random = Seed.of(FoundRecordsTest.class).random();
        try (HeadFixture db = new HeadFixture()) {
            List<Integer> order = new ArrayList<>();
            long[] refs = new long[SERIES];
            try (Appender appender = db.head.appender()) {
                for (int i = 0; i < SERIES; i++) {
                    refs[i] = appender.series(series(i));
                    order.add(i);
                }
            }
            Map<Labels, List<Long>> expected = new TreeMap<>();
            for (long timestampMs = 1; timestampMs < 20; timestampMs++) {
                Collections.shuffle(order.subList(0, random.nextInt(SERIES)), random);
                try (Appender appender = db.head.appender()) {
                    for (int i : order) {
                        if (random.nextInt(4) > 0) {
                            assertThat(appender.append(refs[i], timestampMs, i)).isEqualTo(AppendResult.ACCEPTED);
                            expected.computeIfAbsent(series(i), _ -> new ArrayList<>())
                                    .add(timestampMs);
                        }
                    }
                    appender.commit();
                }
            }
            assertThat(db.times(ALL)).isEqualTo(expected);
        }
    }

    @Test
    void aReferenceWithoutSeriesIsUnknownWhereverItIsTried() throws IOException {
        try (HeadFixture db = new HeadFixture()) {
            db.commit(1, 1, series(0), series(1), series(2));
            try (Appender appender = db.head.appender()) {
                long first = appender.series(series(0));
                for (long wrong : new long[] {0, -1, first + 3, first + 1_000_000, Long.MIN_VALUE, Long.MAX_VALUE}) {
                    assertThat(appender.append(first, 2, 1)).isEqualTo(AppendResult.ACCEPTED);
                    assertThat(appender.append(wrong, 2, 1)).isEqualTo(AppendResult.UNKNOWN_SERIES);
                }
            }
        }
    }

    @Test
    void aSeriesThatHasGoneIsUnknownBehindOneThatStays() throws IOException {
        try (HeadFixture db = new HeadFixture()) {
            db.commit(1, 1, series(0), series(1));
            long stays;
            long goes;
            try (Appender appender = db.head.appender()) {
                stays = appender.series(series(0));
                goes = appender.series(series(1));
            }
            db.commit(10_000, 1, series(0));
            for (int round = 0; round < 3; round++) {
                db.head.truncate(5_000); // what has no sample goes after a whole round
            }
            db.commit(10_001, 1, series(2)); // in the place of the one that has gone
            try (Appender appender = db.head.appender()) {
                assertThat(appender.append(stays, 10_002, 1)).isEqualTo(AppendResult.ACCEPTED);
                assertThat(appender.append(goes, 10_002, 1)).isEqualTo(AppendResult.UNKNOWN_SERIES);
                appender.commit();
            }
            assertThat(db.times(ALL))
                    .isEqualTo(Map.of(series(0), List.of(10_000L, 10_002L), series(2), List.of(10_001L)));
        }
    }
}
