// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.narthex.model.GoFloat;
import dev.narthex.model.HistogramLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A native histogram of the HTTP API in the notation of test files. The API shows buckets, not schemas and bounds: these
 * are concluded from the buckets that have observations, so that at least one of them must, and with custom buckets all.
 */
final class ConcludedHistogram {
    private static final double EXACT = 1e-9;

    private final NavigableMap<Integer, String> positive = new TreeMap<>();
    private final NavigableMap<Integer, String> negative = new TreeMap<>();
    private final StringBuilder text = new StringBuilder();

    private ConcludedHistogram() {}

    static String text(JsonNode histogram) {
        return new ConcludedHistogram().write(histogram);
    }

    private String write(JsonNode histogram) {
        List<JsonNode> buckets = new ArrayList<>();
        histogram.path("buckets").forEach(buckets::add);
        int schema = schema(buckets);
        text.append("{{schema:").append(schema);
        text.append(" count:").append(histogram.path("count").asText());
        text.append(" sum:").append(histogram.path("sum").asText());
        if (schema == HistogramLayout.CUSTOM_BUCKETS) {
            custom(buckets);
        } else {
            exponential(schema, buckets);
        }
        counts("", positive);
        counts("n_", negative);
        return text.append("}}").toString();
    }

    private void custom(List<JsonNode> buckets) {
        TreeSet<Double> bounds = new TreeSet<>();
        for (JsonNode bucket : buckets) {
            bounds.add(lower(bucket));
            bounds.add(upper(bucket));
        }
        bounds.removeIf(bound -> bound.isInfinite());
        text.append(" custom_values:[");
        bounds.forEach(bound ->
                text.append(text.charAt(text.length() - 1) == '[' ? "" : " ").append(GoFloat.general(bound)));
        text.append(']');
        for (JsonNode bucket : buckets) {
            int index = bounds.headSet(upper(bucket), false).size();
            positive.put(index, count(bucket));
        }
    }

    private void exponential(int schema, List<JsonNode> buckets) {
        for (JsonNode bucket : buckets) {
            double lower = lower(bucket);
            double upper = upper(bucket);
            if (lower <= 0 && upper >= 0) {
                text.append(" z_bucket:").append(count(bucket));
                text.append(" z_bucket_w:").append(GoFloat.general(Math.max(upper, -lower)));
            } else {
                double bound = Math.max(Math.abs(upper), Math.abs(lower));
                int index = (int) Math.round(Math.log(bound) / Math.log(2) * Math.pow(2, schema));
                (upper > 0 ? positive : negative).put(index, count(bucket));
            }
        }
    }

    private void counts(String prefix, NavigableMap<Integer, String> counts) {
        if (counts.isEmpty()) {
            return;
        }
        text.append(' ').append(prefix).append("offset:").append(counts.firstKey());
        text.append(' ').append(prefix).append("buckets:[");
        for (int index = counts.firstKey(); index <= counts.lastKey(); index++) {
            text.append(index == counts.firstKey() ? "" : " ").append(counts.getOrDefault(index, "0"));
        }
        text.append(']');
    }

    /** The one in which all buckets but that around 0 are. */
    private static int schema(List<JsonNode> buckets) {
        int schema = 0;
        for (JsonNode bucket : buckets) {
            double lower = lower(bucket);
            double upper = upper(bucket);
            boolean around = lower <= 0 && upper >= 0;
            if (Double.isInfinite(lower) || Double.isInfinite(upper) || (around && lower != -upper)) {
                return HistogramLayout.CUSTOM_BUCKETS;
            }
            if (!around) {
                double ratio = lower > 0 ? upper / lower : lower / upper;
                double exact = -Math.log(Math.log(ratio) / Math.log(2)) / Math.log(2);
                schema = (int) Math.round(exact);
                if (Math.abs(exact - schema) > EXACT * 100) {
                    return HistogramLayout.CUSTOM_BUCKETS;
                }
            }
        }
        return schema;
    }

    private static double lower(JsonNode bucket) {
        return GoFloat.parse(bucket.path(1).asText());
    }

    private static double upper(JsonNode bucket) {
        return GoFloat.parse(bucket.path(2).asText());
    }

    private static String count(JsonNode bucket) {
        return bucket.path(3).asText();
    }
}
