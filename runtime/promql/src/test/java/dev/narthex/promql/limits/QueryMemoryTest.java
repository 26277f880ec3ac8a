// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.promql.value.QueryException;
import dev.narthex.promql.value.QueryResult;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryMemoryTest {
    private static final int SERIES = 3000;
    private static final long HOUR = 3_600_000;
    private static final long YEAR = 8760 * HOUR;

    private final GeneratedSeries storage = new GeneratedSeries(
            Map.of(
                    "flood", SERIES,
                    "flood2", SERIES,
                    "target_info", SERIES,
                    "bflood", SERIES,
                    "hflood", SERIES / 10,
                    "long", 1,
                    "few", 3),
            () -> {});

    private static PromqlEngine engine(long limitBytes, MemoryAccount account) {
        return new PromqlEngine(
                PromqlEngineConfig.defaults()
                        .withMemory(limitBytes, account)
                        .withFeatures(EnumSet.allOf(PromqlFeature.class)),
                () -> 0);
    }

    private QueryResult evaluate(PromqlEngine engine, String query) {
        if (query.contains("long")) {
            return engine.instant(storage, query, 5 * YEAR);
        }
        boolean instant = query.endsWith("]") || query.startsWith("sort");
        return instant
                ? engine.instant(storage, query, HOUR)
                : engine.range(storage, query, HOUR, 2 * HOUR, GeneratedSeries.INTERVAL_MS);
    }

    private static List<String> floods() {
        return FloodedQueries.ALL;
    }

    @ParameterizedTest
    @MethodSource("floods")
    void refusesWhatHoldsMoreThanAQueryMay(String query) {
        MemoryAccount account = new MemoryAccount(1 << 30);
        PromqlEngine engine = engine(256 << 10, account);
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> evaluate(engine, query))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.EXECUTION))
                .withMessageMatching("query processing would use too much memory: at least \\d+ bytes,"
                        + " the limit of a query is 262144 bytes");
        assertThat(account.bytes()).as("what is held after the query").isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum(flood)",
                "sum by (job) (rate(flood[5m]))",
                "count(-flood)",
                "topk(2, flood)",
                "max(max_over_time(flood[10m:30s]))",
                "count(count_over_time(hflood[5m]))",
                "absent(flood)",
                "scalar(flood)",
                "limitk(2, flood)",
                "count(flood and on (n) few)",
                "few * on (n) few",
                "histogram_quantile(0.5, sum by (le) (bflood))"
            })
    void whatIsReadSeriesBySeriesStaysSmallHoweverManyThereAre(String query) {
        MemoryAccount account = new MemoryAccount(1 << 30);
        assertThat(evaluate(engine(512 << 10, account), query).value()).isNotNull();
        assertThat(account.bytes()).isZero();
    }

    @Test
    void allQueriesTogetherHoldNoMoreThanTheirShare() {
        MemoryAccount account = new MemoryAccount(1 << 20);
        PromqlEngine engine = engine(Long.MAX_VALUE, account);
        account.tag("results").take((1 << 20) - 1000);
        assertThatThrownBy(() -> evaluate(engine, "few"))
                .isInstanceOf(QueryException.class)
                .hasMessageMatching("query processing would use too much memory: at least \\d+ bytes,"
                        + " all queries that run \\d+ bytes, their limit together is 1048576 bytes");
        account.tag("results").giveBack((1 << 20) - 1000);
        assertThat(evaluate(engine, "few").value()).isNotNull();
        assertThat(account.bytes()).isZero();
    }

    @Test
    void saysHowMuchTheResultTakes() {
        PromqlEngine engine = engine(Long.MAX_VALUE, new MemoryAccount(1 << 30));
        long values = 241L * Double.BYTES;
        assertThat(evaluate(engine, "few").statistics().resultBytes()).isBetween(3 * values, 3 * values + 3000);
        assertThat(evaluate(engine, "few[1h]").statistics().resultBytes()).isBetween(6 * values, 6 * values + 3000);
        assertThat(evaluate(engine, "sort(few)").statistics().resultBytes()).isBetween(300L, 3000L);
        assertThat(evaluate(engine, "sum(flood)").statistics().resultBytes()).isBetween(values, values + 1000);
    }

    @Test
    void moreStepsThanCanBeCountedAreRefused() {
        MemoryAccount account = new MemoryAccount(1 << 30);
        PromqlEngine engine = engine(Long.MAX_VALUE, account);
        for (String range : List.of("100y:1ms", "290y:1ms")) {
            assertThatThrownBy(() -> engine.instant(storage, "max_over_time(few[" + range + "])", HOUR))
                    .as(range)
                    .isInstanceOf(QueryException.class)
                    .hasMessageContaining("too many steps")
                    .hasMessageContaining("the limit is 2147483647");
        }
        assertThat(account.bytes()).isZero();
    }
}
