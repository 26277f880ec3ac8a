// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

import java.util.Arrays;

/**
 * The sequences of a block: so many literals, then a copy of so many bytes from so far before (RFC 8878, section
 * 3.1.1.3.2). They are written with the predefined tables. For one thread.
 */
final class ZstandardSequences {
    /** What a sequence takes at the most: three states of up to 6 bits, and up to 16, 16 and 28 bits. */
    private static final int MAX_BYTES = 10;

    private static final int MAX_SHORT = 128;
    private static final int MAX_MIDDLE = 0x7f00;
    private static final int FIRST_MATCH = 3;
    private static final int RECENT = 3;

    private final EntropyEncoder literalEncoder =
            EntropyEncoder.of(ZstandardFormat.LITERAL_DISTRIBUTION, ZstandardFormat.LITERAL_LOG);
    private final EntropyEncoder offsetEncoder =
            EntropyEncoder.of(ZstandardFormat.OFFSET_DISTRIBUTION, ZstandardFormat.OFFSET_LOG);
    private final EntropyEncoder matchEncoder =
            EntropyEncoder.of(ZstandardFormat.MATCH_DISTRIBUTION, ZstandardFormat.MATCH_LOG);
    private final byte[] literalCodes = codes(ZstandardFormat.LITERAL_BASE, ZstandardFormat.LITERAL_BASE[25] + 1);
    private final byte[] matchCodes = codes(ZstandardFormat.MATCH_BASE, ZstandardFormat.MATCH_BASE[43] + 1);
    private final ForwardBits out = new ForwardBits();
    private final int[] recent = new int[RECENT];
    private final int[] kept = new int[RECENT];
    private int[] literals = new int[256];
    private int[] matches = new int[256];
    private int[] offsets = new int[256];
    private int count;

    /** The code of each small length. */
    private static byte[] codes(int[] bases, int size) {
        byte[] codes = new byte[size];
        int code = 0;
        for (int length = bases[0]; length < size; length++) {
            while (code + 1 < bases.length && bases[code + 1] <= length) {
                code++;
            }
            codes[length] = (byte) code;
        }
        return codes;
    }

    void beginFrame() {
        recent[0] = 1;
        recent[1] = 4;
        recent[2] = 8;
    }

    /** Keeps the recent offsets, for a block that turns out not to be written. */
    void keepRecent() {
        System.arraycopy(recent, 0, kept, 0, RECENT);
    }

    void restoreRecent() {
        System.arraycopy(kept, 0, recent, 0, RECENT);
    }

    void clear() {
        count = 0;
    }

    boolean isEmpty() {
        return count == 0;
    }

    void add(int literalLength, int matchLength, int distance) {
        if (count == literals.length) {
            literals = Arrays.copyOf(literals, 2 * count);
            matches = Arrays.copyOf(matches, 2 * count);
            offsets = Arrays.copyOf(offsets, 2 * count);
        }
        literals[count] = literalLength;
        matches[count] = matchLength;
        offsets[count] = offsetValue(distance, literalLength);
        count++;
    }

    /** The value that stands for a distance: 1 to 3 for a recent one, which has a meaning of its own without literals. */
    private int offsetValue(int distance, int literalLength) {
        if (literalLength > 0) {
            for (int i = 0; i < RECENT; i++) {
                if (recent[i] == distance) {
                    System.arraycopy(recent, 0, recent, 1, i);
                    recent[0] = distance;
                    return i + 1;
                }
            }
        }
        System.arraycopy(recent, 0, recent, 1, RECENT - 1);
        recent[0] = distance;
        return distance + RECENT;
    }

    /** How many bytes the section may take. */
    int maxBytes() {
        return 6 + MAX_BYTES * count;
    }

    private int literalCode(int length) {
        return length < literalCodes.length ? literalCodes[length] : 50 - Integer.numberOfLeadingZeros(length);
    }

    private int matchCode(int length) {
        return length < matchCodes.length
                ? matchCodes[length]
                : 67 - Integer.numberOfLeadingZeros(length - FIRST_MATCH);
    }

    private static int offsetCode(int value) {
        return 31 - Integer.numberOfLeadingZeros(value);
    }

    /** Writes the section; where it ends. */
    int write(byte[] into, int offset) {
        int at = offset;
        if (count < MAX_SHORT) {
            into[at++] = (byte) count;
        } else if (count < MAX_MIDDLE) {
            into[at++] = (byte) (128 + (count >>> 8));
            into[at++] = (byte) count;
        } else {
            into[at++] = (byte) 255;
            at = ZstandardCompressor.putLittleEndian(count - MAX_MIDDLE, 2, into, at);
        }
        if (count == 0) {
            return at;
        }
        into[at++] = 0; // the predefined tables
        out.reset(into, at);
        int last = count - 1;
        int literalState = literalEncoder.last(literalCode(literals[last]));
        int offsetState = offsetEncoder.last(offsetCode(offsets[last]));
        int matchState = matchEncoder.last(matchCode(matches[last]));
        putExtra(last);
        for (int i = last - 1; i >= 0; i--) {
            offsetState = offsetEncoder.before(offsetState, offsetCode(offsets[i]), out);
            matchState = matchEncoder.before(matchState, matchCode(matches[i]), out);
            literalState = literalEncoder.before(literalState, literalCode(literals[i]), out);
            putExtra(i);
        }
        matchEncoder.first(matchState, out);
        offsetEncoder.first(offsetState, out);
        literalEncoder.first(literalState, out);
        return out.endWithMark();
    }

    /** Writes what the codes of a sequence leave open, in the opposite order of its reading. */
    private void putExtra(int i) {
        int literalCode = literalCode(literals[i]);
        out.put(literals[i] - ZstandardFormat.LITERAL_BASE[literalCode], ZstandardFormat.LITERAL_BITS[literalCode]);
        int matchCode = matchCode(matches[i]);
        out.put(matches[i] - ZstandardFormat.MATCH_BASE[matchCode], ZstandardFormat.MATCH_BITS[matchCode]);
        out.put(offsets[i], offsetCode(offsets[i]));
    }
}
