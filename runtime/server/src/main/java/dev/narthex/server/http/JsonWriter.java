// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import dev.narthex.model.DecimalDigits;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.GoFloat;
import dev.narthex.model.HistogramBucket;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/**
 * Writes JSON as bytes in the exact forms of the Prometheus API. Commas come by themselves. Nothing is built up in
 * memory and nothing is allocated per sample. The caller sees to it that names and values alternate in objects.
 *
 * <p>Prometheus escapes strings in two ways, and both can be seen by clients: label sets escape what JSON demands
 * ({@link #labels}), everything else escapes {@code <}, {@code >} and {@code &} too ({@link #string}).
 */
public final class JsonWriter {
    private static final int BUFFER_BYTES = 16 << 10;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** The characters that stand for themselves, by the two ways of escaping. */
    private static final boolean[] PLAIN = plain("\"\\");

    private static final boolean[] PLAIN_IN_HTML = plain("\"\\<>&");

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int size;
    private boolean commaDue;

    public JsonWriter(OutputStream out) {
        this.out = out;
    }

    private static boolean[] plain(String escaped) {
        boolean[] plain = new boolean[0x80];
        for (char c = ' '; c < plain.length; c++) {
            plain[c] = escaped.indexOf(c) < 0;
        }
        return plain;
    }

    public JsonWriter beginObject() throws IOException {
        return begin('{');
    }

    public JsonWriter endObject() throws IOException {
        return end('}');
    }

    public JsonWriter beginArray() throws IOException {
        return begin('[');
    }

    public JsonWriter endArray() throws IOException {
        return end(']');
    }

    /** The name of a member; its value follows. */
    public JsonWriter name(String name) throws IOException {
        string(name);
        put(':');
        commaDue = false;
        return this;
    }

    /** A member with a string. */
    public JsonWriter member(String name, String value) throws IOException {
        return name(name).string(value);
    }

    /** A member with a whole number. */
    public JsonWriter member(String name, long value) throws IOException {
        return name(name).number(value);
    }

    /** A member with a number, in the form of Go's encoding/json. */
    public JsonWriter member(String name, double value) throws IOException {
        return name(name).number(value);
    }

    /** A member with a truth value. */
    public JsonWriter member(String name, boolean value) throws IOException {
        return name(name).bool(value);
    }

    /** A string, with {@code <}, {@code >} and {@code &} escaped. */
    public JsonWriter string(String value) throws IOException {
        separate();
        quoted(value, true);
        return this;
    }

    /** A string in which only what JSON demands is escaped. */
    public JsonWriter text(String value) throws IOException {
        separate();
        quoted(value, false);
        return this;
    }

    /** An array of strings. */
    public JsonWriter strings(Collection<String> values) throws IOException {
        beginArray();
        for (String value : values) {
            string(value);
        }
        return endArray();
    }

    /** A label set as an object. */
    public JsonWriter labels(Labels labels) throws IOException {
        separate();
        put('{');
        for (int i = 0; i < labels.size(); i++) {
            if (i > 0) {
                put(',');
            }
            quoted(labels.name(i), false);
            put(':');
            quoted(labels.value(i), false);
        }
        put('}');
        return this;
    }

    public JsonWriter number(long value) throws IOException {
        separate();
        digits(value);
        return this;
    }

    /** A whole number of 64 bits without a sign. */
    public JsonWriter unsigned(long bits) throws IOException {
        separate();
        ascii(Long.toUnsignedString(bits));
        return this;
    }

    /** A finite number in the form of Go's encoding/json: as a sample value, but with exponents like {@code e-9}. */
    public JsonWriter number(double value) throws IOException {
        separate();
        reserve(GoFloat.MAX_SHORT_LENGTH);
        int end = GoFloat.writeJson(value, buffer, size);
        if (end - size >= 4 && buffer[end - 4] == 'e' && buffer[end - 3] == '-' && buffer[end - 2] == '0') {
            buffer[end - 2] = buffer[end - 1];
            end--;
        }
        size = end;
        return this;
    }

