// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.MetricType;
import dev.narthex.model.QuotedString;
import dev.narthex.model.StalenessMarker;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text exposition format 0.0.4 (Prometheus documentation, "Exposition formats") from bytes, with the quoted
 * UTF-8 names that Prometheus 3 accepts in it. It makes no object per line: a series is a range of the bytes, which
 * {@link SeriesDecoder} turns into labels for those who need them. Reused from body to body; for one thread.
 *
 * <p>It accepts and refuses what Prometheus 3.5 accepts and refuses, oddities included, since targets and dashboards
 * have got used to them: white space before a metric name belongs to the name, label values may hold line breaks, a NUL
 * byte at the start of a line ends the exposition. One departure: a metric name in braces without quotes
 * ({@code {abc} 1}) is refused; Prometheus cuts off its first and last character.
 */
public final class TextParser {
    private static final byte NAME_START = 1;
    private static final byte NAME_DIGIT = 2;
    private static final byte NAME_COLON = 4;
    private static final byte[] CLASSES = classes();
    private static final int MAX_QUOTED_BYTES = 200;
    private static final byte[] EMPTY = new byte[0];

    private final FloatParser floats = new FloatParser();
    private byte[] bytes = EMPTY;
    private int start;
    private int limit;
    private int at;
    private int entryStart;
    private int seriesEnd;
    private int nameStart;
    private int nameEnd;
    private int textStart;
    private int textEnd;
    private MetricType type = MetricType.UNKNOWN;
    private boolean timestamped;
    private long timestampMs;
    private double value;

    /** Starts on a new exposition. The bytes stay the caller's and must not change while they are parsed. */
    public void reset(byte[] body, int from, int to) {
        bytes = body;
        start = from;
        limit = to;
        at = from;
        type = MetricType.UNKNOWN;
    }

    /** Lets go of the bytes. */
    public void clear() {
        reset(EMPTY, 0, 0);
    }

    /**
     * Goes on to the next entry; comments and blank lines are passed over.
     *
     * @throws ExpositionException when the bytes are no exposition; the parser must then be reset
     */
    public ExpositionEntry next() {
        while (true) {
            entryStart = at;
            int p = skipBlanks(at);
            if (p >= limit || bytes[p] == 0) {
                at = limit;
                return ExpositionEntry.END;
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
            } else if ((classOf(c) & (NAME_START | NAME_COLON)) != 0) {
                series(skipName(p), true);
                return ExpositionEntry.SERIES;
            } else {
                throw failure("expected a metric name, a comment or a blank line", p);
            }
        }
    }

    /**
     * Tries whether what comes next are given bytes: all that stood between two samples in an earlier exposition, then
     * the text of a series. If so, goes past them and reads the sample as {@link #next} would; the type is not touched.
     * If not, nothing has happened.
     *
     * @param text where the expected bytes are
     * @param from the first expected byte
     * @param seriesFrom where the series starts in them
     * @param to behind the series
     */
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

    /** Where the next entry, with all before it, starts. */
    public int position() {
        return at;
    }

    /** Where the series of the current sample starts, in the bytes given. */
    public int seriesStart() {
        return entryStart;
    }

    /** Behind the series of the current sample. */
    public int seriesEnd() {
        return seriesEnd;
    }

    /** The value of the current sample; every not-a-number is {@link StalenessMarker#NORMAL_NAN}. */
    public double value() {
        return value;
    }

    public boolean hasTimestamp() {
        return timestamped;
    }

    /** The timestamp of the current sample, where it has one. */
    public long timestampMs() {
        return timestampMs;
    }

    /** The type that was announced last; unknown before the first. */
    public MetricType type() {
        return type;
    }

    /** Sets the type that counts as announced last, for one who went past a TYPE line by {@link #nextIs}. */
    public void assumeType(MetricType announced) {
        type = announced;
    }

    /** The metric family of the current TYPE or HELP entry, without its quotes. */
    public String familyName() {
        return new String(bytes, nameStart, nameEnd - nameStart, StandardCharsets.UTF_8);
    }

    /** The text of the current HELP entry, unescaped. */
    public String helpText() {
        return Escapes.unescapeHelp(bytes, textStart, textEnd);
    }

