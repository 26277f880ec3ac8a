// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import java.util.Arrays;

/**
 * The series of a scrape at work, each with its text up to the value: all bytes behind the line before, that is comments
 * and the series itself. Any text can be looked at; {@link SeriesCache} is the form for keeping them. For one thread; its
 * memory is kept from use to use.
 */
final class SeriesTexts extends SeriesColumns {
    private byte[] text = new byte[0];
    private int[] seriesStarts = new int[0];
    private int[] ends = new int[0];
    private int textSize;

    byte[] text() {
        return text;
    }

    /** Where the text of an entry starts. */
    int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    /** Where the series itself starts in the text of an entry. */
    int seriesStart(int index) {
        return seriesStarts[index];
    }

    /** Behind the text of an entry. */
    int end(int index) {
        return ends[index];
    }

    /** Adds an entry; the series starts {@code seriesFrom - from} bytes into its text. */
    void add(byte[] bytes, int from, int seriesFrom, int to, long ref, int state) {
        int entry = addEntry(ref, state);
        if (entry == ends.length) {
            int capacity = Math.max(64, 2 * entry);
            seriesStarts = Arrays.copyOf(seriesStarts, capacity);
            ends = Arrays.copyOf(ends, capacity);
        }
        int length = to - from;
        if (textSize + length > text.length) {
            text = Arrays.copyOf(text, Math.max(textSize + length, 2 * text.length));
        }
        System.arraycopy(bytes, from, text, textSize, length);
        seriesStarts[entry] = textSize + (seriesFrom - from);
        textSize += length;
        ends[entry] = textSize;
    }

    /** Forgets all entries and keeps the memory. */
    void clear() {
        clearEntries();
        textSize = 0;
    }

    /** Bytes of memory that the columns take. */
    long sizeBytes() {
        return text.length + 8L * ends.length + columnBytes();
    }
}
