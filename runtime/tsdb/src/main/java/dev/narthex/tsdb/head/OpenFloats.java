// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.ByteSlab;
import dev.narthex.model.StalenessMarker;
import dev.narthex.tsdb.chunk.Xor2Encoder;
import dev.narthex.tsdb.chunk.XorEncoder;
import dev.narthex.tsdb.chunk.XorLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The open chunks of series whose last sample is a float. A chunk is a ring of small pieces of one size: it grows without being
 * copied, takes little more than what is in it, and what it leaves is of use for any other. The record of the series names the
 * last piece, which names the first one.
 *
 * <pre>
 * piece:  the next one, of the last one the first (4 bytes) | {@link #DATA_BYTES} bytes of the chunk
 * </pre>
 *
 * <p>For the writer of {@link HeadSamples}, inside a change of the series; but {@link #copy} is for readers, too.
 */
final class OpenFloats {
    /** A chunk is closed after this many samples, as in Prometheus. */
    static final int MAX_SAMPLES = 120;
    /** And when it has taken this many bytes. */
    static final int MAX_BYTES = 1024;

    private static final int LINK_BYTES = 4;
    /** A first sample fits in any case. */
    private static final int DATA_BYTES = 44;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final ByteSlab pieces;
    private final ChunkRange range;
    /** A sample that goes across the end of a piece is made here. */
    private final Xor2Encoder starting = new Xor2Encoder();

    private final byte[] across = new byte[1 + XorLayout.MAX_SAMPLE_BYTES + 2 * XorLayout.SLACK_BYTES];

    OpenFloats(ByteSlab pieces, ChunkRange range) {
        this.pieces = pieces;
        this.range = range;
    }

    /** Adds a sample to the open chunk; false where it has to {@link #begin} another one. */
    boolean append(long[] fields, int base, long timestampMs, long bits) {
        long open = fields[base + SeriesLayout.OPEN];
        long state = fields[base + SeriesLayout.STATE];
        long lastT = fields[base + SeriesLayout.LAST_T];
        int count = (int) open & 0xffff;
        int size = XorEncoder.sizeBytes(state);
        if (count == 0
                || count >= MAX_SAMPLES
                || !range.holdsBoth(lastT, timestampMs)
                || size >= MAX_BYTES
                || OpenHistograms.encoding(fields, base) != 0) {
            return false;
        }
        long distance = timestampMs - lastT;
        long difference = bits ^ fields[base + SeriesLayout.LAST_V];
        int last = (int) (open >>> 32);
        byte[] page = pieces.page(last);
        int before = ((int) open >>> 16) * DATA_BYTES;
        int begin = pieces.offset(last) + LINK_BYTES - before; // where the chunk would begin, were it in one piece
        int end = before + DATA_BYTES;
        long change = distance - fields[base + SeriesLayout.DISTANCE];
        if (size + XorLayout.MAX_SAMPLE_BYTES <= end) {
            state = encode(page, begin, count, state, distance, change, difference);
        } else {
            int at = XorEncoder.positionBits(state) >>> 3;
            int room = end - at;
            if (room > 0) {
                across[0] = page[begin + at];
            }
            state = encode(across, -at, count, state, distance, change, difference);
            int behind = XorEncoder.sizeBytes(state) - end;
            if (behind <= 0) {
                System.arraycopy(across, 0, page, begin + at, room + behind);
            } else {
                System.arraycopy(across, 0, page, begin + at, room);
                open = addPiece(open, across, room, behind);
            }
        }
        fields[base + SeriesLayout.STATE] = state;
        fields[base + SeriesLayout.DISTANCE] = distance;
        fields[base + SeriesLayout.OPEN] = open + 1;
        return true;
    }

    private static long encode(
            byte[] bytes, int offset, int count, long state, long distance, long change, long difference) {
        return count == 1
                ? XorEncoder.second(bytes, offset, state, distance, difference)
                : XorEncoder.next(bytes, offset, state, change, difference);
    }

    /** Puts the rest of a sample into one more piece. */
    private long addPiece(long open, byte[] bytes, int from, int count) {
        int last = (int) (open >>> 32);
        int added = pieces.allocate(LINK_BYTES + DATA_BYTES);
        link(added, next(last));
        link(last, added);
        System.arraycopy(bytes, from, pieces.page(added), pieces.offset(added) + LINK_BYTES, count);
        return (long) added << 32 | (open & 0xffffffffL) + (1 << 16);
    }

    /**
     * Begins a chunk with the sample that {@link #append} did not add, in the first piece of the former chunk of floats where
     * there is one: those pieces share pages, and the pages of the others get free as series go on to their next chunks.
     *
     * @return whether there was none
     */
    boolean begin(long[] fields, int base, long timestampMs, long bits) {
        boolean taken = beginPieces(fields, base);
        int piece = (int) (fields[base + SeriesLayout.OPEN] >>> 32);
        fields[base + SeriesLayout.STATE] = XorEncoder.first(
                pieces.page(piece), pieces.offset(piece) + LINK_BYTES, timestampMs, Double.longBitsToDouble(bits));
        return taken;
    }

    /** Takes the first piece of a chunk that is to have one sample; whether there was no former one. */
    private boolean beginPieces(long[] fields, int base) {
        int last = (int) (fields[base + SeriesLayout.OPEN] >>> 32);
        boolean taken = last == 0;
        int piece;
        if (taken) {
            piece = pieces.allocate(LINK_BYTES + DATA_BYTES);
        } else {
            piece = next(last);
            freeOthers(piece);
        }
        link(piece, piece);
        fields[base + SeriesLayout.OPEN] = (long) piece << 32 | 1;
        return taken;
    }

    /**
     * As {@link #append}, to a chunk that has start timestamps; false where another one is open.
     *
     * @param startMs 0 for none; a staleness marker without one is given that of the sample before
     */
    boolean appendStarted(long[] fields, int base, long timestampMs, long bits, long startMs) {
        long open = fields[base + SeriesLayout.OPEN];
        long state = fields[base + SeriesLayout.STATE];
        long lastT = fields[base + SeriesLayout.LAST_T];
        int count = (int) open & 0xffff;
        if (count == 0
                || count >= MAX_SAMPLES
                || OpenHistograms.encoding(fields, base) != SeriesLayout.XOR2
                || !range.holdsBoth(lastT, timestampMs)
                || XorEncoder.sizeBytes(state) >= MAX_BYTES) {
            return false;
        }
        int last = (int) (open >>> 32);
        byte[] page = pieces.page(last);
        int at = XorEncoder.positionBits(state) >>> 3;
        int inPiece = at - ((int) open >>> 16) * DATA_BYTES;
        int begin = pieces.offset(last) + LINK_BYTES + inPiece;
        long lastStartMs = fields[base + SeriesLayout.START];
        starting.resume(
                count,
                XorEncoder.positionBits(state),
                (int) state & 0xffff,
                (int) (state >>> SeriesLayout.START_FLAGS_SHIFT) & 0xff,
                lastT,
                fields[base + SeriesLayout.DISTANCE],
                fields[base + SeriesLayout.PLAIN_V],
                lastStartMs);
        // Behind the end of a piece nothing is begun.
        int lastByte = (XorEncoder.positionBits(state) & 7) == 0 ? 0 : page[begin];
        boolean endsSeries = startMs == 0 && bits == StalenessMarker.BITS;
        starting.append(lastByte, timestampMs, bits, endsSeries ? lastStartMs : startMs);
        int room = Math.min(DATA_BYTES - inPiece, starting.byteCount());
        System.arraycopy(starting.bytes(), 0, page, begin, room);
        if (room < starting.byteCount()) {
            open = addPiece(open, starting.bytes(), room, starting.byteCount() - room);
        }
        int first = next((int) (open >>> 32));
        pieces.page(first)[pieces.offset(first) + LINK_BYTES + Xor2Encoder.FLAGS_AT] = (byte) starting.flags();
        keepStarted(fields, base);
        fields[base + SeriesLayout.OPEN] = open + 1;
        return true;
    }

    /** As {@link #begin}, a chunk that has start timestamps. */
    boolean beginStarted(long[] fields, int base, long timestampMs, long bits, long startMs) {
        boolean taken = beginPieces(fields, base);
        int piece = (int) (fields[base + SeriesLayout.OPEN] >>> 32);
        starting.begin(timestampMs, bits, startMs);
        System.arraycopy(
                starting.bytes(), 0, pieces.page(piece), pieces.offset(piece) + LINK_BYTES, starting.byteCount());
        keepStarted(fields, base);
        return taken;
    }

    private void keepStarted(long[] fields, int base) {
        fields[base + SeriesLayout.STATE] = (long) SeriesLayout.XOR2 << SeriesLayout.ENCODING_SHIFT
                | (long) starting.flags() << SeriesLayout.START_FLAGS_SHIFT
                | (long) starting.positionBits() << 16
                | starting.window();
        fields[base + SeriesLayout.DISTANCE] = starting.distanceMs();
        fields[base + SeriesLayout.START] = starting.startMs();
        fields[base + SeriesLayout.PLAIN_V] = starting.plainBits();
    }

    /**
     * Copies the bytes of an open chunk, of which those of the count of samples are of no meaning.
     *
     * @param open the field of its record
     * @param size the bytes of the chunk
     * @return whether that was possible; a reader may find it in the midst of a change
     */
    boolean copy(long open, int size, byte[] into, int at) {
        int piece = (int) (open >>> 32);
        int left = size;
        for (int i = (int) (open >>> 16) & 0xffff; i >= 0; i--) {
            piece = nextOrNone(piece);
            byte[] page = pieces.pageOrEmpty(piece);
            int from = pieces.offset(piece) + LINK_BYTES;
            int count = Math.min(left, DATA_BYTES);
            if (count <= 0 || from + count > page.length) {
                return false;
            }
            System.arraycopy(page, from, into, at + size - left, count);
            left -= count;
        }
        return left == 0;
    }

    /** The first timestamp of an open chunk of an encoding. */
    long firstTimestampMs(int encoding, long open) {
        int first = next((int) (open >>> 32));
        return HeadSamples.firstTimestampMs(encoding, pieces.page(first), pieces.offset(first) + LINK_BYTES);
    }

    /** The byte behind the last sample of an open chunk, or one nearby. */
    int behind(long open, long state) {
        int piece = (int) (open >>> 32);
        int at = XorEncoder.sizeBytes(state) - ((int) open >>> 16) * DATA_BYTES;
        return pieces.page(piece)[pieces.offset(piece) + Math.min(at, DATA_BYTES)];
    }

    /** Gives the memory of an open chunk back. */
    void free(long open) {
        int last = (int) (open >>> 32);
        freeOthers(last);
        pieces.free(last);
    }

    private void freeOthers(int kept) {
        for (int piece = next(kept); piece != kept; ) {
            int next = next(piece);
            pieces.free(piece);
            piece = next;
        }
    }

    private int next(int piece) {
        return (int) INT.get(pieces.page(piece), pieces.offset(piece));
    }

    private int nextOrNone(int piece) {
        byte[] page = pieces.pageOrEmpty(piece);
        int at = pieces.offset(piece);
        return at + LINK_BYTES > page.length ? 0 : (int) INT.get(page, at);
    }

    private void link(int piece, int next) {
        INT.set(pieces.page(piece), pieces.offset(piece), next);
    }
}
