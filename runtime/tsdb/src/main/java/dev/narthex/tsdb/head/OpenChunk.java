// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.ByteSlab;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import dev.narthex.tsdb.chunk.XorEncoder;
import java.util.Arrays;

/** Copies the open chunks of series, one after the other, while nothing is committed. For one thread. */
public final class OpenChunk {
    private final Head head;
    private byte[] bytes = new byte[2048];
    private ChunkEncoding encoding = ChunkEncoding.XOR;
    private int begin;
    private int length;
    private long firstMs;
    private long lastMs;
    private double lastValue;

    OpenChunk(Head head) {
        this.head = head;
    }

    /** Whether the log has the labels of a series entry under its name. */
    public boolean isLogged(long entry) {
        return head.isLogged(SeriesRefs.recordOf(entry), SeriesRefs.refOf(entry));
    }

    /** Takes up the open chunk of a series entry; false where it has none. */
    public boolean load(long entry) {
        int record = SeriesRefs.recordOf(entry);
        long[] fields = head.seriesPage(record);
        int base = head.seriesOffset(record);
        long open = fields[base + SeriesLayout.OPEN];
        int count = (int) open & 0xffff;
        if (count == 0) {
            return false;
        }
        HeadSamples samples = head.samples();
        int number = OpenHistograms.encoding(fields, base);
        begin = HeadSamples.prefix(number);
        length = XorEncoder.sizeBytes(fields[base + SeriesLayout.STATE]);
        firstMs = samples.openFirstMs(fields, base);
        lastMs = fields[base + SeriesLayout.LAST_T];
        lastValue = Double.longBitsToDouble(fields[base + SeriesLayout.LAST_V]);
        reserve(begin + length + ChunkDecoder.SLACK_BYTES);
        encoding = MappedChunks.encoding(number);
        if (encoding.isFloats()) {
            boolean _ = samples.openFloats().copy(open, length, bytes, 0); // nobody changes it
        } else {
            ByteSlab slab = samples.openChunks();
            int chunk = (int) (open >>> 32);
            System.arraycopy(slab.page(chunk), slab.offset(chunk), bytes, 0, begin + length);
        }
        HeadSamples.writeCount(number, bytes, begin, count);
        return true;
    }

    private void reserve(int size) {
        if (bytes.length < size) {
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
    }

    public ChunkEncoding encoding() {
        return encoding;
    }

    /** The timestamp of its first sample. */
    public long firstMs() {
        return firstMs;
    }

    /** The timestamp of its last sample. */
    public long lastMs() {
        return lastMs;
    }

    /** The last value where it is of floats; of histograms the last sum. */
    public double lastValue() {
        return lastValue;
    }

    /** The array that holds its data, until the next call of {@link #load}. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where its data begin. */
    public int offset() {
        return begin;
    }

    /** The bytes of its data. */
    public int length() {
        return length;
    }
}
