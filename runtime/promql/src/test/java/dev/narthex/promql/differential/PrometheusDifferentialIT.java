// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.time.Ticker;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.value.QueryException;
import dev.narthex.storage.Queryable;
import dev.narthex.testkit.random.Seed;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random queries on random data, asked of this engine and of a real Prometheus. {@code -Dpromql.differential.queries=}
 * sets how many; with {@code -Dpromql.differential.exact=true} every bit of the numbers counts.
 */
class PrometheusDifferentialIT {
    private static final int DEFAULT_QUERIES = 350;
    private static final long DAILY_SEED = 20_260_101;
    private static final int QUERIES_PER_DATABASE = 2500;
    private static final int ASKED_AGAIN = 40;

    @Test
    void answersAsTheRealPrometheus(@TempDir Path directory) throws Exception {
        compare(directory, EnumSet.of(PromqlFeature.EXPERIMENTAL_FUNCTIONS), DEFAULT_QUERIES);
    }

    @Test
    void answersAsTheRealPrometheusThatDropsNamesLate(@TempDir Path directory) throws Exception {
        compare(
                directory,
                EnumSet.of(PromqlFeature.EXPERIMENTAL_FUNCTIONS, PromqlFeature.DELAYED_NAME_REMOVAL),
                DEFAULT_QUERIES / 3);
    }

    @Test
    void answersAsTheRealPrometheusWithExtendedRanges(@TempDir Path directory) throws Exception {
        compare(
                directory,
                EnumSet.of(PromqlFeature.EXPERIMENTAL_FUNCTIONS, PromqlFeature.EXTENDED_RANGE_SELECTORS),
                DEFAULT_QUERIES / 3);
    }

    @Test
    void answersAsTheRealPrometheusThatFillsIn(@TempDir Path directory) throws Exception {
        compare(
                directory,
                EnumSet.of(PromqlFeature.EXPERIMENTAL_FUNCTIONS, PromqlFeature.BINARY_FILL_MODIFIERS),
                DEFAULT_QUERIES / 3);
    }

    @Test
    void answersAsTheRealPrometheusOnNativeHistograms(@TempDir Path directory) throws Exception {
        compare(directory, EnumSet.of(PromqlFeature.EXPERIMENTAL_FUNCTIONS), DEFAULT_QUERIES, true);
    }

    @Test
    void answersAsTheRealPrometheusThatDropsNamesLateOnNativeHistograms(@TempDir Path directory) throws Exception {
        compare(
                directory,
                EnumSet.of(
                        PromqlFeature.EXPERIMENTAL_FUNCTIONS,
                        PromqlFeature.DELAYED_NAME_REMOVAL,
                        PromqlFeature.BINARY_FILL_MODIFIERS),
                DEFAULT_QUERIES / 3,
                true);
    }

    @Test
    void answersAsTheRealPrometheusWithExtendedRangesOfNativeHistograms(@TempDir Path directory) throws Exception {
        compare(
                directory,
                EnumSet.of(PromqlFeature.EXPERIMENTAL_FUNCTIONS, PromqlFeature.EXTENDED_RANGE_SELECTORS),
                DEFAULT_QUERIES / 3,
                true);
    }

    private static void compare(Path directory, Set<PromqlFeature> features, int defaultCount) throws Exception {
        compare(directory, features, defaultCount, false);
    }

