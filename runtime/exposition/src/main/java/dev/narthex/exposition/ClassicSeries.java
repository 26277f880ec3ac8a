// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.GoFloat;
import java.util.Arrays;

/**
 * The text of a series taken apart without making objects, as far as it tells which classic histogram the series is part
 * of. For one thread.
 */
final class ClassicSeries {
    /** What part of a histogram the series is. */
    enum Part {
        BUCKET,
        COUNT,
        SUM,
        /** A bucket whose bound is no number: it counts as any other sample, but does not end the histogram. */
        UNBOUNDED,
        NONE
    }

    private static final byte[] BUCKET_SUFFIX = {'_', 'b', 'u', 'c', 'k', 'e', 't'};
    private static final byte[] COUNT_SUFFIX = {'_', 'c', 'o', 'u', 'n', 't'};
    private static final byte[] SUM_SUFFIX = {'_', 's', 'u', 'm'};

    private final FloatParser floats = new FloatParser();
    private final ByteRanges pairs = new ByteRanges();
    private Part part = Part.NONE;
    private long labelsKey;
    private double bound;

    /**
     * Looks at a series.
     *
     * @param family the name of the histogram's metric family, {@code familyLength} bytes as they stand in texts
     */
    Part read(byte[] text, int from, int to, byte[] family, int familyLength) {
        pairs.clear();
        labelsKey = 1;
        bound = Double.NaN;
        boolean bounded = false;
        int nameStart = from;
        int p = from;
        while (p < to && text[p] != '{' && !isBlank(text[p])) {
            p++;
        }
        int nameEnd = p;
        while (p < to && text[p] != '{') {
            p++;
        }
        p++;
        while (p < to - 1) {
            if (isBlank(text[p]) || text[p] == ',') {
                p++;
                continue;
            }
            int word = p;
            int wordEnd = text[p] == '"' ? SeriesDecoder.endOfQuoted(text, p) : endOfBareWord(text, p, to);
            p = wordEnd;
            while (p < to && isBlank(text[p])) {
                p++;
            }
            if (text[p] != '=') {
                nameStart = word + 1;
                nameEnd = wordEnd - 1;
                continue;
            }
            int open = p + 1;
            while (text[open] != '"') {
                open++;
            }
            int end = SeriesDecoder.endOfValue(text, open);
            boolean quoted = text[word] == '"';
            int labelStart = quoted ? word + 1 : word;
            int labelEnd = quoted ? wordEnd - 1 : wordEnd;
            if (labelEnd - labelStart == 2 && text[labelStart] == 'l' && text[labelStart + 1] == 'e') {
                bound = bound(text, open + 1, end - 1);
                bounded = !Double.isNaN(bound);
            } else {
                pairs.add(labelStart, labelEnd);
                pairs.add(open, end);
                labelsKey += Fingerprint.of(Fingerprint.of(text, labelStart, labelEnd), text, open + 1, end - 1);
            }
            p = end;
        }
        part = partOf(text, nameStart, nameEnd, family, familyLength);
        if (part == Part.BUCKET && !bounded) {
            part = Part.UNBOUNDED;
        }
        return part;
    }

    /** The number of a bound, NaN where it is none. The label may have forms that a value may not. */
    private double bound(byte[] text, int from, int to) {
        if (floats.parse(text, from, to) == to) {
            return floats.value();
        }
        try {
            return GoFloat.parse(Escapes.unescapeQuoted(text, from, to));
        } catch (NumberFormatException _) {
            return Double.NaN;
        }
    }

    private static Part partOf(byte[] text, int from, int to, byte[] family, int familyLength) {
        int suffix = from + familyLength;
        if (suffix >= to || !Arrays.equals(text, from, suffix, family, 0, familyLength)) {
            return Part.NONE;
        }
        if (Arrays.equals(text, suffix, to, BUCKET_SUFFIX, 0, BUCKET_SUFFIX.length)) {
            return Part.BUCKET;
        }
        if (Arrays.equals(text, suffix, to, COUNT_SUFFIX, 0, COUNT_SUFFIX.length)) {
            return Part.COUNT;
        }
        return Arrays.equals(text, suffix, to, SUM_SUFFIX, 0, SUM_SUFFIX.length) ? Part.SUM : Part.NONE;
    }

    private static int endOfBareWord(byte[] text, int from, int to) {
        int p = from;
        while (p < to && text[p] != '=' && !isBlank(text[p])) {
            p++;
        }
        return p;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    /** A hash over the labels but {@code le}, whatever their order. */
    long labelsKey() {
        return labelsKey;
    }

    /** The value of {@code le} of a bucket. */
    double bound() {
        return bound;
    }

    /** Where names, without their quotes, and values, with them, of the labels but {@code le} stand, in turns. */
    ByteRanges pairs() {
        return pairs;
    }
}
