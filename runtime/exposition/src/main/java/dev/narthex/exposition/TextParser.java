// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.MetricType;
import dev.narthex.model.StalenessMarker;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text exposition formats 0.0.4 and 1.0.0 (Prometheus documentation, "Exposition formats"; 1.0.0 is 0.0.4 with
 * quoted UTF-8 names, which Prometheus 3 accepts in both) from bytes.
 *
 * <p>It accepts and refuses what Prometheus 3.5 accepts and refuses, oddities included, since targets and dashboards
 * have got used to them: white space before a metric name belongs to the name, label values may hold line breaks, a NUL
 * byte at the start of a line ends the exposition. A metric name in braces without quotes ({@code {abc} 1}) is refused, as in
 * 3.15; 3.5 cuts off its first and last character.
 */
public final class TextParser extends LineParser {
    @Override
    public ExpositionEntry next() {
        while (true) {
            entryStart = at;
            int p = skipBlanks(at);
            if (p >= limit || bytes[p] == 0) {
                return end();
            }
            byte c = bytes[p];
            if (c == '\n') {
                at = p + 1;
            } else if (c == '#') {
                ExpositionEntry entry = comment(p + 1);
                if (entry != null) {
                    return entry;
                }
            } else if (c == '{') {
                series(p, false);
                return ExpositionEntry.SERIES;
            } else if (isNameStart(p)) {
                series(skipName(p), true);
                return ExpositionEntry.SERIES;
            } else {
                throw failure("expected a metric name, a comment or a blank line", p);
            }
        }
    }

    @Override
    public boolean nextIs(byte[] text, int from, int seriesFrom, int to) {
        int p = at;
        int length = to - from;
        if (limit - p < length || !Arrays.equals(bytes, p, p + length, text, from, to)) {
            return false;
        }
        int end = p + length;
        int valueStart = skipBlanks(end);
        if (text[to - 1] != '}' && (valueStart == end || valueStart >= limit || bytes[valueStart] == '{')) {
            return false;
        }
        entryStart = p + (seriesFrom - from);
        seriesEnd = end;
        sample(valueStart);
        return true;
    }

    @Override
    public ExpositionFormat format() {
        return ExpositionFormat.TEXT;
    }

    @Override
    public String helpText() {
        return Escapes.unescapeHelp(bytes, textStart, textEnd);
    }

    /** Past the '#': a HELP or TYPE entry, the end at a NUL, or null after a plain comment. */
    private @Nullable ExpositionEntry comment(int afterHash) {
        int p = skipBlanks(afterHash);
        boolean spaced = p > afterHash;
        int name = spaced ? behindKeyword(p, "HELP") : -1;
        if (name >= 0) {
            return metadata(ExpositionEntry.HELP, name);
        }
        name = spaced ? behindKeyword(p, "TYPE") : -1;
        if (name >= 0) {
            return metadata(ExpositionEntry.TYPE, name);
        }
        int end = p;
        while (end < limit && bytes[end] != '\n') {
            if (bytes[end] == 0 && (!spaced || end == p)) {
                return end();
            }
            end++;
        }
        at = Math.min(end + 1, limit);
        return null;
    }

    /** Behind a keyword and the white space that it needs; negative where something else stands there. */
    private int behindKeyword(int from, String keyword) {
        int end = endOfKeyword(from, keyword);
        if (end < 0 || end >= limit || !isBlank(bytes[end])) {
            return -1;
        }
        return skipBlanksAndNuls(end);
    }

    private int skipBlanksAndNuls(int from) {
        int p = from;
        while (p < limit && (isBlank(bytes[p]) || bytes[p] == 0)) {
            p++;
        }
        return p;
    }

    private ExpositionEntry metadata(ExpositionEntry kind, int p) {
        int end;
        if (p < limit && bytes[p] == '"') {
            end = endOfQuoted(p, false);
            if (end < 0) {
                throw unclosed("metric name after " + kind, p);
            }
            nameStart = p + 1;
            nameEnd = end - 1;
        } else if (isNameStart(p)) {
            end = skipName(p);
            nameStart = p;
            nameEnd = end;
        } else {
            throw failure("expected a metric name after " + kind, p);
        }
        if (end < limit && bytes[end] == 0) {
            throw failure("expected text after the metric name", end);
        }
        int lineEnd = end;
        while (lineEnd < limit && bytes[lineEnd] != '\n') {
            lineEnd++;
        }
        textStart = skipBlanksAndNuls(end) >= lineEnd ? lineEnd : end + 1;
        textEnd = lineEnd;
        if (kind == ExpositionEntry.TYPE) {
            type = metricType();
        } else if (!Utf8.isValid(bytes, textStart, textEnd)) {
            throw failure("help text is not valid UTF-8", textStart);
        }
        at = Math.min(lineEnd + 1, limit);
        return kind;
    }

