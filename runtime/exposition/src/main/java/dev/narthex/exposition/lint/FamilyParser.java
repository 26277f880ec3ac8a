// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition.lint;

import dev.narthex.model.GoFloat;
import dev.narthex.model.LabelNames;
import dev.narthex.model.QuotedString;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an exposition in the text format 0.0.4 as promtool's checks do: by metric families, with names of the classic form
 * only, and stricter than a scrape. What is wrong is told in promtool's words.
 */
public final class FamilyParser {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private final LineCursor in;
    private final Map<String, MetricFamily> families = new LinkedHashMap<>();
    private String lastValue = "";
    /** The name that was told last, of a sample or in a comment, and the metric of the last sample. */
    private String lastName = "";

    private MetricFamily.@Nullable Metric lastMetric;

    private FamilyParser(byte[] text) {
        in = new LineCursor(text);
    }

    /**
     * Reads a whole exposition.
     *
     * @return the families that have samples, in the order of their first mention
     */
    public static List<MetricFamily> parse(byte[] text) throws FamilyParseException {
        FamilyParser parser = new FamilyParser(text);
        while (parser.in.skipToEntry()) {
            parser.line();
        }
        List<MetricFamily> withSamples = new ArrayList<>(parser.families.values());
        withSamples.removeIf(family -> family.metrics().isEmpty());
        return withSamples;
    }

    private void line() throws FamilyParseException {
        if (in.peek() == '#') {
            in.next();
            comment();
        } else {
            sample();
        }
    }

    private void comment() throws FamilyParseException {
        in.skipBlanks();
        String keyword = in.token();
        boolean help = keyword.equals("HELP");
        if (!help && !keyword.equals("TYPE")) {
            in.restOfLine();
            return;
        }
        in.skipBlanks();
        if (in.peek() == '\n') {
            in.next();
            return;
        }
        String name = in.peek() == '"' ? quotedName() : in.name();
        if (name.isEmpty() || (in.peek() != '\n' && !in.isBlank())) {
            throw in.failure("invalid metric name in comment");
        }
        in.skipBlanks();
        if (in.peek() == '\n') {
            in.next();
            return;
        }
        MetricFamily family = familyOf(name);
        lastName = name;
        if (help) {
            help(family);
        } else {
            type(family);
        }
    }

    private void help(MetricFamily family) throws FamilyParseException {
        if (family.help() != null) {
            throw in.failure("second HELP line for metric name " + QuotedString.of(family.name()));
        }
        family.help(in.escapedLine());
    }

    private void type(MetricFamily family) throws FamilyParseException {
        if (family.isTyped() || !family.metrics().isEmpty()) {
            throw in.failure("second TYPE line for metric name " + QuotedString.of(family.name())
                    + ", or TYPE reported after samples");
        }
        int line = in.line();
        // promtool reads it as a help text: a backslash takes the character behind it as it is, and is itself lost.
        String name = in.restOfLine().replace("\\", "");
        FamilyType type = FamilyType.of(name);
        if (type == null) {
            throw new FamilyParseException(line, "unknown metric type " + QuotedString.of(name));
        }
        family.type(type);
    }

    private void sample() throws FamilyParseException {
        String name = switch (in.peek()) {
            case '{' -> "";
            case '"' -> quotedName();
            default -> in.name();
        };
        if (name.isEmpty() && in.peek() != '{') {
            throw in.failure("invalid metric name");
        }
        in.skipBlanks();
        Map<String, String> labels = new LinkedHashMap<>();
        if (in.peek() == '{') {
            in.next();
            name = labels(name, labels);
            in.skipBlanks();
        }
        // A sample without a name is one more of the metric before, as in promtool.
        MetricFamily.Metric before = name.isEmpty() ? lastMetric : null;
        lastName = owner(name);
        boolean bucket = bucket(lastName, labels);
        valueAndTimestamp();
        MetricFamily family = familyOf(lastName);
        lastMetric = before == null ? family.add(labels, bucket) : family.addAgain(before, labels, bucket);
    }

    /** Takes the label off that tells buckets and quantiles apart. */
    private boolean bucket(String name, Map<String, String> labels) {
        FamilyType type = familyOf(name).type();
        String special = special(type);
        boolean bounded = labels.remove(special) != null;
        return bounded && (!type.isHistogram() || name.endsWith("_bucket"));
    }

    /** The label that tells buckets or quantiles apart, empty where there are none. */
    private static String special(FamilyType type) {
        return type.isHistogram() ? "le" : type == FamilyType.SUMMARY ? "quantile" : "";
    }

