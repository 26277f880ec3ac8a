// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.MatchOp;
import dev.narthex.testkit.random.Seed;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FormerLabelsTest {
    private final FormerLabels former = new FormerLabels();
    private final LabelBytes labels = new LabelBytes();

    private void take(int firstPair, String... namesAndValues) {
        labels.set(Labels.of(namesAndValues));
        byte[] page = new byte[4 * labels.count() + 3];
        for (int i = 0; i < labels.count(); i++) {
            page[3 + 4 * i + 3] = (byte) (firstPair + i);
        }
        former.replace(labels, page, 3);
    }

    @Test
    void aLabelOfTheFormerSetIsFoundWhereverItStands() {
        take(1, "a", "1", "b", "2", "c", "3");
        labels.set(Labels.of("a", "2", "aa", "1", "c", "3"));
        assertThat(former.pair(labels, 0)).isZero();
        assertThat(former.pair(labels, 1)).isZero();
        assertThat(former.pair(labels, 2)).isEqualTo(3);
        labels.set(Labels.of("b", "2", "c", "3", "d", "4", "e", "5", "f", "6"));
        assertThat(former.pair(labels, 0)).isEqualTo(2);
        assertThat(former.pair(labels, 1)).isEqualTo(3);
        assertThat(former.pair(labels, 4)).isZero();
    }

    @Test
    void nameAndValueAreToldApart() {
        // The same bytes from the name to the value, but for where the name ends.
        take(1, "a", "\u0001b");
        labels.set(Labels.of("a\u0002", "b"));
        assertThat(former.pair(labels, 0)).isZero();
    }

    @Test
    void nothingIsLeftOfASetThatWasReplacedOrForgotten() {
        take(1, "a", "1", "b", "2");
        take(3, "b", "2");
        labels.set(Labels.of("a", "1", "b", "2"));
        assertThat(former.pair(labels, 0)).isZero();
        assertThat(former.pair(labels, 1)).isEqualTo(3);
        former.clear();
        assertThat(former.pair(labels, 1)).isZero();
    }

    @Test
    void seriesKeepTheirLabelsWhileOthersComeAndGo() {
        Random random = Seed.of(FormerLabelsTest.class).random();
        try (HeadFixture db = new HeadFixture()) {
            for (int round = 1; round < 60; round++) {
                Map<Labels, List<Long>> expected = new TreeMap<>();
                long timestampMs = 1_000L * round;
                for (int i = random.nextInt(40); i >= 0; i--) {
                    LabelsBuilder builder = Labels.builder();
                    builder.set("n" + random.nextInt(3), "v" + random.nextInt(4));
                    for (int label = random.nextInt(6); label > 0; label--) {
                        builder.set("n" + random.nextInt(8), "v" + random.nextInt(3));
                    }
                    Labels series = builder.build();
                    if (expected.put(series, List.of(timestampMs)) == null) {
                        db.commit(timestampMs, 1, series);
                    }
                }
                db.head.truncate(timestampMs); // what has no sample now goes after one round more
                assertThat(db.times(LabelMatcher.of(MatchOp.NOT_EQUAL, "none", "x")))
                        .isEqualTo(expected);
                for (int value = 0; value < 4; value++) {
                    String text = "v" + value;
                    Map<Labels, List<Long>> matching = new TreeMap<>(expected);
                    matching.keySet().removeIf(series -> !text.equals(series.get("n0")));
                    assertThat(db.times(LabelMatcher.of(MatchOp.EQUAL, "n0", text)))
                            .isEqualTo(matching);
                }
            }
        }
    }
}
