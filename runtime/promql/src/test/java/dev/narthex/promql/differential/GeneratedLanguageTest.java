// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.time.Ticker;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.promql.promqltest.MemoryStorage;
import dev.narthex.promql.syntax.AggregateOp;
import dev.narthex.promql.syntax.BinaryOp;
import dev.narthex.promql.syntax.Functions;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.promql.value.QueryException;
import dev.narthex.promql.value.QueryResult;
import dev.narthex.promql.value.Value;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * All of the language is in the queries that a real Prometheus is asked ({@link PrometheusDifferentialIT}), and most of
 * what is asked has an answer with something in it.
 */
class GeneratedLanguageTest {
    private static final int SEED = 20_260_101;
    private static final int QUERIES = 4_000;
    private static final int LEAST = 2;

    private static final List<Set<PromqlFeature>> FEATURES = List.of(
            EnumSet.of(PromqlFeature.EXPERIMENTAL_FUNCTIONS),
            EnumSet.of(PromqlFeature.EXPERIMENTAL_FUNCTIONS, PromqlFeature.DELAYED_NAME_REMOVAL),
            EnumSet.of(PromqlFeature.EXPERIMENTAL_FUNCTIONS, PromqlFeature.EXTENDED_RANGE_SELECTORS),
            EnumSet.of(PromqlFeature.EXPERIMENTAL_FUNCTIONS, PromqlFeature.BINARY_FILL_MODIFIERS));

    /** Where most series are there, and no start timestamps. */
    private static final Set<String> MOSTLY_EMPTY = Set.of("absent", "absent_over_time", "start_timestamp");

    private static final Map<String, Uses> USES = new TreeMap<>();

    /** How often something was asked for, and how often there was something in the answer. */
    private record Uses(int all, int answered) {
        Uses plus(boolean answer) {
            return new Uses(all + 1, answered + (answer ? 1 : 0));
        }
    }

    @BeforeAll
    static void ask() {
        Random random = new Random(SEED);
        for (boolean histograms : new boolean[] {false, true}) {
            for (Set<PromqlFeature> features : FEATURES) {
                ask(features, histograms, random);
            }
        }
    }

    private static void ask(Set<PromqlFeature> features, boolean histograms, Random random) {
        boolean fills = features.contains(PromqlFeature.BINARY_FILL_MODIFIERS);
        boolean extended = features.contains(PromqlFeature.EXTENDED_RANGE_SELECTORS);
        Supplier<String> queries = histograms
                ? new RandomHistogramQuery(random, fills, extended)::next
                : new RandomQuery(random, fills, extended)::next;
        MemoryStorage storage = RandomData.generate(random);
        try (PromqlEngine engine =
                new PromqlEngine(PromqlEngineConfig.defaults().withFeatures(features), Ticker.system())) {
            for (int i = 0; i < QUERIES / (2 * FEATURES.size()); i++) {
                String query = queries.get();
                boolean answered = isAnswered(engine, storage, query, random);
                new Wordlist(engine.parse(query))
                        .words()
                        .forEach(word ->
                                USES.merge(word, new Uses(1, answered ? 1 : 0), (uses, _) -> uses.plus(answered)));
            }
        }
    }

    private static boolean isAnswered(PromqlEngine engine, MemoryStorage storage, String query, Random random) {
        long startMs = RandomData.START_MS + 600_000 + random.nextInt(6000) * 1000L;
        QueryResult result;
        try {
            result = random.nextInt(3) == 0 || query.endsWith("]")
                    ? engine.instant(storage, query, startMs)
                    : engine.range(storage, query, startMs, startMs + 600_000, 60_000);
        } catch (QueryException _) {
            return false;
        }
        return switch (result.value()) {
            case Value.Scalar _, Value.Text _ -> true;
            case Value.Vector vector -> !vector.samples().isEmpty();
            case Value.Matrix matrix -> !matrix.series().isEmpty();
        };
    }

    private static Set<String> language() {
        Set<String> words = new TreeSet<>(Functions.names());
        Stream.of(AggregateOp.values()).map(AggregateOp::text).forEach(words::add);
        Stream.of(BinaryOp.values()).map(BinaryOp::symbol).forEach(words::add);
        words.addAll(Wordlist.MODIFIERS);
        return words;
    }

    @Test
    void allOfTheLanguageIsAsked() {
        List<String> missing = new ArrayList<>();
        for (String word : language()) {
            int all = USES.getOrDefault(word, new Uses(0, 0)).all();
            if (all < LEAST) {
                missing.add(word + ": " + all);
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void mostOfItHasAnAnswer() {
        List<String> empty = new ArrayList<>();
        USES.forEach((word, uses) -> {
            if (uses.answered() * 2 < uses.all() && !MOSTLY_EMPTY.contains(word)) {
                empty.add(word + ": " + uses);
            }
        });
        assertThat(empty).isEmpty();
    }
}