    private MetricType metricType() {
        if (textIs("counter")) {
            return MetricType.COUNTER;
        }
        if (textIs("gauge")) {
            return MetricType.GAUGE;
        }
        if (textIs("histogram")) {
            return MetricType.HISTOGRAM;
        }
        if (textIs("summary")) {
            return MetricType.SUMMARY;
        }
        if (textIs("untyped")) {
            return MetricType.UNKNOWN;
        }
        throw new ExpositionException(
                lineOf(textStart),
                "invalid metric type, found " + quote(textStart, textEnd)
                        + "; accepted are counter, gauge, histogram, summary, untyped");
    }

    /** @param p behind the metric name, or at the opening brace of a series that has its name inside */
    private void series(int p, boolean named) {
        int end = p;
        int next = skipBlanks(p);
        if (next < limit && bytes[next] == '{') {
            end = labels(next + 1, named);
            next = skipBlanks(end);
        }
        seriesEnd = end;
        sample(next);
    }

    /** Checks what stands in braces; gives the offset behind the closing one. */
    private int labels(int from, boolean named) {
        boolean hasName = named;
        int p = skipBlanks(from);
        while (p < limit && bytes[p] != '}') {
            boolean quoted = bytes[p] == '"';
            int end = endOfName(p);
            p = skipBlanks(end);
            if (p < limit && (bytes[p] == ',' || bytes[p] == '}')) {
                if (!quoted) {
                    throw failure("expected '=' (a metric name in braces needs quotes)", p);
                }
                if (hasName) {
                    throw failure("expected '=', the series has a metric name already", p);
                }
                hasName = true;
            } else {
                p = labelValue(p);
            }
            if (p < limit && bytes[p] == ',') {
                p = skipBlanks(p + 1);
            }
        }
        if (p >= limit) {
            throw failure("expected a label name or '}'", p);
        }
        if (!hasName) {
            throw failure("expected a metric name", p);
        }
        return p + 1;
    }

    private int labelValue(int afterName) {
        if (afterName >= limit || bytes[afterName] != '=') {
            throw failure("expected '='", afterName);
        }
        int open = skipBlanks(afterName + 1);
        if (open >= limit || bytes[open] != '"') {
            throw failure("expected a label value in quotes", open);
        }
        int end = endOfQuoted(open, true);
        if (end < 0) {
            throw unclosed("label value", open);
        }
        if (!Utf8.isValid(bytes, open + 1, end - 1)) {
            throw new ExpositionException(
                    lineOf(open), "label value is not valid UTF-8, found " + quote(open + 1, end - 1));
        }
        return skipBlanks(skipNuls(end));
    }

    /** Reads value and timestamp up to the end of the line. */
    private void sample(int valueStart) {
        int p = floats.parse(bytes, valueStart, limit);
        if (p < 0 || !isValueEnd(p)) {
            throw valueFailure(valueStart, p == FloatParser.OUT_OF_RANGE);
        }
        double parsed = floats.value();
        value = Double.isNaN(parsed) ? StalenessMarker.NORMAL_NAN : parsed;
        if (p < limit && bytes[p] != '\n') {
            p = skipBlanks(p);
        }
        timestamped = false;
        if (p < limit && bytes[p] != '\n') {
            p = skipBlanks(timestamp(p));
            if (p < limit && bytes[p] != '\n') {
                throw failure("expected the end of the line after the timestamp", p);
            }
        }
        sampleEndsAt(Math.min(p + 1, limit));
    }

    private boolean isValueEnd(int p) {
        return p >= limit || bytes[p] == '\n' || isBlank(bytes[p]);
    }

    private int timestamp(int from) {
        long parsed = 0;
        int p = from;
        while (p < limit && bytes[p] >= '0' && bytes[p] <= '9') {
            int digit = bytes[p] - '0';
            if (parsed > (Long.MAX_VALUE - digit) / 10) {
                throw failure("timestamp is out of range", from);
            }
            parsed = parsed * 10 + digit;
            p++;
        }
        if (p == from) {
            throw failure("expected a timestamp in milliseconds or the end of the line", p);
        }
        timestamped = true;
        timestampMs = parsed;
        return p;
    }

    private int skipBlanks(int from) {
        int p = from;
        while (p < limit && isBlank(bytes[p])) {
            p++;
        }
        return p;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    private ExpositionException valueFailure(int from, boolean outOfRange) {
        int end = from;
        while (end < limit && bytes[end] != '\n' && bytes[end] != '{' && !isBlank(bytes[end])) {
            end++;
        }
        String problem = outOfRange
                ? "value is out of range, found "
                : end == from ? "expected a value after the series, found " : "invalid value, found ";
        return new ExpositionException(
                lineOf(from),
                problem + quote(from, Math.max(end, Math.min(from + 1, limit))) + " in " + quote(entryStart, end));
    }
}
