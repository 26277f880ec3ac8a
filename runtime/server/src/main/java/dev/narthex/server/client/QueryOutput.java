// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.client;

import dev.narthex.model.GoFloat;
import dev.narthex.model.QuotedString;
import dev.narthex.server.command.Command;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes answers of a server as promtool prints them: as lines, or as the JSON of the result alone. */
final class QueryOutput {
    private QueryOutput() {}

    /**
     * The text of an answer.
     *
     * @param answer of a server, with success
     * @throws ClassCastException when it is of another form
     */
    static String of(Command.Query query, JsonObject answer) {
        StringBuilder text = new StringBuilder();
        if (query.kind() == Command.QueryKind.SERIES || query.kind() == Command.QueryKind.LABELS) {
            JsonArray data = answer.getJsonArray("data", new JsonArray());
            if (query.json()) {
                json(text, data);
                return text.append('\n').toString();
            }
            for (Object one : data) {
                if (one instanceof JsonObject labels) {
                    labels(text, labels, "");
                } else {
                    text.append(one);
                }
                text.append('\n');
            }
            return text.toString();
        }
        JsonObject data = answer.getJsonObject("data");
        JsonArray result = data.getJsonArray("result");
        if (query.json()) {
            json(text, withPlainValues(result));
        } else if ("scalar".equals(data.getString("resultType"))) {
            text.append("scalar: ");
            sample(text, result);
        } else if ("string".equals(data.getString("resultType"))) {
            text.append(result.getString(1));
        } else {
            List<JsonObject> series = new ArrayList<>();
            result.forEach(one -> series.add((JsonObject) one));
            if ("matrix".equals(data.getString("resultType"))) {
                series.sort(Comparator.comparing(one -> one.getJsonObject("metric"), QueryOutput::compare));
            }
            text.append(series.stream().map(QueryOutput::series).collect(Collectors.joining("\n")));
        }
        return text.append('\n').toString();
    }

    /** Fewer labels first; then, at the first name that tells them apart, the set without it, or with the smaller value. */
    private static int compare(JsonObject left, JsonObject right) {
        if (left.size() != right.size()) {
            return Integer.compare(left.size(), right.size());
        }
        SortedSet<String> names = new TreeSet<>(left.fieldNames());
        names.addAll(right.fieldNames());
        for (String name : names) {
            if (!left.containsKey(name)) {
                return -1;
            }
            if (!right.containsKey(name)) {
                return 1;
            }
            int byValue = left.getString(name).compareTo(right.getString(name));
            if (byValue != 0) {
                return byValue;
            }
        }
        return 0;
    }

    private static String series(JsonObject series) {
        StringBuilder text = new StringBuilder();
        JsonObject metric = series.getJsonObject("metric");
        String name = metric.getString("__name__", "");
        text.append(name);
        if (name.isEmpty() || metric.size() > 1) {
            labels(text, metric, "__name__");
        }
        text.append(" =>");
        JsonArray one = series.getJsonArray("value", series.getJsonArray("histogram"));
        if (one != null) {
            sample(text.append(' '), one);
            return text.toString();
        }
        for (String kind : List.of("values", "histograms")) {
            for (Object sample : series.getJsonArray(kind, new JsonArray())) {
                sample(text.append('\n'), (JsonArray) sample);
            }
        }
        return text.toString();
    }

    /** {@code {a="b", c="d"}}, in the order of names. */
    private static void labels(StringBuilder text, JsonObject labels, String without) {
        String separator = "";
        text.append('{');
        for (Map.Entry<String, Object> label : new TreeMap<>(labels.getMap()).entrySet()) {
            if (!label.getKey().equals(without)) {
                text.append(separator).append(label.getKey()).append('=');
                QuotedString.append(text, String.valueOf(label.getValue()));
                separator = ", ";
            }
        }
        text.append('}');
    }

    /** {@code VALUE @[SECONDS]}. */
    private static void sample(StringBuilder text, JsonArray sample) {
        if (sample.getValue(1) instanceof JsonObject histogram) {
            histogram(text, histogram);
        } else {
            text.append(plain(sample.getString(1)));
        }
        text.append(" @[").append(GoFloat.fixed(sample.getDouble(0))).append(']');
    }

    /** A value without an exponent, however it came. */
    private static String plain(String value) {
        return GoFloat.fixed(GoFloat.parse(value));
    }

    private static void histogram(StringBuilder text, JsonObject histogram) {
        text.append(String.format(
                Locale.ROOT,
                "Count: %.6f, Sum: %.6f, Buckets: [",
                GoFloat.parse(histogram.getString("count")),
                GoFloat.parse(histogram.getString("sum"))));
        String separator = "";
        for (Object one : histogram.getJsonArray("buckets", new JsonArray())) {
            JsonArray bucket = (JsonArray) one;
            // Which of the bounds belong to the bucket: 0 the upper, 1 the lower, 2 none, 3 both.
            int bounds = bucket.getInteger(0);
            text.append(separator)
                    .append(bounds == 1 || bounds == 3 ? '[' : '(')
                    .append(GoFloat.general(GoFloat.parse(bucket.getString(1))))
                    .append(',')
                    .append(GoFloat.general(GoFloat.parse(bucket.getString(2))))
                    .append(bounds == 0 || bounds == 3 ? ']' : ')')
                    .append(':')
                    .append(plain(bucket.getString(3)));
            separator = " ";
        }
        text.append(']');
    }

    /** Sample values, counts and bounds without exponents; labels as they are. */
    private static Object withPlainValues(Object value) {
        return switch (value) {
            case JsonArray array -> {
                JsonArray plain = new JsonArray();
                array.forEach(one -> plain.add(withPlainValues(one)));
                yield plain;
            }
            case JsonObject object -> {
                JsonObject plain = new JsonObject();
                object.forEach(member -> plain.put(
                        member.getKey(),
                        member.getKey().equals("metric") ? member.getValue() : withPlainValues(member.getValue())));
                yield plain;
            }
            case String number -> plain(number);
            default -> value;
        };
    }

    /** JSON as Go prints it: no number in scientific form, no angle bracket and ampersand as they are. */
    private static void json(StringBuilder text, Object value) {
        switch (value) {
            case JsonArray array -> {
                String separator = "[";
                for (Object one : array) {
                    json(text.append(separator), one);
                    separator = ",";
                }
                text.append(array.isEmpty() ? "[]" : "]");
            }
            case JsonObject object -> {
                String separator = "{";
                for (Map.Entry<String, Object> member : object) {
                    json(text.append(separator), member.getKey());
                    json(text.append(':'), member.getValue());
                    separator = ",";
                }
                text.append(object.isEmpty() ? "{}" : "}");
            }
            case Integer number -> text.append(number.intValue());
            case Number number -> text.append(GoFloat.fixed(number.doubleValue()));
            case String string -> QuotedJson.append(text, string);
            default -> text.append(value);
        }
    }
}
