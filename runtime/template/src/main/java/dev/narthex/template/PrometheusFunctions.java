// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.PromDuration;
import dev.narthex.model.Utf8Order;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The functions of Prometheus' templates (Prometheus documentation, "Template reference"). */
final class PrometheusFunctions {
    private static final String VALUE_LABEL = "__value__";

    /** Those that depend on nothing but their arguments. */
    private static final Map<String, TemplateFunction> PURE = Map.ofEntries(
            Map.entry("args", TemplateFunction.variadic(PrometheusFunctions::args, Parameter.ANY)),
            Map.entry("first", TemplateFunction.of(a -> first(((GoList) a.getFirst()).items()), Parameter.VECTOR)),
            Map.entry(
                    "label",
                    TemplateFunction.of(a -> label(a.get(1), (String) a.get(0)), Parameter.STRING, Parameter.SAMPLE)),
            Map.entry("value", TemplateFunction.of(a -> fields(a.getFirst()).get("Value"), Parameter.SAMPLE)),
            Map.entry("strvalue", TemplateFunction.of(a -> label(a.getFirst(), VALUE_LABEL), Parameter.SAMPLE)),
            Map.entry(
                    "sortByLabel",
                    TemplateFunction.of(
                            a -> sorted((String) a.get(0), (GoList) a.get(1)), Parameter.STRING, Parameter.VECTOR)),
            Map.entry("humanize", TemplateFunction.of(a -> Humanize.decimal(a.getFirst()), Parameter.ANY)),
            Map.entry("humanize1024", TemplateFunction.of(a -> Humanize.binary(a.getFirst()), Parameter.ANY)),
            Map.entry("humanizeDuration", TemplateFunction.of(a -> Humanize.duration(a.getFirst()), Parameter.ANY)),
            Map.entry("humanizePercentage", TemplateFunction.of(a -> Humanize.percentage(a.getFirst()), Parameter.ANY)),
            Map.entry("humanizeTimestamp", TemplateFunction.of(a -> Humanize.timestamp(a.getFirst()), Parameter.ANY)),
            Map.entry("toTime", TemplateFunction.of(a -> Humanize.time(a.getFirst()), Parameter.ANY)),
            Map.entry("toDuration", TemplateFunction.of(a -> Humanize.span(a.getFirst()), Parameter.ANY)),
            text("title", PrometheusFunctions::title),
            text("toUpper", text -> text.toUpperCase(Locale.ROOT)),
            text("toLower", text -> text.toLowerCase(Locale.ROOT)),
            text("stripPort", text -> HostPort.split(text).map(HostPort::host).orElse(text)),
            text("stripDomain", HostPort::withoutDomain),
            text("urlQueryEscape", BuiltinFunctions::query),
            text("graphLink", expression -> "/graph?g0.expr=" + BuiltinFunctions.query(expression) + "&g0.tab=0"),
            text("tableLink", expression -> "/graph?g0.expr=" + BuiltinFunctions.query(expression) + "&g0.tab=1"),
            text("safeHtml", SafeText::new),
            text("parseDuration", PrometheusFunctions::seconds),
            Map.entry(
                    "match",
                    TemplateFunction.of(
                            a -> Expressions.match((String) a.get(0), (String) a.get(1)),
                            Parameter.STRING,
                            Parameter.STRING)),
            Map.entry(
                    "reReplaceAll",
                    TemplateFunction.of(
                            a -> Expressions.replaceAll((String) a.get(0), (String) a.get(1), (String) a.get(2)),
                            Parameter.STRING,
                            Parameter.STRING,
                            Parameter.STRING)));

    /** Those that need a query engine, the time, or the server's address. */
    private static final Set<String> BOUND = Set.of("query", "now", "externalURL", "pathPrefix");

    static final Set<String> NAMES = names();

    private PrometheusFunctions() {}

    private static Set<String> names() {
        Set<String> names = new HashSet<>(PURE.keySet());
        names.addAll(BOUND);
        return Set.copyOf(names);
    }

    /** All functions, for one execution. */
    static Map<String, TemplateFunction> bind(TemplateQuery query, String externalUrl, long timestampMs) {
        Map<String, TemplateFunction> all = new HashMap<>(PURE);
        all.put("query", TemplateFunction.of(a -> run(query, (String) a.getFirst(), timestampMs), Parameter.STRING));
        all.put("now", TemplateFunction.of(_ -> timestampMs / 1000.0));
        all.put("externalURL", TemplateFunction.of(_ -> externalUrl));
        all.put("pathPrefix", TemplateFunction.of(_ -> path(externalUrl)));
        return all;
    }

    private static Map.Entry<String, TemplateFunction> text(String name, Function<String, Object> body) {
        return Map.entry(name, TemplateFunction.of(a -> body.apply((String) a.getFirst()), Parameter.STRING));
    }

    private static Object args(List<@Nullable Object> arguments) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            named.put("arg" + i, arguments.get(i));
        }
        return GoMap.ofAny(named);
    }

    private static GoList run(TemplateQuery query, String expression, long timestampMs) {
        List<TemplateQuery.Sample> samples;
        try {
            samples = query.query(expression, timestampMs);
        } catch (IllegalArgumentException e) {
            throw new FunctionException(String.valueOf(e.getMessage()));
        }
        List<@Nullable Object> items = new ArrayList<>(samples.size());
        for (TemplateQuery.Sample sample : samples) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("Labels", GoMap.of(sample.labels()));
            fields.put("Value", sample.value());
            items.add(new GoStruct("*template.sample", fields, Map.of()));
        }
        return new GoList("template.queryResult", items);
    }

    private static @Nullable Object first(List<@Nullable Object> samples) {
        if (samples.isEmpty()) {
            throw new FunctionException("first() called on vector with no elements");
        }
        return samples.getFirst();
    }

    private static Map<String, @Nullable Object> fields(@Nullable Object sample) {
        if (sample instanceof GoStruct struct) {
            return struct.fields();
        }
        throw new FunctionException("no sample");
    }

    private static Object label(@Nullable Object sample, String name) {
        return fields(sample).get("Labels") instanceof GoMap labels && labels.get(name) instanceof String value
                ? value
                : "";
    }

    private static GoList sorted(String label, GoList samples) {
        List<@Nullable Object> sorted = new ArrayList<>(samples.items());
        sorted.sort(Comparator.comparing(sample -> (String) label(sample, label), Utf8Order.COMPARATOR));
        return new GoList(samples.goType(), sorted);
    }

    private static Object seconds(String duration) {
        try {
            return PromDuration.parse(duration) / 1000.0;
        } catch (IllegalArgumentException e) {
            throw new FunctionException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Upper case for the first letter of each word; an apostrophe, full stop or colon inside a word is part of the
     * word (Unicode Standard Annex 29, "Word boundaries").
     */
    private static Object title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean letterSeen = false;
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            boolean letter = Character.isLetter(codePoint);
            out.appendCodePoint(letter && !letterSeen ? Character.toTitleCase(codePoint) : codePoint);
            boolean joins = "'\u2019.:".indexOf(codePoint) >= 0
                    && i > 0
                    && i + 1 < text.length()
                    && Character.isLetterOrDigit(text.codePointBefore(i))
                    && Character.isLetterOrDigit(text.codePointAt(i + 1));
            boolean inWord = Character.isLetterOrDigit(codePoint) || codePoint == '_' || joins;
            letterSeen = inWord && (letterSeen || letter);
        }
        return out.toString();
    }

    private static String path(String url) {
        String path = url.isEmpty() ? null : URI.create(url).getPath();
        return path == null ? "" : path;
    }
}
