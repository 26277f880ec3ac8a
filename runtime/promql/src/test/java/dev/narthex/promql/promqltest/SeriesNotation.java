// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.StalenessMarker;
import dev.narthex.promql.syntax.PromqlParser;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of a series with its values, as {@code load} and expectations have it.
 *
 * @param labels the series
 * @param values its values, null for a gap; empty where there are native histograms among them
 * @param hasHistograms whether there are native histograms among the values
 */
record SeriesNotation(Labels labels, List<@Nullable Double> values, boolean hasHistograms) {
    private static final Pattern BLANKS = Pattern.compile("_(?:x(\\d+))?");
    private static final Pattern NUMBERS =
            Pattern.compile("([-+]?(?:\\d[\\d.]*(?:[eE][-+]?\\d+)?|\\.\\d+(?:[eE][-+]?\\d+)?|Inf|NaN|inf|nan))"
                    + "(?:([-+])([\\d.]+(?:[eE][-+]?\\d+)?|Inf|NaN))?(?:x(\\d+))?");

    static SeriesNotation parse(String line) {
        int end = endOfLabels(line);
        Labels labels = labels(line.substring(0, end).strip());
        String values = line.substring(end).strip();
        if (values.contains("{{")) {
            return new SeriesNotation(labels, List.of(), true);
        }
        List<@Nullable Double> parsed = new ArrayList<>();
        for (String item : values.split("\\s+", -1)) {
            if (!item.isEmpty()) {
                add(item, parsed);
            }
        }
        return new SeriesNotation(labels, parsed, false);
    }

    private static void add(String item, List<@Nullable Double> values) {
        if (item.equals("stale")) {
            values.add(StalenessMarker.VALUE);
            return;
        }
        Matcher blanks = BLANKS.matcher(item);
        if (blanks.matches()) {
            int count = blanks.group(1) == null ? 1 : Integer.parseInt(blanks.group(1));
            for (int i = 0; i < count; i++) {
                values.add(null);
            }
            return;
        }
        Matcher numbers = NUMBERS.matcher(item);
        if (!numbers.matches()) {
            throw new IllegalArgumentException("value " + item + " of a series is none");
        }
        double start = number(numbers.group(1));
        double step = numbers.group(3) == null ? 0 : number(numbers.group(2) + numbers.group(3));
        int more = numbers.group(4) == null ? 0 : Integer.parseInt(numbers.group(4));
        double value = start;
        for (int i = 0; i <= more; i++) {
            values.add(value);
            value += step;
        }
    }

    /** A number as test files write it. */
    static double number(String text) {
        return dev.narthex.model.GoFloat.parse(text);
    }

    private static Labels labels(String selector) {
        if (selector.equals("{}")) {
            return Labels.EMPTY;
        }
        String name = selector.endsWith("{}") ? selector.substring(0, selector.length() - 2) : selector;
        List<LabelMatcher> matchers = PromqlParser.parseSelector(name);
        var builder = Labels.builder();
        for (LabelMatcher matcher : matchers) {
            builder.set(matcher.name(), matcher.value());
        }
        return builder.build();
    }

    /** Where the labels end: behind the closing brace, or at the first space where there are none. */
    private static int endOfLabels(String line) {
        char quote = 0;
        boolean braces = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '{' && (i + 1 >= line.length() || line.charAt(i + 1) != '{')) {
                braces = true;
            } else if (c == '}' && braces) {
                return i + 1;
            } else if (!braces && Character.isWhitespace(c)) {
                // A space may stand between the name and its braces.
                String rest = line.substring(i).strip();
                if (!rest.startsWith("{") || rest.startsWith("{{")) {
                    return i;
                }
            }
        }
        return line.length();
    }
}
