// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.MatchOp;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.testkit.random.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordSelectionTest {
    /** Prefixes of each other, and such as UTF-16 orders otherwise than their bytes are. */
    private static final List<String> WORDS =
            List.of("a", "aa", "ab", "b", "B", "_", "z", "ü", "\uffee", "\ud83d\ude00", "a\ud83d\ude00", "a\uffee");

    private final HeadFixture db = new HeadFixture();

    @AfterEach
    void close() {
        db.close();
        assertThat(db.memory.bytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 100, 3_000})
    void seriesComeInTheOrderOfTheirLabels(int count) {
        Random random = Seed.of(RecordSelectionTest.class).random();
        Set<Labels> distinct = new TreeSet<>();
        while (distinct.size() < count) {
            LabelsBuilder labels = new LabelsBuilder();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                labels.set(word(random), word(random) + word(random));
            }
            distinct.add(labels.build());
        }
        List<Labels> shuffled = new ArrayList<>(distinct);
        Collections.shuffle(shuffled, random);
        db.commit(1000, 1, shuffled.toArray(Labels[]::new));

        List<Labels> found = new ArrayList<>();
        try (Querier querier = db.head.querier(0, Long.MAX_VALUE)) {
            SeriesSet series = querier.select(
                    SelectHints.range(0, Long.MAX_VALUE), List.of(LabelMatcher.of(MatchOp.NOT_EQUAL, "none", "none")));
            while (series.next()) {
                found.add(series.labels());
            }
        }

        assertThat(found).containsExactlyElementsOf(distinct);
    }

    private static String word(Random random) {
        return WORDS.get(random.nextInt(WORDS.size()));
    }
}
