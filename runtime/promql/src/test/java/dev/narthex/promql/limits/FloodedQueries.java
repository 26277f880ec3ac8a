// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.limits;

import java.util.List;

/** Queries each of which holds much, in a place of its own, when there are many series. */
final class FloodedQueries {
    private FloodedQueries() {}

    /** Of the metrics {@code flood} and {@code flood2}, {@code bflood}, {@code hflood}, and of one series {@code long}. */
    static final List<String> ALL = List.of(
            "flood",
            "flood[1h]",
            "max_over_time(flood[10m:1s])",
            "max_over_time(long[10y:1s])",
            "max_over_time(long[4y])",
            "long[4y]",
            "sum by (n) (flood)",
            "avg by (n) (flood)",
            "count by (n) (flood)",
            "min by (n) (flood)",
            "stddev by (n) (flood)",
            "sum by (n) (hflood)",
            "avg by (n) (hflood)",
            "topk by (n) (3, flood)",
            "topk(100000, flood)",
            "bottomk(100000, flood)",
            "limitk by (n) (1, flood)",
            "limitk(100000, flood)",
            "limit_ratio(0.9, flood)",
            "quantile(0.5, flood)",
            "count_values(\"v\", flood)",
            "flood * on (n) flood2",
            "flood * on (job, n) group_left flood2",
            "flood + on (job) group_left flood2",
            "flood == on (n) group_left(instance) flood2",
            "flood * on (n) fill(1) flood2",
            "flood and on (n) flood2",
            "flood unless on (n) flood2",
            "flood or flood2",
            "label_replace(flood, \"a\", \"$1\", \"n\", \"(.*)\")",
            "label_join(flood, \"a\", \"-\", \"n\", \"job\", \"instance\")",
            "sort(flood)",
            "sort_by_label(flood, \"n\")",
            "info(flood)",
            "histogram_quantile(0.9, bflood)",
            "histogram_quantile(0.9, hflood)",
            "histogram_count(hflood)",
            "hflood",
            "hflood[1h]",
            "rate(hflood[5m])",
            "max_over_time(hflood[10m:15s])",
            "flood @ 0",
            "rate(flood[5m])",
            "-flood",
            "rate({__name__=\"flood\"}[5m:15s])");
}
