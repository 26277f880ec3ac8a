// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.chunk;

import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.SampleBuffer;
import java.util.Arrays;

/**
 * Decodes chunks of every encoding into sample buffers. Reused from chunk to chunk; for one thread. Float samples cost no
 * object; a histogram sample in range is one object and its counts, the bucket layout is shared by those of a chunk.
 */
public final class ChunkDecoder {
    /** So many bytes behind a chunk should be readable, whatever they hold: a chunk without them is copied first. */
    public static final int SLACK_BYTES = XorLayout.SLACK_BYTES;

    private final HistogramReader histograms = new HistogramReader();
    private final Xor2Decoder xor2 = new Xor2Decoder();
    private byte[] padded = {};

    /**
     * Appends the samples with {@code mintMs <= timestamp <= maxtMs} of a chunk, in their order.
     *
     * @param bytes the data of the chunk from {@code offset} on, the two bytes of the count first
     * @throws CorruptChunkException when the chunk is damaged; the buffer then holds what it held before
     */
    public void decode(
            ChunkEncoding encoding, byte[] bytes, int offset, int length, long mintMs, long maxtMs, SampleBuffer into) {
        int before = into.size();
        byte[] from = bytes;
        int start = offset;
        if (bytes.length - offset - length < SLACK_BYTES) {
            from = padded(bytes, offset, length);
            start = 0;
        }
        try {
            switch (encoding) {
                case XOR -> xor(from, start, length, mintMs, maxtMs, into);
                case XOR2 -> xor2.decode(from, start, length, mintMs, maxtMs, into);
                case HISTOGRAM, FLOAT_HISTOGRAM, HISTOGRAM_ST, FLOAT_HISTOGRAM_ST ->
                    histograms(encoding, from, start, length, mintMs, maxtMs, into);
            }
        } catch (CorruptChunkException e) {
            into.truncate(before);
            throw e;
        } catch (IndexOutOfBoundsException e) {
            into.truncate(before);
            throw new CorruptChunkException("chunk ends in the middle of a sample, found " + length + " bytes", e);
        }
    }

    /** The count of samples that a chunk begins with. */
    public static int count(ChunkEncoding encoding, byte[] bytes, int offset) {
        int count = XorDecoder.count(bytes, offset);
        return isHistogramsWithStarts(encoding) ? count & (1 << HistogramReader.COUNT_BITS) - 1 : count;
    }

    private static boolean isHistogramsWithStarts(ChunkEncoding encoding) {
        return encoding == ChunkEncoding.HISTOGRAM_ST || encoding == ChunkEncoding.FLOAT_HISTOGRAM_ST;
    }

    private static void xor(byte[] bytes, int offset, int length, long mintMs, long maxtMs, SampleBuffer into) {
        if (length < XorLayout.COUNT_BYTES) {
            throw new CorruptChunkException("chunk is too short, found " + length + " bytes");
        }
        int count = XorDecoder.count(bytes, offset);
        // Two bits are the least that a sample takes.
        if (count / 4 > length) {
            throw new CorruptChunkException("chunk says that it has " + count + " samples, found " + length + " bytes");
        }
        into.reserve(count + 1);
        into.setSize(XorDecoder.decode(
                bytes, offset, count, mintMs, maxtMs, into.timestampsMs(), into.values(), into.size()));
    }

    private void histograms(
            ChunkEncoding encoding, byte[] bytes, int offset, int length, long mintMs, long maxtMs, SampleBuffer into) {
        HistogramReader reader = histograms;
        boolean floats = encoding == ChunkEncoding.FLOAT_HISTOGRAM || encoding == ChunkEncoding.FLOAT_HISTOGRAM_ST;
        reader.open(floats, isHistogramsWithStarts(encoding), bytes, offset, length);
        while (reader.next()) {
            long timestampMs = reader.timestampMs();
            if (timestampMs > maxtMs) {
                return;
            }
            if (timestampMs >= mintMs) {
                into.add(timestampMs, reader.histogram());
                if (reader.startTimestampMs() != 0) {
                    into.startTimestamp(reader.startTimestampMs());
                }
            }
        }
    }

    private byte[] padded(byte[] bytes, int offset, int length) {
        if (padded.length < length + SLACK_BYTES) {
            padded = new byte[length + Math.max(1024, length / 2) + SLACK_BYTES];
        }
        System.arraycopy(bytes, offset, padded, 0, length);
        Arrays.fill(padded, length, length + SLACK_BYTES, (byte) 0);
        return padded;
    }
}
