// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.MatchOp;
import dev.narthex.model.Utf8Order;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.testkit.random.Seed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeriesSelectorTest {
    private static final List<MatchOp> OPS = List.of(MatchOp.values());
    private static final List<String> REGEXES = List.of(
            "",
            ".*",
            ".+",
            "v1",
            "v1|v2",
            "v1|v2|none",
            "v.*",
            "v1.*",
            "v1.+",
            ".*2",
            ".+2",
            ".*1.*",
            "v[12]",
            "none",
            "(v1|v2)",
            "|v1",
            "v1|",
            "v\\d+",
            "(?i)V1",
            "v1\\.x|v2",
            "ü.*",
            ".",
            "v1?",
            "v1|v1",
            "[^v].*");

    private final HeadFixture db = new HeadFixture();
    private final List<Labels> all = new ArrayList<>();

    @AfterEach
    void close() {
        db.close();
        assertThat(db.memory.bytes()).isZero();
    }

    @Test
    void findsWhatTheMatchersMeanForRandomSeriesAndMatchers() {
        Random random = Seed.of(SeriesSelectorTest.class).random();
        Set<Labels> distinct = new HashSet<>();
        while (distinct.size() < 400) {
            distinct.add(randomLabels(random));
        }
        all.addAll(distinct);
        db.commit(1000, 1, all.toArray(Labels[]::new));
        for (int run = 0; run < 1500; run++) {
            if (run == 700) {
                removeHalf(random);
            }
            List<LabelMatcher> matchers = new ArrayList<>();
            for (int m = random.nextInt(1, 4); m > 0; m--) {
                matchers.add(randomMatcher(random));
            }
            List<Labels> expected = all.stream()
                    .filter(labels -> matchers.stream().allMatch(matcher -> matcher.matches(labels)))
                    .sorted()
                    .toList();
            assertThat(select(matchers)).as(matchers.toString()).isEqualTo(expected);
            assertNamesAndValues(matchers, expected, "l" + random.nextInt(4));
        }
    }

    private static Labels randomLabels(Random random) {
        LabelsBuilder labels = Labels.builder().set("unique", "u" + random.nextInt(1000));
        for (int l = 0; l < 4; l++) {
            int value = random.nextInt(5 + 20 * l);
            if (value < 4 + 19 * l) {
                labels.set("l" + l, value == 3 ? "ünder" : value == 4 ? "v1.x" : "v" + value);
            }
        }
        return labels.build();
    }

    private static LabelMatcher randomMatcher(Random random) {
        MatchOp op = OPS.get(random.nextInt(OPS.size()));
        String name = random.nextInt(8) == 0 ? "nowhere" : random.nextInt(8) == 0 ? "unique" : "l" + random.nextInt(4);
        String value = op.isRegex()
                ? REGEXES.get(random.nextInt(REGEXES.size()))
                : random.nextInt(5) == 0 ? "" : "v" + random.nextInt(12);
        return LabelMatcher.of(op, name, value);
    }

    /** Half of the series get a newer sample, then the rest is collected and its slots are used again. */
    private void removeHalf(Random random) {
        all.removeIf(labels -> random.nextBoolean());
        db.commit(5000, 2, all.toArray(Labels[]::new));
        db.head.truncate(2000);
        db.head.truncate(2000);
        assertThat(db.head.stats().series()).isEqualTo(all.size());
        Set<Labels> more = new HashSet<>();
        while (more.size() < 100) {
            Labels labels = randomLabels(random);
            if (!all.contains(labels)) {
                more.add(labels);
            }
        }
        all.addAll(more);
        db.commit(6000, 3, more.toArray(Labels[]::new));
    }

    private List<Labels> select(List<LabelMatcher> matchers) {
        try (Querier querier = db.head.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            List<Labels> found = new ArrayList<>();
            SeriesSet set = querier.select(SelectHints.range(0, 10_000), matchers);
            while (set.next()) {
                found.add(set.labels());
            }
            return found;
        }
    }

    private void assertNamesAndValues(List<LabelMatcher> matchers, List<Labels> expected, String name) {
        Set<String> names = new TreeSet<>(Utf8Order.COMPARATOR);
        Set<String> values = new TreeSet<>(Utf8Order.COMPARATOR);
        for (Labels labels : expected) {
            for (int i = 0; i < labels.size(); i++) {
                names.add(labels.name(i));
            }
            if (labels.has(name)) {
                values.add(labels.getOrEmpty(name));
            }
        }
        try (Querier querier = db.head.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            assertThat(querier.labelNames(matchers)).isEqualTo(List.copyOf(names));
            assertThat(querier.labelValues(name, matchers)).isEqualTo(List.copyOf(values));
        }
    }

    @Test
    void namesAndValuesWithoutMatchersAreThoseOfAllSeries() {
        db.commit(1, 1, Labels.of("a", "1", "b", "2"), Labels.of("a", "3"), Labels.of("c", "é"));
        try (Querier querier = db.head.querier(0, 10)) {
            assertThat(querier.labelNames(List.of())).containsExactly("a", "b", "c");
            assertThat(querier.labelValues("a", List.of())).containsExactly("1", "3");
            assertThat(querier.labelValues("none", List.of())).isEmpty();
        }
        try (Querier querier = db.head.querier(5, 10)) {
            assertThat(querier.labelNames(List.of())).isEmpty();
        }
    }

    @Test
    void unsortedSelectionHasTheSameSeries() {
        for (int i = 0; i < 50; i++) {
            db.commit(1, 1, Labels.of("__name__", "m", "i", Integer.toString(i * 7 % 50)));
        }
        try (Querier querier = db.head.querier(0, 10)) {
            SeriesSet set = querier.select(
                    new SelectHints(0, 10, 0, 0, "", false), List.of(LabelMatcher.equal("__name__", "m")));
            Set<Labels> found = new HashSet<>();
            while (set.next()) {
                found.add(set.labels());
            }
            assertThat(found).hasSize(50);
        }
    }
}
