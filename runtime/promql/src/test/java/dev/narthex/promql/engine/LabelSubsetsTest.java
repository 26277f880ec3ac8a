// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.testkit.random.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSubsetsTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void areTheNamedLabelsOrAllOthersOneObjectForEach(boolean keep) {
        Random random = Seed.of(LabelSubsetsTest.class).random();
        List<String> names = List.of("l1", "l4", "l18");
        LabelSubsets subsets = new LabelSubsets(names, keep);
        Map<Labels, Labels> known = new HashMap<>();
        for (int i = 0; i < 5000; i++) {
            Labels series = series(random, i);
            Labels expected = keep ? series.keep(names) : series.without(names);
            Labels found = subsets.find(series);
            assertThat(found).isSameAs(known.get(expected));
            Labels subset = subsets.of(series);
            assertThat(subset).isEqualTo(expected);
            known.putIfAbsent(expected, subset);
            assertThat(subset).isSameAs(known.get(expected));
            assertThat(subsets.find(series)).isSameAs(subset);
        }
    }

    /** Up to 20 labels of few values; the names are not the same objects from series to series. */
    private static Labels series(Random random, int number) {
        LabelsBuilder labels = new LabelsBuilder();
        List<Integer> positions = new ArrayList<>();
        for (int l = 0; l < 20; l++) {
            if (random.nextInt(number % 7 == 0 ? 2 : 9) == 0) {
                positions.add(l);
            }
        }
        positions.forEach(l -> labels.set("l" + l, "v" + random.nextInt(3)));
        return labels.build();
    }
}
