// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The series of a target as its last scrape had them, in little memory: a line mostly repeats the one before, name and
 * most labels, so only what differs is held. Texts are read in their order, by a {@link TextCursor}.
 *
 * <pre>
 * entry:  how many bytes the series has in common with the series before it, from its start (uvarint)
 *         how many of the others, from its end (uvarint)
 *         length of the rest (uvarint, without its lowest bit), whether something stands before the series (lowest bit)
 *         where it does: length of that (uvarint), its bytes
 *         the rest of the series
 * </pre>
 *
 * <p>Texts never change, so that other threads may read them; references and states do.
 */
final class SeriesCache extends SeriesColumns {
    private static final int MAX_UVARINT = 5;

    private final byte[] packed;
    private final int longestLead;
    private final int longestSeries;
    /** A checksum of what stands before the series, above how much it is. */
    private final long leads;

    private SeriesCache(SeriesColumns columns, byte[] packed, int longestLead, int longestSeries, long leads) {
        super(columns);
        this.packed = packed;
        this.leads = leads;
        this.longestLead = longestLead;
        this.longestSeries = longestSeries;
    }

    /** No series. */
    static SeriesCache empty() {
        return new SeriesCache(new SeriesTexts(), new byte[0], 0, 0, 0);
    }

    /** The series of a scrape. */
    static SeriesCache of(SeriesTexts texts) {
        int count = texts.count();
        byte[] text = texts.text();
        byte[] packed = new byte[1024];
        int size = 0;
        int longestLead = 0;
        int longestSeries = 0;
        CRC32C leads = new CRC32C();
        int leadBytes = 0;
        int formerStart = 0;
        int formerEnd = 0;
        for (int i = 0; i < count; i++) {
            int leadStart = texts.start(i);
            int start = texts.seriesStart(i);
            int end = texts.end(i);
            int shared = common(text, formerStart, formerEnd, start, end);
            int lead = start - leadStart;
            int ending = commonEnd(text, formerStart + shared, formerEnd, start + shared, end);
            int rest = end - start - shared - ending;
            longestLead = Math.max(longestLead, lead);
            longestSeries = Math.max(longestSeries, end - start);
            long needed = (long) size + 4 * MAX_UVARINT + lead + rest;
            if (needed > packed.length) {
                packed = Arrays.copyOf(
                        packed, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * packed.length)));
            }
            size = putUvarint(packed, size, shared);
            size = putUvarint(packed, size, ending);
            size = putUvarint(packed, size, rest << 1 | (lead > 0 ? 1 : 0));
            if (lead > 0) {
                size = putUvarint(packed, size, lead);
                System.arraycopy(text, leadStart, packed, size, lead);
                size += lead;
                leads.update(text, leadStart, lead);
                leadBytes += lead;
            }
            System.arraycopy(text, start + shared, packed, size, rest);
            size += rest;
            formerStart = start;
            formerEnd = end;
        }
        return new SeriesCache(
                texts, Arrays.copyOf(packed, size), longestLead, longestSeries, leads.getValue() << 32 | leadBytes);
    }

    private static int common(byte[] text, int formerStart, int formerEnd, int start, int end) {
        int differs = Arrays.mismatch(text, formerStart, formerEnd, text, start, end);
        return differs < 0 ? end - start : differs;
    }

    private static int commonEnd(byte[] text, int formerStart, int formerEnd, int start, int end) {
        int most = Math.min(formerEnd - formerStart, end - start);
        int same = 0;
        while (same < most && text[formerEnd - 1 - same] == text[end - 1 - same]) {
            same++;
        }
        return same;
    }

    private static int putUvarint(byte[] bytes, int offset, int value) {
        int at = offset;
        int rest = value;
        while (rest >>> 7 != 0) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
        return at;
    }

    /** Whether the same comments stand in both, perhaps at other series. */
    boolean saysOfFamiliesTheSameAs(SeriesCache other) {
        return format() == other.format() && leads == other.leads && Arrays.equals(tail(), other.tail());
    }

    /** The texts; see above. */
    byte[] packed() {
        return packed;
    }

    /** The most bytes that stand before a series. */
    int longestLead() {
        return longestLead;
    }

    /** The bytes of the longest series. */
    int longestSeries() {
        return longestSeries;
    }

    /** Adds all entries to the series of a scrape, as they are now. */
    void unpack(TextCursor cursor, SeriesTexts into) {
        cursor.begin(this);
        for (int i = 0; i < count(); i++) {
            cursor.next();
            into.add(cursor.bytes(), cursor.start(), cursor.seriesStart(), cursor.end(), ref(i), state(i));
        }
    }

    /** Bytes of memory that all of it takes. */
    long sizeBytes() {
        return packed.length + columnBytes();
    }
}