    private static void compare(Path directory, Set<PromqlFeature> features, int defaultCount, boolean histograms)
            throws Exception {
        PromqlEngine engine = new PromqlEngine(PromqlEngineConfig.defaults().withFeatures(features), Ticker.system());
        Random random = random();
        boolean fills = features.contains(PromqlFeature.BINARY_FILL_MODIFIERS);
        RandomQuery ofFloats =
                new RandomQuery(random, fills, features.contains(PromqlFeature.EXTENDED_RANGE_SELECTORS));
        RandomHistogramQuery ofHistograms =
                new RandomHistogramQuery(random, fills, features.contains(PromqlFeature.EXTENDED_RANGE_SELECTORS));
        Supplier<String> queries = histograms ? ofHistograms::next : ofFloats::next;
        int count = Integer.getInteger("promql.differential.queries", defaultCount);
        Tally tally = new Tally(System.getProperty("promql.differential.show", ""));
        for (int asked = 0; asked < count; asked += QUERIES_PER_DATABASE) {
            Path attempt = Files.createDirectories(directory.resolve("database" + asked));
            try (BothDatabases database = BothDatabases.start(attempt, features, random, histograms)) {
                KnownDifferences known =
                        new KnownDifferences(database.prometheus().version());
                String asking = System.getProperty("promql.differential.ask");
                if (asking != null) {
                    ask(asking, engine, database.queryable(), database.prometheus());
                    return;
                }
                Assumptions.assumeFalse(
                        known.isOld() && (features.size() > 1 || histograms),
                        "this Prometheus is older than what is compared");
                boolean answers = true;
                for (int i = asked; answers && i < Math.min(count, asked + QUERIES_PER_DATABASE); i++) {
                    answers = compare(Question.random(queries.get(), random), database, engine, known, tally);
                }
            }
        }
        System.out.println(tally);
        assertThat(tally.differences).as("different answers").isEmpty();
    }

    /** Asks both; false where the real Prometheus does not answer, and will be busy with it for ever. */
    private static boolean compare(
            Question question, BothDatabases database, PromqlEngine engine, KnownDifferences known, Tally tally)
            throws Exception {
        RealPrometheus prometheus = database.prometheus();
        Answer right;
        try {
            right = question.ask(prometheus);
        } catch (HttpTimeoutException e) {
            tally.add(question, "is not answered", Optional.of("no answer"));
            return false;
        }
        Answer ours = question.ask(engine, database.queryable());
        tally.kinds.add(engine, question.query(), right);
        Optional<String> difference = ours.differenceFrom(right, question.isOrdered(), !known.isOld());
        if (difference.isEmpty()) {
            return true;
        }
        Optional<String> reason = known.explain(question.query(), ours, right);
        if (reason.isEmpty() && question.hasTie(prometheus, engine, database.queryable())) {
            reason = Optional.of("ties");
        }
        if (reason.isEmpty() && question.isOneOfManyOf(prometheus, ours, !known.isOld())) {
            reason = Optional.of("not always the same");
        }
        tally.add(question, difference.get(), reason);
        return true;
    }

    /** What came of the queries. */
    private static final class Tally {
        private final String shown;
        private final Kinds kinds = new Kinds();
        private final Map<String, Integer> explained = new TreeMap<>();
        private final List<String> differences = new ArrayList<>();

        Tally(String shown) {
            this.shown = shown;
        }

        void add(Question question, String difference, Optional<String> reason) {
            reason.ifPresent(rule -> explained.merge(rule, 1, Integer::sum));
            if (reason.isEmpty() || shown.equals("all") || shown.contains(reason.orElseThrow())) {
                differences.add(question + reason.map(rule -> " [" + rule + "]").orElse("") + "\n     " + difference);
            }
        }

        @Override
        public String toString() {
            return kinds + " queries, " + explained + " explained, " + differences.size() + " answered differently"
                    + (shown.contains("kinds") ? kinds.each() : "");
        }
    }

    /**
     * Shows both answers to queries, {@code SECONDS QUERY} or {@code START-END-STEP QUERY} each, separated by semicolons:
     * to look into one.
     */
    private static void ask(String asked, PromqlEngine engine, Queryable storage, RealPrometheus prometheus)
            throws Exception {
        for (String one : asked.split(";", -1)) {
            String[] parts = one.strip().split(" ", 2);
            String[] times = parts[0].split("-", -1);
            Question question = new Question(
                    parts[1],
                    Long.parseLong(times[0]) * 1000,
                    Long.parseLong(times[times.length > 1 ? 1 : 0]) * 1000,
                    times.length > 2 ? Long.parseLong(times[2]) * 1000 : 0);
            System.out.println(
                    question + "\n  ours  " + question.ask(engine, storage) + "\n  right " + question.ask(prometheus));
        }
    }

