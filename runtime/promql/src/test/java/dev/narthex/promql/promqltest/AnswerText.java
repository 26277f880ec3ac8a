// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.narthex.model.PromDuration;
import dev.narthex.model.QuotedString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The answer of the HTTP API as the expectations of a test file. */
final class AnswerText {
    private static final String PARSING = "invalid parameter \"query\": ";

    /** Behind it stand the series, in any order. */
    private static final String SERIES = " hand-side of the operation: ";

    /** How many histograms were mended, which Prometheus adds up wrongly. */
    private static final Pattern MENDED = Pattern.compile("over \\d+ samples");

    private final Command.Eval eval;
    private final HistogramAnswer histograms;

    AnswerText(Command.Eval eval, HistogramAnswer histograms) {
        this.eval = eval;
        this.histograms = histograms;
    }

    /** Adds a line for all that is told by the answer. */
    void write(JsonNode answer, List<String> into) {
        if (!answer.path("status").asText().equals("success")) {
            String error = answer.path("error").asText();
            String words = error.startsWith(PARSING) ? error.substring(PARSING.length()) : error;
            int series = words.indexOf(SERIES);
            into.add(
                    series < 0
                            ? "expect fail msg: " + words
                            : "expect fail regex: " + literal(words.substring(0, series + SERIES.length())));
            return;
        }
        annotations("warn", answer.path("warnings"), into);
        annotations("info", answer.path("infos"), into);
        JsonNode result = answer.path("data").path("result");
        switch (answer.path("data").path("resultType").asText()) {
            case "scalar" -> into.add(result.path(1).asText());
            case "string" ->
                into.add("expect string " + QuotedString.of(result.path(1).asText()));
            case "vector" -> vector(result, into);
            default -> matrix(result, into);
        }
    }

    private static void annotations(String kind, JsonNode texts, List<String> into) {
        if (texts.isEmpty()) {
            into.add("expect no_" + kind);
        }
        for (JsonNode text : texts) {
            Matcher mended = MENDED.matcher(text.asText());
            into.add("expect " + kind
                    + (mended.find()
                            ? " regex: " + literal(text.asText().substring(0, mended.start())) + "over \\d+ samples"
                                    + literal(text.asText().substring(mended.end()))
                            : " msg: " + text.asText()));
        }
    }

    private static String literal(String text) {
        return text.replaceAll("[\\\\.\\[\\]{}()*+?^$|]", "\\\\$0");
    }

    private void vector(JsonNode result, List<String> into) {
        List<String> lines = new ArrayList<>();
        for (JsonNode one : result) {
            String value = one.has("value")
                    ? one.path("value").path(1).asText()
                    : histograms.text(
                            one.path("metric"),
                            timeMs(one.path("histogram")),
                            one.path("histogram").path(1));
            lines.add(labels(one.path("metric")) + " " + value);
        }
        if (eval.query().startsWith("sort")) {
            into.add("expect ordered");
        } else {
            // Where no order is asked for, it may be another one each time.
            Collections.sort(lines);
        }
        into.addAll(lines);
    }

    private void matrix(JsonNode result, List<String> into) {
        List<String> series = new ArrayList<>();
        long startMs = eval.startMs();
        long stepMs = eval.stepMs();
        if (eval.isInstant()) {
            long firstMs = Long.MAX_VALUE;
            long lastMs = Long.MIN_VALUE;
            long commonMs = 0;
            for (JsonNode one : result) {
                for (long timeMs : points(one).keySet()) {
                    commonMs = firstMs == Long.MAX_VALUE ? 0 : gcd(commonMs, Math.abs(timeMs - firstMs));
                    firstMs = Math.min(firstMs, timeMs);
                    lastMs = Math.max(lastMs, timeMs);
                }
            }
            startMs = firstMs == Long.MAX_VALUE ? eval.startMs() : firstMs;
            stepMs = commonMs == 0 ? 60_000 : commonMs;
            into.add("expect range vector from " + PromDuration.format(startMs) + " to "
                    + PromDuration.format(Math.max(startMs, lastMs)) + " step " + PromDuration.format(stepMs));
        }
        for (JsonNode one : result) {
            StringBuilder line = new StringBuilder(labels(one.path("metric")));
            long nextMs = startMs;
            for (var point : points(one).entrySet()) {
                for (; nextMs < point.getKey(); nextMs += stepMs) {
                    line.append(" _");
                }
                line.append(' ').append(point.getValue());
                nextMs += stepMs;
            }
            series.add(line.toString());
        }
        into.addAll(series);
    }

    private NavigableMap<Long, String> points(JsonNode series) {
        NavigableMap<Long, String> points = new TreeMap<>();
        series.path("values")
                .forEach(point -> points.put(timeMs(point), point.path(1).asText()));
        series.path("histograms")
                .forEach(point -> points.put(
                        timeMs(point), histograms.text(series.path("metric"), timeMs(point), point.path(1))));
        return points;
    }

    private static long timeMs(JsonNode point) {
        return Math.round(point.path(0).asDouble() * 1000);
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private static String labels(JsonNode metric) {
        StringJoiner text = new StringJoiner(", ", "{", "}");
        metric.propertyStream().forEach(label -> {
            String name = label.getKey();
            text.add((name.matches("[a-zA-Z_][a-zA-Z0-9_]*") ? name : QuotedString.of(name)) + "="
                    + QuotedString.of(label.getValue().asText()));
        });
        return text.toString();
    }
}