    public JsonWriter bool(boolean value) throws IOException {
        separate();
        ascii(value ? "true" : "false");
        return this;
    }

    public JsonWriter nullValue() throws IOException {
        separate();
        ascii("null");
        return this;
    }

    /** A point of a vector or matrix: {@code [1435781451.781,"1"]}. */
    public JsonWriter point(long timestampMs, double value) throws IOException {
        separate();
        put('[');
        seconds(timestampMs);
        put(',');
        reserve(GoFloat.MAX_SHORT_LENGTH + 2);
        buffer[size++] = '"';
        size = GoFloat.writeJson(value, buffer, size);
        buffer[size++] = '"';
        put(']');
        return this;
    }

    /**
     * A native histogram of a vector or matrix: {@code [1435781451.781,{"count":"3","sum":"4.5","buckets":[[0,"0.5","1","3"]]}]}.
     * The first number of a bucket says which of its bounds belong to it: 0 the upper one, 1 the lower one, 2 none, 3 both.
     */
    public JsonWriter point(long timestampMs, NativeHistogram histogram) throws IOException {
        FloatHistogram counts = histogram.toFloat();
        beginArray();
        separate();
        seconds(timestampMs);
        commaDue = true;
        beginObject().name("count");
        quoted(counts.count());
        name("sum");
        quoted(counts.sum());
        List<HistogramBucket> buckets = counts.buckets();
        if (!buckets.isEmpty()) {
            name("buckets").beginArray();
            for (HistogramBucket bucket : buckets) {
                beginArray().number(boundaryRule(bucket));
                quoted(bucket.lower());
                quoted(bucket.upper());
                quoted(bucket.count());
                endArray();
            }
            endArray();
        }
        return endObject().endArray();
    }

    private static long boundaryRule(HistogramBucket bucket) {
        if (bucket.lowerInclusive()) {
            return bucket.upperInclusive() ? 3 : 1;
        }
        return bucket.upperInclusive() ? 0 : 2;
    }

    private void quoted(double value) throws IOException {
        separate();
        reserve(GoFloat.MAX_SHORT_LENGTH + 2);
        buffer[size++] = '"';
        size = GoFloat.writeJson(value, buffer, size);
        buffer[size++] = '"';
    }

    /** The value of a scalar, which Prometheus writes without an exponent however long that gets: {@code "1"}. */
    public JsonWriter sampleValue(double value) throws IOException {
        separate();
        put('"');
        reserve(GoFloat.MAX_FIXED_LENGTH);
        size = GoFloat.writeFixed(value, buffer, size);
        put('"');
        return this;
    }

    /** A number in quotes, in the form of sample values. */
    public JsonWriter quotedNumber(double value) throws IOException {
        separate();
        reserve(GoFloat.MAX_FIXED_LENGTH);
        buffer[size++] = '"';
        size = GoFloat.writeJson(value, buffer, size);
        buffer[size++] = '"';
        return this;
    }

    /** Milliseconds since 1970 as seconds. */
    public JsonWriter timestamp(long timestampMs) throws IOException {
        separate();
        seconds(timestampMs);
        return this;
    }

    /** Milliseconds as seconds: whole, or with three decimals. */
    private void seconds(long timestampMs) throws IOException {
        reserve(24);
        long magnitude = timestampMs;
        if (timestampMs < 0) {
            buffer[size++] = '-';
            magnitude = -timestampMs;
        }
        digits(Long.divideUnsigned(magnitude, 1000));
        int millis = (int) Long.remainderUnsigned(magnitude, 1000);
        if (millis != 0) {
            buffer[size++] = '.';
            buffer[size++] = (byte) ('0' + millis / 100);
            buffer[size++] = (byte) ('0' + millis / 10 % 10);
            buffer[size++] = (byte) ('0' + millis % 10);
        }
    }

    /** Hands everything to the stream below. */
    public void flush() throws IOException {
        if (size > 0) {
            out.write(buffer, 0, size);
            size = 0;
        }
    }

