// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import dev.narthex.model.Labels;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Where answers may differ: in what the language leaves open, and in what an older Prometheus does otherwise. */
final class KnownDifferences {
    private static final Pattern STAMP_OF_FIXED_MOMENT = Pattern.compile("timestamp\\([^()]*@ [^()]*(\\(\\) )?offset");

    /** Where the last bits of an operand decide on the first ones of the result. */
    private static final Pattern ILL_CONDITIONED =
            Pattern.compile("stdvar|atan2|stddev|%|\\b(sin|cos|tan)\\(|deriv|predict_linear| - ");

    private static final Pattern DATE = Pattern.compile("(hour|minute|month|year|day_of_\\w+)\\(");

    /** A remainder of such numbers is noise, and so is the date of such a moment. */
    private static final Pattern FAST_GROWING = Pattern.compile("\\^|exp\\(|sinh|cosh|time\\(|1e9|tan\\(");

    private final boolean old;

    /** @param version of the Prometheus that is compared with, empty for one that was built from source */
    KnownDifferences(String version) {
        this.old = !version.isEmpty() && compare(version, "3.14") < 0;
    }

    private static int compare(String version, String other) {
        String[] left = version.split("[^0-9]+", -1);
        String[] right = other.split("[^0-9]+", -1);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            int order = Integer.compare(Integer.parseInt(left[i]), Integer.parseInt(right[i]));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** Whether the Prometheus is older than the language: then annotations, which changed a lot, are not compared. */
    boolean isOld() {
        return old;
    }

    /** Whether a difference is one of them. */
    boolean explain(String query, Answer ours, Answer right) {
        if (old && explainOld(query, ours, right)) {
            return true;
        }
        if (query.contains("topk") || query.contains("bottomk")) {
            // Which of equal series come first is open; where they go on to other operators, so is everything.
            boolean outermost = (query.startsWith("topk") || query.startsWith("bottomk"))
                    && !query.substring(1).contains("topk")
                    && !query.substring(1).contains("bottomk");
            return !outermost || valuesByTime(ours).equals(valuesByTime(right));
        }
        if (ours.differenceFrom(right, false, false).isEmpty() && areNotesOfOrder(ours, right)) {
            return true;
        }
        if (right.annotations().stream().anyMatch(text -> text.contains("result is skewed higher"))) {
            // Prometheus finds the right bucket, then interpolates within the last one.
            return true;
        }
        if (ours.error().startsWith("multiple matches for labels")
                && right.annotations().stream().anyMatch(text -> text.contains("incompatible sample types"))) {
            // Prometheus does not count what has no result among the matches.
            return true;
        }
        if (!right.isFailed() && explainEmptyBuckets(query, ours, right)) {
            return true;
        }
        if (STAMP_OF_FIXED_MOMENT.matcher(query).find()) {
            // Prometheus takes the offset twice here, and looks too far back.
            return true;
        }
        if ((query.contains("%") || DATE.matcher(query).find())
                && FAST_GROWING.matcher(query).find()) {
            return true;
        }
        return ILL_CONDITIONED.matcher(query).find()
                && ours.differenceFrom(right, false, false, 1e-3).isEmpty();
    }

    /**
     * Whether the annotations differ only in what an operator or an aggregation says of the last, or of the first, of
     * several series: the order of which is open.
     */
    private static boolean areNotesOfOrder(Answer ours, Answer right) {
        Set<String> more = new TreeSet<>(ours.annotations());
        more.removeAll(right.annotations());
        Set<String> less = new TreeSet<>(right.annotations());
        less.removeAll(ours.annotations());
        more.addAll(less);
        return more.stream()
                .allMatch(text -> text.contains("binary operator")
                        || text.contains("reconciled during")
                        || text.contains("mix of histograms"));
    }

    /**
     * A database shows the histograms of a chunk with all buckets that any of them has, some of them empty: which become
     * not-a-numbers under NaN and Inf, and make histograms unequal. This storage has no chunks.
     */
    private static boolean explainEmptyBuckets(String query, Answer ours, Answer right) {
        if (query.matches(".*(changes\\(|==|!=).*") && query.matches(".*(duration|size|level|mixed).*")) {
            return true;
        }
        boolean notNumbers = right.series().values().stream().anyMatch(points -> points.containsValue(Double.NaN));
        if (notNumbers && query.matches(".*[*/] (-?Inf|NaN|0|scalar).*")) {
            return true;
        }
        Map<Labels, NavigableMap<Long, Double>> numbers = new TreeMap<>(right.series());
        numbers.values().removeIf(points -> points.values().stream().allMatch(value -> Double.isNaN(value)));
        Map<Labels, NavigableMap<Long, Double>> ourNumbers = new TreeMap<>(ours.series());
        ourNumbers.values().removeIf(points -> points.values().stream().allMatch(value -> Double.isNaN(value)));
        return new Answer("", ours.type(), ourNumbers, ours.order(), ours.annotations())
                .differenceFrom(new Answer("", right.type(), numbers, right.order(), right.annotations()), false, true)
                .isEmpty();
    }

    private static Map<Long, Map<String, Integer>> valuesByTime(Answer answer) {
        Map<Long, Map<String, Integer>> values = new TreeMap<>();
        Collection<NavigableMap<Long, Double>> series = answer.series().values();
        series.forEach(points -> points.forEach((time, value) -> values.computeIfAbsent(time, _ -> new TreeMap<>())
                .merge(String.format(Locale.ROOT, "%.8e", value + 0.0), 1, Integer::sum)));
        return values;
    }

    private static boolean explainOld(String query, Answer ours, Answer right) {
        boolean unknown = right.error().contains("unknown function with name");
        // Since 3.8, series that become equal are merged where they have no samples at the same time.
        boolean merged =
                right.error().contains("vector cannot contain metrics with the same labelset") && !ours.isFailed();
        // Two matches of which a comparison lets one through were none.
        boolean filtered = ours.error().startsWith("multiple matches for labels") && !right.isFailed();
        // A not-a-number among the samples made no difference to the one; the other was not sure beyond the last bound.
        boolean changed = query.contains("mad_over_time") || query.contains("histogram_fraction");
        return unknown || merged || filtered || changed;
    }
}