    /**
     * The same queries in each build, so that none fails for what it did not change; others, from a seed that is printed,
     * where someone asks for a number of them.
     */
    private static Random random() {
        boolean asked =
                Integer.getInteger("promql.differential.queries") != null || Long.getLong(Seed.PROPERTY) != null;
        return asked ? Seed.of(PrometheusDifferentialIT.class).random() : new Random(DAILY_SEED);
    }

    /** A query with the steps at which it is asked: an instant query where the step is 0. */
    private record Question(String query, long startMs, long endMs, long stepMs) {
        /** What knows of more than the step at which it is. */
        private static final Pattern OF_ALL_STEPS = Pattern.compile("\\b(start|end|step|range)\\s*\\(");

        static Question random(String query, Random random) {
            long startMs = RandomData.START_MS + random.nextInt(7200) * 1000L;
            if (random.nextInt(3) == 0) {
                return new Question(query, startMs, startMs, 0);
            }
            long stepMs = new long[] {5_000, 15_000, 30_000, 60_000, 97_000, 300_000}[random.nextInt(6)];
            return new Question(query, startMs, startMs + random.nextInt(80) * stepMs, stepMs);
        }

        boolean isOrdered() {
            return stepMs == 0 && query.startsWith("sort");
        }

        Answer ask(RealPrometheus prometheus) throws Exception {
            return stepMs == 0 ? prometheus.instant(query, startMs) : prometheus.range(query, startMs, endMs, stepMs);
        }

        /** Whether an aggregation of the query chooses other series with the same values, which is explanation enough. */
        boolean hasTie(RealPrometheus prometheus, PromqlEngine engine, Queryable storage) throws Exception {
            for (String choice : Ties.choices(engine.parse(query))) {
                Question part = new Question(choice, startMs, endMs, stepMs);
                Answer right = part.ask(prometheus);
                Answer ours = part.ask(engine, storage);
                if (ours.differenceFrom(right, false, false).isPresent()) {
                    return Ties.haveSameValues(ours, right);
                }
            }
            return false;
        }

        /**
         * Whether the real Prometheus has several answers, which depend on an order that is another one each time, and ours
         * is one of them, or is the same wherever all of them are the same.
         */
        boolean isOneOfManyOf(RealPrometheus prometheus, Answer ours, boolean annotated) throws Exception {
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < ASKED_AGAIN; i++) {
                Answer answer = ask(prometheus);
                if (ours.differenceFrom(answer, isOrdered(), annotated).isEmpty()) {
                    return true;
                }
                answers.add(answer);
            }
            boolean failed = answers.stream().anyMatch(Answer::isFailed) || ours.isFailed();
            return !failed
                    && (ours.wherever(answers)
                                    .differenceFrom(answers.getFirst().wherever(answers), false, annotated)
                                    .isEmpty()
                            || (new HashSet<>(answers).size() > 1 && isOneOfManyAtEachStep(prometheus, ours)));
        }

        /**
         * Whether what is ours at each step is an answer of the real Prometheus to a query of this step alone. In a range
         * query, the order of series behind an operator is that in which they appeared, from any of them on: so it may be
         * none in which they stand at a step by itself.
         */
        private boolean isOneOfManyAtEachStep(RealPrometheus prometheus, Answer ours) throws Exception {
            if (stepMs == 0 || OF_ALL_STEPS.matcher(query).find()) {
                return false;
            }
            for (long timeMs = startMs; timeMs <= endMs; timeMs += stepMs) {
                boolean same = false;
                for (int i = 0; i < ASKED_AGAIN && !same; i++) {
                    Answer right = prometheus.range(query, timeMs, timeMs, stepMs);
                    same = ours.at(timeMs).differenceFrom(right, false, false).isEmpty();
                }
                if (!same) {
                    return false;
                }
            }
            return true;
        }

        Answer ask(PromqlEngine engine, Queryable storage) {
            try {
                return Answer.of(
                        stepMs == 0
                                ? engine.instant(storage, query, startMs)
                                : engine.range(storage, query, startMs, endMs, stepMs));
            } catch (PromqlParseException | QueryException e) {
                return Answer.failed(String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                throw new AssertionError(this + " broke the engine", e);
            }
        }
    }
}
