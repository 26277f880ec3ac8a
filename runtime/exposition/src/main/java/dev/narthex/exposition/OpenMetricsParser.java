// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.Exemplar;
import dev.narthex.model.MetricType;
import dev.narthex.model.StalenessMarker;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads OpenMetrics text 0.0.1 and 1.0.0 (OpenMetrics specification, "Text format"; the versions differ in nothing that a
 * reader sees) from bytes.
 *
 * <p>It accepts and refuses what Prometheus 3.5 accepts and refuses, which is strict about white space and the
 * {@code # EOF} at the end, and lax about what the specification says of names, suffixes and the order of families.
 * An exposition without a single byte is accepted. A metric name in braces without quotes ({@code {abc} 1}) is refused, as
 * in Prometheus 3.15; 3.5 cuts off its first and last character, or ends at a name of one letter.
 */
public final class OpenMetricsParser extends LineParser {
    private static final double MILLIS_PER_SECOND = 1000;
    private static final String EOF = "# EOF";
    private static final MetricType[] TYPES = MetricType.values();

    private final ExemplarText exemplars = new ExemplarText();
    private final CreatedLines created = new CreatedLines();
    private boolean withStartTimestamps;
    private int exemplarStart;
    private int exemplarEnd;
    private double exemplarValue;
    private boolean exemplarTimestamped;
    private long exemplarTimestampMs;

    /**
     * Takes the {@code _created} lines of counters, histograms and summaries for start timestamps of the other samples of
     * their metric, not for samples.
     */
    public void takeStartTimestamps(boolean take) {
        withStartTimestamps = take;
    }

    @Override
    public void reset(byte[] body, int from, int to) {
        super.reset(body, from, to);
        exemplarEnd = 0;
        created.clear();
    }

    @Override
    public ExpositionEntry next() {
        while (true) {
            int p = at;
            entryStart = p;
            if (p >= limit) {
                if (p > start && !commentsOnly) {
                    throw new ExpositionException(lineOf(p), "data does not end with " + EOF);
                }
                return end();
            }
            byte c = bytes[p];
            if (c == '#') {
                return comment(p);
            }
            if (c == '{') {
                series(p, false);
            } else if (isNameStart(p)) {
                series(skipName(p), true);
            } else {
                throw failure("expected a metric name, or a line that starts with # HELP, # TYPE, # UNIT, " + EOF, p);
            }
            if (!withStartTimestamps || !created.isCreated(this)) {
                sampleEndsAt(at);
                return ExpositionEntry.SERIES;
            }
        }
    }

    @Override
    public boolean nextIs(byte[] expected, int from, int seriesFrom, int to) {
        int p = at;
        int length = to - from;
        if (limit - p <= length || !Arrays.equals(bytes, p, p + length, expected, from, to)) {
            return false;
        }
        int end = p + length;
        if (bytes[end] != ' ') {
            return false;
        }
        entryStart = p + (seriesFrom - from);
        seriesEnd = end;
        sample(end);
        sampleEndsAt(at);
        return true;
    }

    @Override
    public long startTimestampMs() {
        return withStartTimestamps ? created.of(this) : 0;
    }

    @Override
    public int exemplarCount() {
        return exemplarEnd > 0 ? 1 : 0;
    }

    @Override
    public Exemplar exemplar(int index, long sampleTimestampMs) {
        return new Exemplar(
                exemplars.labels(bytes, exemplarStart, exemplarEnd),
                exemplarValue,
                exemplarTimestamped ? exemplarTimestampMs : sampleTimestampMs);
    }

    @Override
    public boolean isExemplarTimestamped(int index) {
        return exemplarTimestamped;
    }

    @Override
    public long exemplarFingerprint(int index) {
        long hash = Fingerprint.of(bytes, exemplarStart, exemplarEnd);
        hash = Fingerprint.mix(hash ^ Double.doubleToRawLongBits(exemplarValue));
        return exemplarTimestamped ? Fingerprint.mix(hash ^ exemplarTimestampMs) : hash;
    }

    @Override
    public ExpositionFormat format() {
        return ExpositionFormat.OPEN_METRICS;
    }

    @Override
    public String helpText() {
        return Escapes.unescapeQuoted(bytes, textStart, textEnd);
    }

    @Override
    public String unit() {
        return new String(bytes, textStart, textEnd - textStart, StandardCharsets.UTF_8);
    }

    private ExpositionEntry comment(int p) {
        int end = endOfKeyword(p, "# HELP ");
        if (end >= 0) {
            return metadata(ExpositionEntry.HELP, end);
        }
        end = endOfKeyword(p, "# TYPE ");
        if (end >= 0) {
            return metadata(ExpositionEntry.TYPE, end);
        }
        end = endOfKeyword(p, "# UNIT ");
        if (end >= 0) {
            return metadata(ExpositionEntry.UNIT, end);
        }
        end = endOfKeyword(p, EOF);
        if (end < 0) {
            throw failure("expected # HELP, # TYPE, # UNIT or " + EOF, Math.min(p + 2, limit));
        }
        if (end < limit && bytes[end] == '\n') {
            end = skipNuls(end + 1);
        }
        if (end < limit) {
            throw failure("expected the end of the exposition after " + EOF, end);
        }
        return end();
    }

    private ExpositionEntry metadata(ExpositionEntry kind, int p) {
        int end;
        if (p < limit && bytes[p] == '"') {
            // A name from a message may have one; there the parser has judged already.
            end = endOfQuoted(p, commentsOnly);
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
        if (end >= limit || bytes[end] != ' ') {
            throw failure("expected a space and text after the metric name", end);
        }
        textStart = end + 1;
        textEnd = textStart;
        while (textEnd < limit && bytes[textEnd] != '\n') {
            textEnd++;
        }
        if (textEnd >= limit) {
            throw failure("expected the end of the line", limit);
        }
        // NUL bytes behind the line are part of it for Prometheus, which takes the last of them for its end.
        textEnd = skipNuls(textEnd + 1) - 1;
        switch (kind) {
            case TYPE -> announce();
            case UNIT -> checkUnit();
            case HELP, SERIES, END -> {
                if (!Utf8.isValid(bytes, textStart, textEnd)) {
                    throw failure("help text is not valid UTF-8", textStart);
                }
            }
        }
        at = textEnd + 1;
        return kind;
    }

    private void announce() {
        for (MetricType known : TYPES) {
            if (textIs(known.text())) {
                type = known;
                if (withStartTimestamps) {
                    created.clear();
                }
                return;
            }
        }
        throw new ExpositionException(
                lineOf(textStart),
                "invalid metric type, found " + quote(textStart, textEnd)
                        + "; accepted are counter, gauge, histogram, gaugehistogram, summary, info, stateset, unknown");
    }

    private void checkUnit() {
        int length = textEnd - textStart;
        int suffix = nameEnd - length;
        if (length > 0
                && !commentsOnly
                && (suffix <= nameStart
                        || bytes[suffix - 1] != '_'
                        || !Arrays.equals(bytes, suffix, nameEnd, bytes, textStart, textEnd))) {
            throw new ExpositionException(
                    lineOf(textStart),
                    "unit is not a suffix of the metric name, found unit " + quote(textStart, textEnd) + " of metric "
                            + quote(nameStart, nameEnd));
        }
    }

    /** @param p behind the metric name, or at the opening brace of a series that has its name inside */
    private void series(int p, boolean named) {
        int end = p;
        if (p < limit && bytes[p] == '{') {
            end = labels(p + 1, named, false);
        } else if (!named) {
            throw failure("expected a metric name", p);
        }
        if (end >= limit || bytes[end] != ' ') {
            throw failure("expected a space and a value after the series", end);
        }
        seriesEnd = end;
        sample(end);
    }

    /** Checks what stands in braces, of a series or an exemplar; gives the offset behind the closing one. */
    private int labels(int from, boolean named, boolean ofExemplar) {
        boolean hasName = named || ofExemplar;
        int p = from;
        while (p < limit && bytes[p] != '}') {
            boolean quoted = bytes[p] == '"';
            int end = endOfName(p);
            p = end;
            if (p < limit && (bytes[p] == ',' || bytes[p] == '}')) {
                if (hasName || !quoted) {
                    throw failure(
                            ofExemplar || quoted
                                    ? "expected '='"
                                    : "expected '=' (a metric name in braces needs quotes)",
                            p);
                }
                hasName = true;
            } else {
                p = labelValue(p, !ofExemplar);
            }
            if (p < limit && bytes[p] == ',') {
                p++;
            } else if (p < limit && bytes[p] != '}') {
                throw failure("expected ',' or '}'", p);
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

    private int labelValue(int equals, boolean nulAllowed) {
        if (equals >= limit || bytes[equals] != '=') {
            throw failure("expected '='", equals);
        }
        int open = equals + 1;
        if (open >= limit || bytes[open] != '"') {
            throw failure("expected a label value in quotes", open);
        }
        int p = open + 1;
        while (p < limit && bytes[p] != '"') {
            byte c = bytes[p];
            if (c == '\\') {
                p++;
            }
            if (p >= limit || bytes[p] == '\n' || (bytes[p] == 0 && (c == '\\' || !nulAllowed))) {
                throw failure("expected the closing quote of the label value", p);
            }
            p++;
        }
        if (p >= limit) {
            throw unclosed("label value", open);
        }
        if (!Utf8.isValid(bytes, open + 1, p)) {
            throw new ExpositionException(lineOf(open), "label value is not valid UTF-8, found " + quote(open + 1, p));
        }
        return nulAllowed ? skipNuls(p + 1) : p + 1;
    }

    /** Reads value, timestamp and exemplar up to the end of the line; {@code space} is behind the series. */
    private void sample(int space) {
        int p = number(space + 1, "value", true);
        double parsed = floats.value();
        value = Double.isNaN(parsed) ? StalenessMarker.NORMAL_NAN : parsed;
        timestamped = false;
        exemplarEnd = 0;
        if (isTimestamp(p)) {
            p = number(p + 1, "timestamp", false);
            timestamped = true;
            timestampMs = milliseconds(p);
            if (p >= limit || (bytes[p] != '\n' && !isExemplar(p))) {
                throw failure("expected the end of the line after the timestamp", p);
            }
        }
        if (isExemplar(p)) {
            p = exemplar(p + 3);
            if (p >= limit || bytes[p] != '\n') {
                throw failure("expected the end of the line after the exemplar", p);
            }
        }
        if (p >= limit) {
            throw failure("the exposition does not end with " + EOF, limit);
        }
        // What is wrong behind a bare value is the fault of the next entry: this sample counts, as in Prometheus.
        at = bytes[p] == '\n' ? p + 1 : p;
    }

    private boolean isTimestamp(int p) {
        return limit - p > 1
                && bytes[p] == ' '
                && bytes[p + 1] != ' '
                && bytes[p + 1] != '\n'
                && !(limit - p > 2 && bytes[p + 1] == '#' && bytes[p + 2] == ' ');
    }

    private boolean isExemplar(int p) {
        return limit - p > 3 && bytes[p] == ' ' && bytes[p + 1] == '#' && bytes[p + 2] == ' ' && bytes[p + 3] == '{';
    }

    private int exemplar(int open) {
        exemplarStart = open + 1;
        int p = labels(exemplarStart, false, true);
        exemplarEnd = p - 1;
        if (p >= limit || bytes[p] != ' ') {
            throw failure("expected a space and a value after the labels of the exemplar", p);
        }
        p = number(p + 1, "value of the exemplar", false);
        double parsed = floats.value();
        exemplarValue = Double.isNaN(parsed) ? StalenessMarker.NORMAL_NAN : parsed;
        exemplarTimestamped = false;
        if (p < limit && bytes[p] == ' ') {
            p = number(p + 1, "timestamp of the exemplar", false);
            exemplarTimestamped = true;
            exemplarTimestampMs = milliseconds(p);
        }
        return p;
    }

    /** @param nulEnds whether a NUL byte may stand behind it, as the fault of what comes next */
    private int number(int from, String what, boolean nulEnds) {
        int p = floats.parse(bytes, from, limit);
        if (p < 0 || (p < limit && bytes[p] != '\n' && bytes[p] != ' ' && !(nulEnds && bytes[p] == 0))) {
            int end = from;
            while (end < limit && bytes[end] != '\n' && bytes[end] != ' ') {
                end++;
            }
            throw new ExpositionException(
                    lineOf(from),
                    what + (p == FloatParser.OUT_OF_RANGE ? " is out of range, found " : " is not a number, found ")
                            + quote(from, end) + " in " + quote(entryStart, end));
        }
        return p;
    }

    /** The timestamp just read, which ends at an offset; fractions of a millisecond are cut off. */
    private long milliseconds(int end) {
        double seconds = floats.value();
        if (Double.isNaN(seconds) || Double.isInfinite(seconds)) {
            throw new ExpositionException(lineOf(end), "timestamp is not finite in " + quote(entryStart, end));
        }
        return (long) (seconds * MILLIS_PER_SECOND);
    }
}
