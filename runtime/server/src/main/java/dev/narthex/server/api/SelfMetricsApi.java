// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.exposition.ExpositionEntry;
import dev.narthex.exposition.SeriesDecoder;
import dev.narthex.exposition.TextParser;
import dev.narthex.model.GoFloat;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.MatchOp;
import dev.narthex.model.MetricType;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * {@code /api/v1/status/self_metrics} with {@code metric_name_pattern}: what {@code /metrics} says, in the JSON form of
 * Prometheus' protobuf messages (io.prometheus.client, "proto3 JSON mapping"). Safe for use by many threads.
 */
public final class SelfMetricsApi {
    private static final String PATTERN = "metric_name_pattern";

    private final Supplier<byte[]> page;

    /** @param page the exposition of this moment as text 0.0.4, families one after the other */
    public SelfMetricsApi(Supplier<byte[]> page) {
        this.page = page;
    }

    private record Family(String name, MetricType type, String help, Map<Labels, Metric> metrics) {}

    /** The samples that differ by nothing but a bucket's bound or a quantile. */
    private static final class Metric {
        private final TreeMap<Double, Double> steps = new TreeMap<>();
        private double value;
        private double sum;
        private double count;
    }

    /** {@code GET /api/v1/status/self_metrics}. */
    public Response selfMetrics(Request request) {
        String text = request.parameter(PATTERN);
        LabelMatcher wanted = text.isEmpty() ? null : matcher(text);
        List<Family> families = families(page.get()).stream()
                .filter(family -> wanted == null || wanted.matches(family.name))
                .sorted(Comparator.comparing(Family::name))
                .toList();
        return JsonEnvelope.success(json -> {
            json.beginArray();
            for (Family family : families) {
                write(json, family);
            }
            json.endArray();
        });
    }

    private static LabelMatcher matcher(String pattern) {
        try {
            return LabelMatcher.of(MatchOp.REGEX, Labels.METRIC_NAME, pattern);
        } catch (IllegalArgumentException e) {
            // Prometheus shows the expression with its anchors.
            String problem = String.valueOf(e.getMessage()).replace("`" + pattern + "`", "`^(?:" + pattern + ")$`");
            throw ApiException.badData("invalid " + PATTERN + ": " + problem);
        }
    }

    private static List<Family> families(byte[] exposition) {
        TextParser parser = new TextParser();
        parser.reset(exposition, 0, exposition.length);
        SeriesDecoder series = new SeriesDecoder();
        List<Family> families = new ArrayList<>();
        String help = "";
        for (ExpositionEntry entry = parser.next(); entry != ExpositionEntry.END; entry = parser.next()) {
            switch (entry) {
                case HELP -> help = parser.helpText();
                case TYPE -> {
                    families.add(new Family(parser.familyName(), parser.type(), help, new LinkedHashMap<>()));
                    help = "";
                }
                case SERIES -> {
                    series.decode(parser.text(), parser.seriesStart(), parser.seriesEnd(), MetricType.UNKNOWN);
                    add(families.getLast(), series, parser.value());
                }
                case UNIT, END -> {}
            }
        }
        return families;
    }

    private static void add(Family family, SeriesDecoder series, double value) {
        String stepLabel = switch (family.type) {
            case HISTOGRAM -> "le";
            case SUMMARY -> "quantile";
            default -> "";
        };
        LabelsBuilder labels = Labels.builder();
        double step = Double.NaN;
        for (int i = 1; i < series.size(); i++) {
            if (series.name(i).equals(stepLabel)) {
                step = GoFloat.parse(series.value(i));
            } else {
                labels.set(series.name(i), series.value(i));
            }
        }
        Metric metric = family.metrics.computeIfAbsent(labels.build(), _ -> new Metric());
        String suffix = series.value(0).substring(family.name.length());
        if (!Double.isNaN(step)) {
            metric.steps.put(step, value);
        } else if (suffix.equals("_sum")) {
            metric.sum = value;
        } else if (suffix.equals("_count")) {
            metric.count = value;
        } else {
            metric.value = value;
        }
    }

    private static void write(JsonWriter json, Family family) throws IOException {
        json.beginObject()
                .member("name", family.name)
                .member("help", family.help)
                .member("type", type(family.type).toUpperCase(Locale.ROOT))
                .name("metric")
                .beginArray();
        for (Map.Entry<Labels, Metric> metric : family.metrics.entrySet()) {
            json.beginObject();
            labels(json, metric.getKey());
            json.name(type(family.type)).beginObject();
            switch (family.type) {
                case HISTOGRAM -> histogram(json, metric.getValue());
                case SUMMARY -> summary(json, metric.getValue());
                default -> number(json, "value", metric.getValue().value);
            }
            json.endObject().endObject();
        }
        json.endArray().endObject();
    }

    private static String type(MetricType type) {
        return switch (type) {
            case COUNTER, GAUGE, HISTOGRAM, SUMMARY -> type.text();
            case GAUGE_HISTOGRAM, INFO, STATESET, UNKNOWN -> "untyped";
        };
    }

    private static void labels(JsonWriter json, Labels labels) throws IOException {
        if (labels.isEmpty()) {
            return;
        }
        json.name("label").beginArray();
        for (int i = 0; i < labels.size(); i++) {
            json.beginObject()
                    .member("name", labels.name(i))
                    .member("value", labels.value(i))
                    .endObject();
        }
        json.endArray();
    }

    /** The bucket without an upper bound is left out, as in the protobuf message. */
    private static void histogram(JsonWriter json, Metric metric) throws IOException {
        totals(json, metric);
        json.name("bucket").beginArray();
        for (Map.Entry<Double, Double> bucket : metric.steps.entrySet()) {
            if (!bucket.getKey().isInfinite()) {
                json.beginObject().member("cumulativeCount", whole(bucket.getValue()));
                number(json, "upperBound", bucket.getKey());
                json.endObject();
            }
        }
        json.endArray();
    }

    private static void summary(JsonWriter json, Metric metric) throws IOException {
        totals(json, metric);
        json.name("quantile").beginArray();
        for (Map.Entry<Double, Double> quantile : metric.steps.entrySet()) {
            json.beginObject();
            number(json, "quantile", quantile.getKey());
            number(json, "value", quantile.getValue());
            json.endObject();
        }
        json.endArray();
    }

    private static void totals(JsonWriter json, Metric metric) throws IOException {
        json.member("sampleCount", whole(metric.count));
        number(json, "sampleSum", metric.sum);
    }

    /** 64-bit numbers are texts in this mapping. */
    private static String whole(double count) {
        return Long.toString((long) count);
    }

    /** Numbers that JSON does not have are texts in this mapping. */
    private static void number(JsonWriter json, String name, double value) throws IOException {
        if (Double.isNaN(value)) {
            json.member(name, "NaN");
        } else if (Double.isInfinite(value)) {
            json.member(name, value > 0 ? "Infinity" : "-Infinity");
        } else {
            json.member(name, value);
        }
    }
}
