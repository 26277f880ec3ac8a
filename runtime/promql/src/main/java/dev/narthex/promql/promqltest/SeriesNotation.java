// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramArithmetic;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.MatchOp;
import dev.narthex.model.StalenessMarker;
import dev.narthex.promql.syntax.PromqlParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of a series with its values, as {@code load} and expectations have it. Values are separated by spaces: a number, a
 * native histogram ({@link HistogramNotation}), {@code _} for none, {@code stale} for the end of the series; {@code axn} is
 * {@code a} and {@code n} more of it, {@code a+bxn} and {@code a-bxn} are {@code a} and {@code n} more, each by {@code b}
 * more or less than the one before; {@code _xn} is {@code n} gaps.
 *
 * @param labels the series
 * @param values its values
 * @param startOffsetsMs of those values whose start timestamp is known, by their index, how far that is from their own
 *     timestamp, see {@link StartNotation}
 */
record SeriesNotation(Labels labels, List<SequenceValue> values, Map<Integer, Long> startOffsetsMs) {
    private static final Pattern BLANKS = Pattern.compile("_(?:x(\\d+))?");
    private static final String NUMBER =
            "(?:\\d[\\d_]*\\.?\\d*(?:[eE][-+]?\\d+)?" + "|\\.\\d+(?:[eE][-+]?\\d+)?|(?i:inf|nan))";
    private static final Pattern NUMBERS =
            Pattern.compile("([-+]?" + NUMBER + ")(?:([-+])(" + NUMBER + "))?(?:x(\\d+))?");
    private static final Pattern HISTOGRAMS =
            Pattern.compile("\\{\\{([^{}]*)\\}\\}(?:\\s*([-+])\\s*\\{\\{([^{}]*)\\}\\})?(?:x(\\d+))?(?=\\s|$)");

    SeriesNotation {
        values = List.copyOf(values);
        startOffsetsMs = Map.copyOf(startOffsetsMs);
    }

    private SeriesNotation(Labels labels, List<SequenceValue> values) {
        this(labels, values, Map.of());
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException when it is not of a series; the message says why
     */
    static SeriesNotation parse(String line) {
        int end = endOfLabels(line);
        Labels labels = labels(line.substring(0, end).strip());
        return new SeriesNotation(labels, values(line.substring(end)));
    }

    /**
     * Reads a line of start timestamps.
     *
     * @return null where it is none
     * @throws IllegalArgumentException when it is one, but not right; the message says why
     */
    static @Nullable StartNotation starts(String line) {
        int end = endOfLabels(line);
        String labels = line.substring(0, end).strip();
        String items = line.substring(end);
        if (labels.endsWith("}")) {
            return items.startsWith(StartNotation.SUFFIX)
                    ? StartNotation.parse(labels(labels), items.substring(StartNotation.SUFFIX.length()))
                    : null;
        }
        return labels.endsWith(StartNotation.SUFFIX)
                ? StartNotation.parse(
                        labels(labels.substring(0, labels.length() - StartNotation.SUFFIX.length())), items)
                : null;
    }

    private static List<SequenceValue> values(String text) {
        List<SequenceValue> values = new ArrayList<>();
        Matcher histograms = HISTOGRAMS.matcher(text);
        int at = 0;
        while (true) {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                return values;
            }
            if (text.startsWith("{{", at)) {
                if (!histograms.find(at) || histograms.start() != at) {
                    throw new IllegalArgumentException("histogram: not closed, found " + text.substring(at));
                }
                addHistograms(histograms, values);
                at = histograms.end();
            } else {
                int end = at;
                while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
                    end++;
                }
                add(text.substring(at, end), values);
                at = end;
            }
        }
    }

    private static void addHistograms(Matcher matcher, List<SequenceValue> values) {
        FloatHistogram value = HistogramNotation.parse(matcher.group(1));
        int more = matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4));
        FloatHistogram step = matcher.group(3) == null ? null : HistogramNotation.parse(matcher.group(3));
        if (step != null && !step.isCompatible(value)) {
            throw new IllegalArgumentException("histogram: custom and other buckets in one sequence");
        }
        for (int i = 0; i <= more; i++) {
            values.add(new SequenceValue.Histogram(value));
            if (step != null) {
                value = matcher.group(2).equals("+")
                        ? HistogramArithmetic.add(value, step).histogram()
                        : less(value, step);
            }
        }
    }

    /** The difference; it is a gauge only where one of both is, other than that of a query. */
    private static FloatHistogram less(FloatHistogram value, FloatHistogram step) {
        boolean gauge =
                value.counterResetHint() == CounterResetHint.GAUGE || step.counterResetHint() == CounterResetHint.GAUGE;
        return HistogramArithmetic.subtract(value, step)
                .histogram()
                .withHint(gauge ? CounterResetHint.GAUGE : CounterResetHint.UNKNOWN);
    }

    private static void add(String item, List<SequenceValue> values) {
        if (item.equals("stale")) {
            values.add(new SequenceValue.Number(StalenessMarker.VALUE));
            return;
        }
        Matcher blanks = BLANKS.matcher(item);
        if (blanks.matches()) {
            int count = blanks.group(1) == null ? 1 : Integer.parseInt(blanks.group(1));
            for (int i = 0; i < count; i++) {
                values.add(new SequenceValue.Gap());
            }
            return;
        }
        Matcher numbers = NUMBERS.matcher(item);
        if (!numbers.matches()) {
            throw new IllegalArgumentException("value " + item + " of a series is none");
        }
        double step = numbers.group(3) == null ? 0 : number(numbers.group(2) + numbers.group(3));
        int more = numbers.group(4) == null ? 0 : Integer.parseInt(numbers.group(4));
        double value = number(numbers.group(1));
        for (int i = 0; i <= more; i++) {
            values.add(new SequenceValue.Number(value));
            value += step;
        }
    }

    /**
     * A number as test files write it: as queries do, so that {@code 010} is 8.
     *
     * @throws dev.narthex.promql.syntax.PromqlParseException when it is none
     */
    static double number(String text) {
        return PromqlParser.parseNumber(text);
    }

    /** Labels in braces and a name in front of them, which counts more than one within. */
    private static Labels labels(String series) {
        int braces = series.indexOf('{');
        String name = braces < 0 ? series : series.substring(0, braces);
        LabelsBuilder builder = Labels.builder();
        if (braces >= 0) {
            addLabels(series.substring(braces), builder);
        }
        if (!name.isBlank() || braces < 0) {
            addLabels(name, builder);
        }
        return builder.build();
    }

    private static void addLabels(String selector, LabelsBuilder into) {
        for (LabelMatcher matcher : PromqlParser.parseAnySelector(selector)) {
            if (matcher.op() != MatchOp.EQUAL) {
                throw new IllegalArgumentException("labels of a series are given with =, found " + selector);
            }
            into.set(matcher.name(), matcher.value());
        }
    }

    /** Where the labels end: behind the closing brace, or at the first space where there are none. */
    private static int endOfLabels(String line) {
        char quote = 0;
        boolean braces = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0) {
                if (c == '\\' && quote != '`') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '\'' || c == '`') {
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
