// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narthex.model.time.Ticker;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.promql.value.QueryException;
import dev.narthex.storage.ReadCanceledException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A query that is canceled or late ends when it next looks at the clock, which it does together with looking whether its
 * thread was interrupted. So a clock that measures how much processor time went by since it was last looked at shows how
 * long a query can go on, whatever the machine does beside.
 */
class CancellationTest {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int ATTEMPTS = 4;
    private static final long HOUR = 3_600_000;
    private static final long STEP = GeneratedSeries.INTERVAL_MS;

    private static final List<String> HEAVY = List.of(
            // Many series at one moment.
            "flood",
            "flood[5m]",
            "rate(flood[5m])",
            "-flood",
            "sum by (n) (flood)",
            "topk(50000, flood)",
            "bottomk by (job) (10, flood)",
            "limitk(50000, flood)",
            "limit_ratio(0.5, flood)",
            "quantile(0.9, flood)",
            "count_values(\"v\", flood)",
            "sort(flood)",
            "sort_by_label_desc(flood, \"n\")",
            "flood * on (n) flood2",
            "flood * on (n, job) group_left(instance) flood2",
            "flood and on (n) flood2",
            "flood or flood2",
            "flood unless on (n) flood2",
            "(flood or flood2) * on (__name__, n) (flood or flood2)",
            "label_replace(flood, \"a\", \"$1-$2\", \"instance\", \"(.*[0-9])([0-9]*).*\")",
            "label_join(flood, \"a\", \"-\", \"n\", \"job\", \"instance\", \"n\", \"job\")",
            "info(flood)",
            "histogram_quantile(0.9, bflood)",
            "histogram_quantiles(bflood, \"q\", 0.1, 0.5, 0.9)",
            "max_over_time(flood[1h:1m])",
            // Many steps.
            "many",
            "sum(many)",
            "stddev by (n) (many)",
            "topk(1000, many)",
            "quantile(0.9, many)",
            "count_values(\"v\", many)",
            "many * on (n) many2",
            "many ^ 1.5",
            "quantile_over_time(0.9, many[10m])",
            "deriv(many[30m])",
            "predict_linear(many[30m], 60)",
            "info(many)",
            "max_over_time(rate(few[5m])[3h:1s]) + 0 * sum(many)",
            "sum(hmany)",
            "avg by (job) (hmany)",
            "rate(hmany[10m])",
            "sum_over_time(hmany[30m])",
            "histogram_quantile(0.9, hmany)",
            "hmany + on (n) hmany",
            "count_values(\"v\", hmany)",
            "histogram_quantile(0.9, rate(hmany[5m]))",
            // Many samples of a series.
            "sum_over_time(long[450d])",
            "quantile_over_time(0.5, long[450d])",
            "mad_over_time(long[450d])",
            "stddev_over_time(long[450d])",
            "double_exponential_smoothing(long[450d], 0.5, 0.5)",
            "deriv(long[450d])",
            "rate(long[450d])",
            "changes(long[450d])",
            "max_over_time(long[20d:1s])",
            "quantile_over_time(0.5, long[20d:1s])",
            "sum_over_time(exp(rate(long[5m]))[10d:1s])",
            "quantile_over_time(0.5, quantile_over_time(0.5, long[1h])[1d:10s])",
            "long[450d]");

    private final GeneratedSeries storage = new GeneratedSeries(
            Map.of(
                    "flood", 60_000,
                    "flood2", 60_000,
                    "target_info", 60_000,
                    "bflood", 30_000,
                    "hflood", 300,
                    "many", 2_000,
                    "many2", 2_000,
                    "hmany", 40,
                    "long", 1,
                    "few", 3),
            () -> {});

    /** The processor time of this thread between each two looks. */
    private static final class Gaps implements Ticker {
        private final LongStream.Builder gaps = LongStream.builder();
        private long last = THREADS.getCurrentThreadCpuTime();

        @Override
        public long nanos() {
            gaps.add(THREADS.getCurrentThreadCpuTime() - last);
            last = THREADS.getCurrentThreadCpuTime();
            return 0;
        }

        long[] all() {
            return gaps.build().toArray();
        }
    }

    private static PromqlEngine engine(Ticker ticker) {
        return new PromqlEngine(PromqlEngineConfig.defaults().withFeatures(EnumSet.allOf(PromqlFeature.class)), ticker);
    }

    private void evaluate(PromqlEngine engine, String query) {
        if (query.contains("long")) {
            engine.instant(storage, query, 10_000_000 * STEP);
        } else if (query.contains("many")) {
            engine.range(storage, query, HOUR, 4 * HOUR, STEP);
        } else {
            engine.instant(storage, query, HOUR);
        }
    }