    /** Past the '#': a HELP or TYPE entry, the end at a NUL, or null after a plain comment. */
    private @Nullable ExpositionEntry comment(int afterHash) {
        int p = skipBlanks(afterHash);
        boolean spaced = p > afterHash;
        if (spaced && isKeyword(p, 'H', 'E', 'L', 'P')) {
            return metadata(ExpositionEntry.HELP, skipBlanks(p + 4));
        }
        if (spaced && isKeyword(p, 'T', 'Y', 'P', 'E')) {
            return metadata(ExpositionEntry.TYPE, skipBlanks(p + 4));
        }
        int end = p;
        while (end < limit && bytes[end] != '\n') {
            if (bytes[end] == 0 && (!spaced || end == p)) {
                at = limit;
                return ExpositionEntry.END;
            }
            end++;
        }
        at = Math.min(end + 1, limit);
        return null;
    }

    private boolean isKeyword(int p, char a, char b, char c, char d) {
        return p + 4 < limit
                && bytes[p] == a
                && bytes[p + 1] == b
                && bytes[p + 2] == c
                && bytes[p + 3] == d
                && isBlank(bytes[p + 4]);
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
        } else if (p < limit && (classOf(bytes[p]) & (NAME_START | NAME_COLON)) != 0) {
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
        textStart = skipBlanks(end) >= lineEnd ? lineEnd : end + 1;
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

    private boolean textIs(String word) {
        if (textEnd - textStart != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[textStart + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
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
            int word = p;
            int end = quoted ? endOfQuoted(p, false) : skipLabelName(p);
            if (end < 0 || end == word) {
                throw failure("expected a label name", end < 0 ? limit : p);
            }
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
        return skipBlanks(end);
    }

    /** From an opening quote to behind the closing one; negative where there is none or an escape is broken. */
    private int endOfQuoted(int open, boolean nulAllowed) {
        for (int p = open + 1; p < limit; p++) {
            byte c = bytes[p];
            if (c == '"') {
                return p + 1;
            }
            if (c == '\\' && (++p >= limit || bytes[p] == '\n')) {
                return -1;
            }
            if (c == 0 && !nulAllowed) {
                return -1;
            }
        }
        return -1;
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
        at = Math.min(p + 1, limit);
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

    private int skipName(int from) {
        int p = from;
        while (p < limit && classOf(bytes[p]) != 0) {
            p++;
        }
        return p;
    }

    private int skipLabelName(int from) {
        int p = from;
        while (p < limit && (classOf(bytes[p]) & (p == from ? NAME_START : NAME_START | NAME_DIGIT)) != 0) {
            p++;
        }
        return p;
    }

    private static int classOf(byte c) {
        return CLASSES[c & 0xff];
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

    private ExpositionException failure(String problem, int p) {
        String found = p >= limit ? "the end" : quote(p, p + 1);
        return new ExpositionException(
                lineOf(Math.min(p, limit)), problem + ", found " + found + " in " + quote(entryStart, p));
    }

    private ExpositionException unclosed(String what, int open) {
        return new ExpositionException(
                lineOf(open), "expected a closing quote of the " + what + ", found the end in " + quote(open, limit));
    }

    private int lineOf(int offset) {
        int line = 1;
        for (int p = start; p < offset; p++) {
            line += bytes[p] == '\n' ? 1 : 0;
        }
        return line;
    }

    /** Bytes of the exposition for a message: the end of them counts where there are too many. */
    private String quote(int from, int to) {
        int end = Math.min(to, limit);
        int begin = Math.max(from, end - MAX_QUOTED_BYTES);
        String text = new String(bytes, begin, Math.max(0, end - begin), StandardCharsets.UTF_8);
        return QuotedString.of(begin > from ? "..." + text : text);
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int c = 'a'; c <= 'z'; c++) {
            classes[c] = NAME_START;
            classes[c - 'a' + 'A'] = NAME_START;
        }
        classes['_'] = NAME_START;
        for (int c = '0'; c <= '9'; c++) {
            classes[c] = NAME_DIGIT;
        }
        classes[':'] = NAME_COLON;
        return classes;
    }
}
