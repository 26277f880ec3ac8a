// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The {@code _created} lines of one metric family in OpenMetrics text: when the counting began, by the labels of the
 * series without {@code le} and {@code quantile}. They stand behind the samples they speak of, so they are looked for
 * once a family, from its first sample on, up to the next family. For one thread; its memory is kept.
 */
final class CreatedLines {
    private static final byte[] CREATED = ascii("_created");
    private static final byte[] QUANTILE = ascii("quantile");
    private static final byte[][] COUNTER_SUFFIXES = {ascii("_total")};
    private static final byte[][] DISTRIBUTION_SUFFIXES = {ascii("_bucket"), ascii("_count"), ascii("_sum")};
    private static final double MILLIS_PER_SECOND = 1000;

    private final FloatParser floats = new FloatParser();
    private long[] keys = new long[64];
    private long[] timesMs = new long[64];
    private int count;
    /** Where the family's first sample starts, negative before it was looked through. */
    private int familyAt = -1;

    private int familyEnd;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Forgets the family. */
    void clear() {
        familyAt = -1;
        count = 0;
    }

    /** Whether the sample just parsed says when counting began, and is no sample of its own. */
    boolean isCreated(LineParser parser) {
        if (!counts(parser.type)) {
            return false;
        }
        int nameEnd = nameEnd(parser.bytes, parser.entryStart, parser.seriesEnd);
        return endsIn(parser.bytes, parser.entryStart, nameEnd, CREATED);
    }

    private static boolean counts(MetricType type) {
        return switch (type) {
            case COUNTER, HISTOGRAM, SUMMARY -> true;
            case GAUGE, GAUGE_HISTOGRAM, INFO, STATESET, UNKNOWN -> false;
        };
    }

    private static int familyNameEnd(MetricType type, byte[] bytes, int from, int to) {
        for (byte[] suffix : type == MetricType.COUNTER ? COUNTER_SUFFIXES : DISTRIBUTION_SUFFIXES) {
            if (endsIn(bytes, from, to, suffix)) {
                return to - suffix.length;
            }
        }
        return to;
    }

    private static boolean endsIn(byte[] bytes, int from, int to, byte[] suffix) {
        return to - from > suffix.length && Arrays.equals(bytes, to - suffix.length, to, suffix, 0, suffix.length);
    }

    private static int nameEnd(byte[] bytes, int from, int to) {
        int p = from;
        while (p < to && bytes[p] != '{') {
            p++;
        }
        return p;
    }

    /** When the counting began that the current sample shows; 0 where no line says. */
    long of(LineParser parser) {
        if (!counts(parser.type)) {
            return 0;
        }
        if (familyAt < 0 || parser.entryStart < familyAt || parser.entryStart >= familyEnd) {
            lookThrough(parser);
        }
        if (count == 0) {
            return 0;
        }
        int nameEnd = nameEnd(parser.bytes, parser.entryStart, parser.seriesEnd);
        int familyNameEnd = familyNameEnd(parser.type, parser.bytes, parser.entryStart, nameEnd);
        long key = key(parser.bytes, parser.entryStart, familyNameEnd, nameEnd, parser.seriesEnd);
        int slot = slot(key);
        return keys[slot] == key ? timesMs[slot] : 0;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) (key >>> 32) & mask;
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Reads the lines from the current sample to the next comment. */
    private void lookThrough(LineParser parser) {
        byte[] bytes = parser.bytes;
        Arrays.fill(keys, 0);
        count = 0;
        familyAt = parser.entryStart;
        int p = parser.entryStart;
        while (p < parser.limit && bytes[p] != '#') {
            int lineEnd = p;
            while (lineEnd < parser.limit && bytes[lineEnd] != '\n') {
                lineEnd++;
            }
            line(bytes, p, lineEnd);
            p = lineEnd + 1;
        }
        familyEnd = p;
    }

    private void line(byte[] bytes, int from, int to) {
        int nameEnd = from;
        while (nameEnd < to && bytes[nameEnd] != '{' && bytes[nameEnd] != ' ') {
            nameEnd++;
        }
        if (!endsIn(bytes, from, nameEnd, CREATED)) {
            return;
        }
        int end = nameEnd < to && bytes[nameEnd] == '{' ? endOfLabels(bytes, nameEnd + 1, to) : nameEnd;
        int valueEnd = end < to ? floats.parse(bytes, end + 1, to) : FloatParser.INVALID;
        if (valueEnd > 0 && !Double.isNaN(floats.value()) && !Double.isInfinite(floats.value())) {
            if (2 * (count + 1) > keys.length) {
                grow();
            }
            put(key(bytes, from, nameEnd - CREATED.length, nameEnd, end), (long) (floats.value() * MILLIS_PER_SECOND));
        }
    }

    private static int endOfLabels(byte[] bytes, int from, int to) {
        boolean quoted = false;
        for (int p = from; p < to; p++) {
            byte c = bytes[p];
            if (quoted && c == '\\') {
                p++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '}' && !quoted) {
                return p + 1;
            }
        }
        return to;
    }

    private void put(long key, long timeMs) {
        int slot = slot(key);
        if (keys[slot] == 0) {
            count++;
        }
        keys[slot] = key;
        timesMs[slot] = timeMs;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldTimes = timesMs;
        keys = new long[2 * oldKeys.length];
        timesMs = new long[2 * oldKeys.length];
        count = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                put(oldKeys[i], oldTimes[i]);
            }
        }
    }

    /**
     * A hash over the name of the family and the labels from a brace to behind its partner, without those that tell
     * samples of a metric apart; never 0.
     */
    private static long key(byte[] bytes, int nameFrom, int nameTo, int brace, int to) {
        long sum = Fingerprint.of(bytes, nameFrom, nameTo);
        int p = brace + 1;
        while (p < to - 1) {
            int equals = bytes[p] == '"' ? behindQuotes(bytes, p, to) : indexOf(bytes, '=', p, to);
            int end = equals;
            if (equals < to && bytes[equals] == '=') {
                end = behindQuotes(bytes, equals + 1, to);
                if (!isDistinction(bytes, p, equals)) {
                    // A sum, so that the order of the labels does not matter.
                    sum += Fingerprint.of(bytes, p, end);
                }
            }
            // Behind the comma; a name in braces, and what a line that is yet to be parsed has wrong, count for
            // nothing.
            p = indexOf(bytes, ',', end, to) + 1;
        }
        return sum == 0 ? 1 : sum;
    }

    private static int indexOf(byte[] bytes, char c, int from, int to) {
        int p = from;
        while (p < to && bytes[p] != c) {
            p++;
        }
        return p;
    }

    /** From an opening quote to behind the closing one, or to the end where there is none. */
    private static int behindQuotes(byte[] bytes, int open, int to) {
        int p = open + 1;
        while (p < to && bytes[p] != '"') {
            p += bytes[p] == '\\' ? 2 : 1;
        }
        return Math.min(p + 1, to);
    }

    private static boolean isDistinction(byte[] bytes, int from, int to) {
        return (to - from == 2 && bytes[from] == 'l' && bytes[from + 1] == 'e')
                || Arrays.equals(bytes, from, to, QUANTILE, 0, QUANTILE.length);
    }
}