    private String labels(String given, Map<String, String> into) throws FamilyParseException {
        String name = given;
        while (true) {
            in.skipBlanks();
            if (in.peek() == '}') {
                in.next();
                owner(name);
                return name;
            }
            boolean quoted = in.peek() == '"';
            String label = quoted ? "" : in.labelName();
            if (in.peek() == '"') {
                // promtool takes what is quoted behind a name for the rest of it.
                label += in.quoted();
            }
            if (label.isEmpty() && !quoted) {
                throw in.failure("invalid label name for metric "
                        + QuotedString.of(familyOf(owner(name)).name()));
            }
            in.skipBlanks();
            if (given.isEmpty() && (in.peek() == ',' || in.peek() == '}')) {
                if (!name.isEmpty()) {
                    throw in.failure("multiple metric names for metric " + QuotedString.of(name));
                }
                name = metricName(label);
            } else {
                label(owner(name), label, into);
            }
            in.skipBlanks();
            if (in.peek() == ',') {
                in.next();
            } else if (in.peek() != '}') {
                throw in.failure("unexpected end of label value " + QuotedString.of(lastValue));
            }
        }
    }

    /** The name that a sample without one goes by: the last, where there was a sample before. */
    private String owner(String name) throws FamilyParseException {
        if (name.isEmpty() && lastMetric == null) {
            throw in.failure("invalid metric name");
        }
        return name.isEmpty() ? lastName : name;
    }

    private void label(String metric, String label, Map<String, String> into) throws FamilyParseException {
        if (label.equals("__name__")) {
            throw in.failure("label name \"__name__\" is reserved");
        }
        if (!LabelNames.isClassic(label)) {
            throw in.failure("invalid label name " + QuotedString.of(label));
        }
        if (in.peek() != '=') {
            throw in.failure("expected '=' after label name, found " + in.shown());
        }
        in.next();
        in.skipBlanks();
        if (in.peek() != '"') {
            throw in.failure("expected '\"' at start of label value, found " + in.shown());
        }
        String value = in.quoted();
        if (value.chars().anyMatch(c -> c >= 0xdc80 && c <= 0xdcff)) {
            throw in.failure("invalid label value " + QuotedString.of(value));
        }
        lastValue = value;
        MetricFamily family = familyOf(metric);
        boolean special = label.equals(special(family.type()));
        if (special) {
            number(value, "value for '" + label + "' label");
        }
        if (into.put(label, value) != null && !special) {
            throw in.failure("duplicate label names for metric " + QuotedString.of(family.name()));
        }
    }

    private void valueAndTimestamp() throws FamilyParseException {
        number(in.token(), "value");
        if (in.peek() == '\n') {
            in.next();
            return;
        }
        in.skipBlanks();
        String timestamp = in.token();
        BigInteger whole = INTEGER.matcher(timestamp).matches() ? new BigInteger(timestamp) : null;
        if (whole == null || whole.compareTo(MIN) < 0 || whole.compareTo(MAX) > 0) {
            throw in.failure("expected integer as timestamp, got " + QuotedString.of(timestamp));
        }
        int line = in.line();
        String rest = in.restOfLine();
        if (!rest.isEmpty()) {
            throw new FamilyParseException(line, "spurious string after timestamp: " + QuotedString.of(rest));
        }
    }

    private void number(String text, String what) throws FamilyParseException {
        boolean plain = !text.isEmpty() && text.indexOf('_') < 0 && text.indexOf('x') < 0 && text.indexOf('X') < 0;
        try {
            if (plain) {
                GoFloat.parse(text);
                return;
            }
        } catch (NumberFormatException _) {
            // Told below, as what is not plain.
        }
        throw in.failure("expected float as " + what + ", got " + QuotedString.of(text));
    }

    private String quotedName() throws FamilyParseException {
        return metricName(in.quoted());
    }

    private String metricName(String name) throws FamilyParseException {
        if (!LabelNames.isClassicMetricName(name)) {
            throw in.failure("invalid metric name " + QuotedString.of(name));
        }
        return name;
    }

    /** The family that a sample or comment of a name belongs to; a new one where there is none. */
    private MetricFamily familyOf(String name) {
        MetricFamily exact = families.get(name);
        if (exact != null) {
            return exact;
        }
        for (String suffix : List.of("_count", "_sum", "_bucket")) {
            MetricFamily base =
                    name.endsWith(suffix) ? families.get(name.substring(0, name.length() - suffix.length())) : null;
            if (base != null
                    && (base.type().isHistogram()
                            || (base.type() == FamilyType.SUMMARY && !suffix.equals("_bucket")))) {
                return base;
            }
        }
        MetricFamily added = new MetricFamily(name);
        families.put(name, added);
        return added;
    }

    /** The bytes of a text as characters; those that are no UTF-8 as characters that stand for bytes. */
    static String decoded(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') < 0) {
            return text;
        }
        StringBuilder all = new StringBuilder();
        for (int i = from; i < to; i++) {
            all.append(bytes[i] >= 0 ? (char) bytes[i] : (char) (0xdc00 | (bytes[i] & 0xff)));
        }
        return all.toString();
    }
}
