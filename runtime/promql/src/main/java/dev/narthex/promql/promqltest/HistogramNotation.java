// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A native histogram as test files write it: {@code {{schema:0 count:3 sum:4.5 buckets:[1 2]}}}. All keys may be missing;
 * case does not matter.
 *
 * <ul>
 *   <li>{@code schema}: -4 to 8, or -53 for custom buckets; 0 where it is missing
 *   <li>{@code sum}, {@code count}, {@code z_bucket} (the count of the zero bucket), {@code z_bucket_w} (its threshold)
 *   <li>{@code buckets} and {@code n_buckets}: counts of consecutive positive and negative buckets, from the index {@code
 *       offset} and {@code n_offset} on, 0 where it is missing
 *   <li>{@code custom_values}: the bounds of custom buckets
 *   <li>{@code counter_reset_hint}: unknown, reset, not_reset or gauge
 * </ul>
 */
final class HistogramNotation {
    private static final Pattern ITEM = Pattern.compile("\\s*([A-Za-z_]+)\\s*:\\s*(\\[[^\\]]*\\]|[^\\s\\[\\]]+)\\s*");
    private static final Set<String> KEYS = Set.of(
            "schema",
            "sum",
            "count",
            "z_bucket",
            "z_bucket_w",
            "buckets",
            "n_buckets",
            "offset",
            "n_offset",
            "custom_values",
            "counter_reset_hint");

    private final Map<String, String> items = new HashMap<>();

    private HistogramNotation() {}

    /**
     * Reads a histogram.
     *
     * @param text what stands between the double braces
     * @throws IllegalArgumentException when it is not one; the message says why
     */
    static FloatHistogram parse(String text) {
        HistogramNotation notation = new HistogramNotation();
        Matcher matcher = ITEM.matcher(text);
        int at = 0;
        while (at < text.length() && !text.substring(at).isBlank()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw new IllegalArgumentException(
                        "histogram: unexpected \"" + text.substring(at).strip() + "\"; items are KEY:VALUE");
            }
            String key = matcher.group(1).toLowerCase(Locale.ROOT);
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("histogram: unknown key " + key + "; there are " + KEYS);
            }
            if (notation.items.put(key, matcher.group(2)) != null) {
                throw new IllegalArgumentException("histogram: key " + key + " stands there twice");
            }
            at = matcher.end();
        }
        return notation.histogram();
    }

    private FloatHistogram histogram() {
        double[] positive = numbers("buckets");
        double[] negative = numbers("n_buckets");
        HistogramLayout layout = new HistogramLayout(
                integer("schema"),
                number("z_bucket_w"),
                spans(integer("offset"), positive.length),
                spans(integer("n_offset"), negative.length),
                Arrays.stream(numbers("custom_values")).boxed().toList());
        return new FloatHistogram(
                hint(), layout, number("count"), number("z_bucket"), number("sum"), positive, negative);
    }

    private static List<BucketSpan> spans(int offset, int length) {
        return length == 0 ? List.of() : List.of(new BucketSpan(offset, length));
    }

    private double number(String key) {
        String text = items.get(key);
        return text == null ? 0 : number(text, key);
    }

    /** A number that is not hexadecimal: {@code x} repeats what stands in front of it. */
    private static double number(String text, String key) {
        if (text.contains("x") || text.contains("X")) {
            throw new IllegalArgumentException("histogram: " + key + " has the value " + text + "; expected a number");
        }
        return SeriesNotation.number(text);
    }

    private int integer(String key) {
        String text = items.get(key);
        return text == null ? 0 : Integer.parseInt(text.startsWith("+") ? text.substring(1) : text);
    }

    private double[] numbers(String key) {
        String text = items.get(key);
        if (text == null) {
            return new double[0];
        }
        if (!text.startsWith("[")) {
            throw new IllegalArgumentException("histogram: " + key + " is a list, found " + text);
        }
        List<Double> numbers = new ArrayList<>();
        for (String number : text.substring(1, text.length() - 1).split("\\s+", -1)) {
            if (!number.isEmpty()) {
                numbers.add(number.equals("_") ? 0 : number(number, key));
            }
        }
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private CounterResetHint hint() {
        String text = items.getOrDefault("counter_reset_hint", "unknown").toLowerCase(Locale.ROOT);
        for (CounterResetHint hint : CounterResetHint.values()) {
            if (hint.text().equals(text)) {
                return hint;
            }
        }
        throw new IllegalArgumentException(
                "histogram: counter_reset_hint is unknown, reset, not_reset or gauge, found " + text);
    }
}