    static List<String> heavyQueries() {
        return HEAVY;
    }

    @ParameterizedTest
    @MethodSource("heavyQueries")
    void looksOftenEnoughWhetherItGoesOn(String query) {
        // The same looks come in the same order each time. What the system takes for new pages of memory, what another
        // machine takes of the processor, and the compiler may count for the thread here and there, but hardly ever at
        // the
        // same place again.
        long[] shortest = {};
        for (int attempt = 0; attempt < ATTEMPTS && (attempt == 0 || longest(shortest) >= LIMIT_NANOS); attempt++) {
            Gaps gaps = new Gaps();
            evaluate(engine(gaps), query);
            // From the last look to the answer.
            gaps.nanos();
            long[] all = gaps.all();
            shortest = attempt == 0 ? all : shorter(shortest, all);
        }
        assertThat(Duration.ofNanos(longest(shortest))).isLessThan(Duration.ofNanos(LIMIT_NANOS));
    }

    /**
     * From the interrupt by another thread to the end of the call, with all that is undone on the way. Processor time of
     * the query's thread, not time on the wall: what other processes take of the machine is no matter of the query.
     */
    @ParameterizedTest
    @MethodSource("heavyQueries")
    void endsWithin50MillisecondsWhenItIsInterruptedInTheMidst(String query) throws Exception {
        Gaps gaps = new Gaps();
        evaluate(engine(gaps), query);
        int half = gaps.all().length / 2;
        long shortest = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && shortest >= LIMIT_NANOS; attempt++) {
            shortest = Math.min(shortest, nanosToEnd(query, half));
        }
        assertThat(Duration.ofNanos(shortest)).isLessThan(Duration.ofNanos(LIMIT_NANOS));
    }

    /** The processor time that a query takes between the interrupt, which comes after so many looks, and its end. */
    private long nanosToEnd(String query, int looksBefore) throws InterruptedException, ExecutionException {
        CountDownLatch underWay = new CountDownLatch(looksBefore);
        FutureTask<Long> asked = new FutureTask<>(() -> {
            try {
                evaluate(
                        engine(() -> {
                            underWay.countDown();
                            return 0;
                        }),
                        query);
            } catch (QueryException e) {
                assertThat(e.kind()).isEqualTo(QueryException.Kind.CANCELED);
            }
            return THREADS.getCurrentThreadCpuTime();
        });
        Thread thread = Thread.ofPlatform().start(asked);
        underWay.await();
        long interruptedAt = THREADS.getThreadCpuTime(thread.threadId());
        thread.interrupt();
        // It had ended before where its thread has no time any more.
        return interruptedAt < 0 ? 0 : asked.get() - interruptedAt;
    }

    private static long longest(long[] gaps) {
        return Arrays.stream(gaps).max().orElseThrow();
    }

    private static long[] shorter(long[] gaps, long[] others) {
        assertThat(others).hasSameSizeAs(gaps);
        return IntStream.range(0, gaps.length)
                .mapToLong(i -> Math.min(gaps[i], others[i]))
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"flood * on (n) flood2", "quantile(0.9, many)", "sum_over_time(long[450d])", "many"})
    void endsAtTheNextLookWhenItsThreadIsInterrupted(String query) {
        long[] looks = new long[1];
        PromqlEngine engine = engine(() -> {
            if (++looks[0] == 20) {
                Thread.currentThread().interrupt();
            }
            return 0;
        });
        try {
            assertThatExceptionOfType(QueryException.class)
                    .isThrownBy(() -> evaluate(engine, query))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.CANCELED));
            assertThat(looks[0]).isEqualTo(20);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"flood * on (n) flood2", "quantile(0.9, many)", "sum_over_time(long[450d])", "many"})
    void endsAtTheFirstLookAfterItsTime(String query) {
        long[] looks = new long[1];
        PromqlEngine engine = engine(() -> ++looks[0] < 20 ? 0 : TimeUnit.HOURS.toNanos(1));
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> evaluate(engine, query))
                .withMessageContaining("it took longer than 120.0 s")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.TIMEOUT));
        assertThat(looks[0]).isEqualTo(20);
    }

    @Test
    void aReadThatIsCanceledEndsTheQuery() {
        GeneratedSeries canceled = new GeneratedSeries(Map.of("few", 3), () -> {
            throw new ReadCanceledException();
        });
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> engine(() -> 0).instant(canceled, "few", HOUR))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.CANCELED));
    }
}