    private JsonWriter begin(char bracket) throws IOException {
        separate();
        put(bracket);
        commaDue = false;
        return this;
    }

    private JsonWriter end(char bracket) throws IOException {
        put(bracket);
        commaDue = true;
        return this;
    }

    private void separate() throws IOException {
        if (commaDue) {
            put(',');
        }
        commaDue = true;
    }

    private void digits(long value) throws IOException {
        reserve(20);
        if (value < 0 && value != Long.MIN_VALUE) {
            buffer[size++] = '-';
            positiveDigits(-value);
        } else if (value < 0) {
            ascii(Long.toString(value));
        } else {
            positiveDigits(value);
        }
    }

    private void positiveDigits(long value) {
        int count = DecimalDigits.count(value);
        DecimalDigits.write(value, count, buffer, size);
        size += count;
    }

    private void quoted(String text, boolean html) throws IOException {
        put('"');
        boolean[] plain = html ? PLAIN_IN_HTML : PLAIN;
        int length = text.length();
        int i = 0;
        while (i < length) {
            // The longest form of one character takes six bytes.
            reserve(6);
            int end = Math.min(length, i + BUFFER_BYTES - size);
            while (i < end && text.charAt(i) < plain.length && plain[text.charAt(i)]) {
                buffer[size++] = (byte) text.charAt(i++);
            }
            if (i < end) {
                reserve(6);
                i += special(text, i, html);
            }
        }
        put('"');
    }

    /** Writes a character that does not stand for itself as one byte; how many chars of the text it takes. */
    private int special(String text, int at, boolean html) {
        char c = text.charAt(at);
        if (c < 0x80) {
            asciiCharacter(c, html);
        } else if (c < 0x800) {
            buffer[size++] = (byte) (0xc0 | (c >> 6));
            buffer[size++] = (byte) (0x80 | (c & 0x3f));
        } else if (Character.isHighSurrogate(c)
                && at + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(at + 1))) {
            supplementary(Character.toCodePoint(c, text.charAt(at + 1)));
            return 2;
        } else if (html && (c == '\u2028' || c == '\u2029')) {
            unicodeEscape(c);
        } else {
            threeBytes(Character.isSurrogate(c) ? '\ufffd' : c);
        }
        return 1;
    }

    private void asciiCharacter(char c, boolean html) {
        if (c == '"' || c == '\\') {
            buffer[size++] = '\\';
            buffer[size++] = (byte) c;
        } else if (c < 0x20) {
            controlCharacter(c);
        } else if (html && (c == '<' || c == '>' || c == '&')) {
            unicodeEscape(c);
        } else {
            buffer[size++] = (byte) c;
        }
    }

    private void controlCharacter(char c) {
        char letter = switch (c) {
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            default -> 0;
        };
        if (letter == 0) {
            unicodeEscape(c);
        } else {
            buffer[size++] = '\\';
            buffer[size++] = (byte) letter;
        }
    }

    private void unicodeEscape(char c) {
        buffer[size++] = '\\';
        buffer[size++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            buffer[size++] = HEX[(c >> shift) & 0xf];
        }
    }

    private void threeBytes(char c) {
        buffer[size++] = (byte) (0xe0 | (c >> 12));
        buffer[size++] = (byte) (0x80 | ((c >> 6) & 0x3f));
        buffer[size++] = (byte) (0x80 | (c & 0x3f));
    }

    private void supplementary(int codePoint) {
        buffer[size++] = (byte) (0xf0 | (codePoint >> 18));
        buffer[size++] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
        buffer[size++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
        buffer[size++] = (byte) (0x80 | (codePoint & 0x3f));
    }

    private void ascii(String text) throws IOException {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            buffer[size++] = (byte) text.charAt(i);
        }
    }

    private void put(char c) throws IOException {
        reserve(1);
        buffer[size++] = (byte) c;
    }

    private void reserve(int bytes) throws IOException {
        if (size + bytes > BUFFER_BYTES) {
            flush();
        }
    }
}
