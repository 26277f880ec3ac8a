// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

/** Goes through the texts of a {@link SeriesCache}, one after the other. For one thread, used again and again. */
final class TextCursor {
    private static final byte[] NOTHING = new byte[0];

    private static final int LARGEST_KEPT = 1 << 20;

    private byte[] packed = NOTHING;
    private int at;
    /** The current series, and what stands before it right in front of it: its start stays where it is. */
    private byte[] bytes = NOTHING;

    private int seriesStart;
    private int start;
    private int end;

    /** Starts before the first text. */
    void begin(SeriesCache cache) {
        packed = cache.packed();
        at = 0;
        seriesStart = cache.longestLead();
        end = seriesStart;
        int size = Math.addExact(seriesStart, cache.longestSeries());
        if (bytes.length < size) {
            bytes = new byte[size];
        }
    }

    /** Goes on to the next text, which must be there. */
    void next() {
        int shared = uvarint();
        int ending = uvarint();
        int header = uvarint();
        start = seriesStart;
        if ((header & 1) != 0) {
            int lead = uvarint();
            start = seriesStart - lead;
            System.arraycopy(packed, at, bytes, start, lead);
            at += lead;
        }
        int rest = header >>> 1;
        int from = seriesStart + shared;
        int behind = from + rest;
        if (behind != end - ending) {
            System.arraycopy(bytes, end - ending, bytes, behind, ending);
        }
        System.arraycopy(packed, at, bytes, from, rest);
        at += rest;
        end = behind + ending;
    }

    /** Where the current text is. */
    byte[] bytes() {
        return bytes;
    }

    /** Where the current text starts. */
    int start() {
        return start;
    }

    /** Where the series itself starts in the current text. */
    int seriesStart() {
        return seriesStart;
    }

    /** Behind the current text. */
    int end() {
        return end;
    }

    /** Lets go of the texts, and of memory that few need. */
    void clear() {
        packed = NOTHING;
        at = 0;
        if (bytes.length > LARGEST_KEPT) {
            bytes = NOTHING;
        }
    }

    private int uvarint() {
        int value = packed[at++];
        if (value >= 0) {
            return value;
        }
        value &= 0x7f;
        for (int shift = 7; ; shift += 7) {
            byte more = packed[at++];
            value |= (more & 0x7f) << shift;
            if (more >= 0) {
                return value;
            }
        }
    }
}
