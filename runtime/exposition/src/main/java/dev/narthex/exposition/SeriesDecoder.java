// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.GoFloat;
import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns the text of a series that a parser has passed into names and values, as they stand in the
 * exposition: in their order, empty values and repeated names included. Reused from series to series; for one thread.
 *
 * <p>Values of {@code le} in histograms and {@code quantile} in summaries are brought to one form, {@code 1.0} for
 * {@code 1}, as Prometheus 3 does on ingestion.
 */
public final class SeriesDecoder {
    private static final String BUCKET_LABEL = "le";
    private static final String QUANTILE_LABEL = "quantile";

    private final List<String> names = new ArrayList<>();
    private final List<String> values = new ArrayList<>();
    private boolean validNames;

    /**
     * Decodes a series; the metric name comes first, as the label {@code __name__}.
     *
     * @param bytes the text of the series from {@code from} to {@code to}, which a parser has accepted
     * @param type the type that was announced last before the series
     */
    public void decode(byte[] bytes, int from, int to, MetricType type) {
        names.clear();
        values.clear();
        validNames = true;
        names.add(Labels.METRIC_NAME);
        values.add("");
        int p = from;
        while (p < to && isBlank(bytes[p])) {
            p++;
        }
        if (p < to && bytes[p] != '{') {
            while (p < to && bytes[p] != '{' && !isBlank(bytes[p])) {
                p++;
            }
            // White space before the name belongs to it.
            values.set(0, new String(bytes, from, p - from, StandardCharsets.UTF_8));
        }
        while (p < to && bytes[p] != '{') {
            p++;
        }
        labels(bytes, p + 1, to - 1, type);
    }

    private void labels(byte[] bytes, int from, int to, MetricType type) {
        int p = from;
        while (p < to) {
            if (isBlank(bytes[p]) || bytes[p] == ',') {
                p++;
                continue;
            }
            int end = endOfWord(bytes, p, to);
            String word = word(bytes, p, end);
            p = end;
            while (p < to && isBlank(bytes[p])) {
                p++;
            }
            if (p >= to || bytes[p] != '=') {
                values.set(0, word);
                continue;
            }
            do {
                p++;
            } while (bytes[p] != '"');
            end = endOfValue(bytes, p);
            names.add(word);
            values.add(normalized(type, word, Escapes.unescapeQuoted(bytes, p + 1, end - 1)));
            p = end;
        }
    }

    private static int endOfWord(byte[] bytes, int from, int to) {
        int p = from;
        if (bytes[p] != '"') {
            while (p < to && bytes[p] != '=' && !isBlank(bytes[p])) {
                p++;
            }
            return p;
        }
        return endOfQuoted(bytes, p);
    }

    /** From an opening quote to behind the closing one, which is there. */
    static int endOfQuoted(byte[] bytes, int open) {
        int p = open + 1;
        while (bytes[p] != '"') {
            p += bytes[p] == '\\' ? 2 : 1;
        }
        return p + 1;
    }

    /**
     * From an opening quote of a label value to behind it: NUL bytes behind its closing quote are part of it for
     * Prometheus, which then takes the last of them for the quote. So the value is what stands between the two ends.
     */
    static int endOfValue(byte[] bytes, int open) {
        int end = endOfQuoted(bytes, open);
        while (end < bytes.length && bytes[end] == 0) {
            end++;
        }
        return end;
    }

    private String word(byte[] bytes, int from, int to) {
        if (bytes[from] != '"') {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
        validNames &= Utf8.isValid(bytes, from + 1, to - 1);
        return Escapes.unescapeQuoted(bytes, from + 1, to - 1);
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    private static String normalized(MetricType type, String name, String value) {
        boolean number = (type == MetricType.HISTOGRAM && name.equals(BUCKET_LABEL))
                || (type == MetricType.SUMMARY && name.equals(QUANTILE_LABEL));
        if (!number) {
            return value;
        }
        double parsed;
        try {
            parsed = GoFloat.parse(value);
        } catch (NumberFormatException _) {
            return value;
        }
        if (parsed == 0) {
            return "0.0";
        }
        String text = GoFloat.general(parsed);
        boolean plain = !Double.isNaN(parsed) && !Double.isInfinite(parsed);
        return plain && text.indexOf('.') < 0 && text.indexOf('e') < 0 ? text + ".0" : text;
    }

    /** How many labels the series has, the metric name among them. */
    public int size() {
        return names.size();
    }

    /** The name of a label; the first one is {@link Labels#METRIC_NAME}. */
    public String name(int index) {
        return names.get(index);
    }

    /** The value of a label, perhaps empty. */
    public String value(int index) {
        return values.get(index);
    }

    /** Whether all names are valid UTF-8; where they are not, the broken parts have been replaced. */
    public boolean hasValidNames() {
        return validNames;
    }
}
