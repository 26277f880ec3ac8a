// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.ByteSlab;
import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import dev.narthex.tsdb.headchunk.HeadChunkBuffer;
import dev.narthex.tsdb.headchunk.HeadChunkFiles;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Closed chunks that lie in files: of each, 24 bytes stay in the slab of closed chunks, in the place that the chunk had in
 * the chain of its series.
 *
 * <p>Chunks are moved in three steps, so that no lock is held while a file is written: {@link #collect} copies closed
 * chunks under the commit lock, {@link #write} writes them, {@link #swap} puts what is written in their places, again
 * under the lock. Closed chunks do not change and nobody removes them in between, which the head sees to; a reader that
 * has met a chunk in the slab keeps it.
 */
final class MappedChunks {
    /** So many bytes are copied at once. */
    private static final int COLLECT_BYTES = 1 << 20;

    /** By their numbers; that of XOR in the slab is 0. */
    private static final ChunkEncoding[] ENCODINGS = {
        ChunkEncoding.XOR,
        ChunkEncoding.XOR,
        ChunkEncoding.HISTOGRAM,
        ChunkEncoding.FLOAT_HISTOGRAM,
        ChunkEncoding.XOR2,
        ChunkEncoding.HISTOGRAM_ST,
        ChunkEncoding.FLOAT_HISTOGRAM_ST
    };

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final HeadSamples samples;
    private final ChunkDecoder decoder = new ChunkDecoder();
    private final SampleBuffer decoded = new SampleBuffer();
    private volatile @Nullable HeadChunkFiles files;

    private byte[] bytes = {};
    private int bytesEnd;
    private int[] records = new int[64];
    private int[] chunks = new int[64];
    private int[] offsets = new int[64];
    private long[] references = new long[64];
    private int count;
    private int written;

    MappedChunks(HeadSamples samples) {
        this.samples = samples;
    }

    void use(HeadChunkFiles newFiles) {
        files = newFiles;
    }

    /** Whether a chunk of this encoding can be read. */
    static boolean isKnown(int number) {
        return number > 0 && number < ENCODINGS.length;
    }

    /** The encoding of a closed chunk by what stands in its head. */
    static ChunkEncoding encoding(int field) {
        return ENCODINGS[field & ~SeriesLayout.MAPPED];
    }

    /** Makes a piece that stands for a chunk in a file. */
    int piece(int previous, int encodingNumber, int dataBytes, long firstMs, long reference) {
        ByteSlab slab = samples.closedChunks();
        int piece = slab.allocate(SeriesLayout.MAPPED_BYTES);
        byte[] page = slab.page(piece);
        int at = slab.offset(piece);
        HeadSamples.putInt(page, at, previous);
        HeadSamples.putInt(
                page, at + SeriesLayout.CHUNK_LENGTH, (SeriesLayout.MAPPED | encodingNumber) << 24 | dataBytes);
        LONG.set(page, at + SeriesLayout.CHUNK_DATA, firstMs);
        LONG.set(page, at + SeriesLayout.MAPPED_REFERENCE, reference);
        return piece;
    }

    boolean isMapped(int chunk) {
        return (samples.encoding(chunk) & SeriesLayout.MAPPED) != 0;
    }

    /** Reads a chunk from its file; false where the file is gone, since all in it is older than what may be read. */
    boolean read(int chunk, HeadChunkBuffer into) throws IOException {
        ByteSlab slab = samples.closedChunks();
        long reference = (long) LONG.get(slab.page(chunk), slab.offset(chunk) + SeriesLayout.MAPPED_REFERENCE);
        return read(reference, samples.length(chunk), into);
    }

    /** Reads a chunk by where it stands; false where the file is gone. */
    boolean read(long reference, int dataBytes, HeadChunkBuffer into) throws IOException {
        HeadChunkFiles present = files;
        if (present == null) {
            throw new IllegalStateException("head: a chunk lies in a file, and there are no files");
        }
        return present.read(reference, dataBytes, into);
    }

    /** The files that chunks are moved to, null where there are none. */
    @Nullable
    HeadChunkFiles files() {
        return files;
    }

    /**
     * Moves all closed chunks that lie in the slab.
     *
     * @param commitLock is held for so many series at a time, and not while files are written
     * @return how many were moved
     */
    int moveAll(ReentrantLock commitLock, int seriesAtOnce) throws IOException {
        int moved = 0;
        int end = samples.series().end();
        for (int from = 1; from < end; ) {
            commitLock.lock();
            try {
                from = collect(from, Math.min(end, from + seriesAtOnce));
            } finally {
                commitLock.unlock();
            }
            try {
                write();
            } finally {
                commitLock.lock();
                try {
                    moved += swap();
                    samples.drainFrees();
                } finally {
                    commitLock.unlock();
                }
            }
        }
        return moved;
    }

    /** Copies the closed chunks of series that lie in the slab; the record to go on with. For the writer. */
    int collect(int from, int to) {
        count = 0;
        written = 0;
        bytesEnd = 0;
        if (files == null) {
            return to;
        }
        int record = from;
        while (record < to && bytesEnd < COLLECT_BYTES) {
            long[] fields = samples.series().page(record);
            int base = samples.series().offset(record);
            if ((fields[base + SeriesLayout.REF] & SeriesLayout.REF_MASK) != 0) {
                collect(record, fields, base);
            }
            record++;
        }
        return record;
    }

    private void collect(int record, long[] fields, int base) {
        int first = count;
        for (int chunk = (int) fields[base + SeriesLayout.UNDO];
                chunk != 0 && !isMapped(chunk);
                chunk = samples.previous(chunk)) {
            if (count == records.length) {
                records = Arrays.copyOf(records, 2 * count);
                chunks = Arrays.copyOf(chunks, 2 * count);
                offsets = Arrays.copyOf(offsets, 2 * count);
                references = Arrays.copyOf(references, 2 * count);
            }
            int length = HeadSamples.prefix(samples.encoding(chunk)) + samples.length(chunk);
            if (bytes.length - bytesEnd < length + ChunkDecoder.SLACK_BYTES) {
                bytes = Arrays.copyOf(bytes, Math.max(COLLECT_BYTES, 2 * bytes.length) + length);
            }
            ByteSlab slab = samples.closedChunks();
            System.arraycopy(slab.page(chunk), slab.offset(chunk) + SeriesLayout.CHUNK_DATA, bytes, bytesEnd, length);
            records[count] = record;
            chunks[count] = chunk;
            offsets[count] = bytesEnd;
            references[count++] = fields[base + SeriesLayout.REF] & SeriesLayout.REF_MASK;
            bytesEnd += length;
        }
        for (int left = first, right = count - 1; left < right; left++, right--) { // oldest first
            int chunk = chunks[left];
            chunks[left] = chunks[right];
            chunks[right] = chunk;
            int offset = offsets[left];
            offsets[left] = offsets[right];
            offsets[right] = offset;
        }
    }

    /** Writes what was collected; what was written before a failure counts as written. */
    void write() throws IOException {
        HeadChunkFiles into = files;
        if (count == 0 || into == null) {
            return;
        }
        try {
            for (int i = 0; i < count; i++) {
                references[i] = append(into, i);
                if (into.stagedBytes() >= HeadChunkFiles.STAGING_BYTES) {
                    into.flush();
                    written = i + 1;
                }
            }
            into.flush();
            written = count;
        } finally {
            into.discard();
            if (bytes.length > 4 * COLLECT_BYTES) {
                bytes = new byte[0];
            }
        }
    }

    private long append(HeadChunkFiles into, int at) throws IOException {
        int chunk = chunks[at];
        int field = samples.encoding(chunk);
        int offset = offsets[at] + HeadSamples.prefix(field);
        int length = samples.length(chunk);
        ChunkEncoding encoding = encoding(field);
        decoded.clear();
        decoder.decode(encoding, bytes, offset, length, Long.MIN_VALUE, Long.MAX_VALUE, decoded);
        long last = decoded.timestampMs(decoded.size() - 1);
        return into.append(references[at], decoded.timestampMs(0), last, encoding.number(), bytes, offset, length);
    }

    /** Puts what was written in the place of the chunks in the slab; how many. For the writer. */
    int swap() {
        for (int first = 0; first < written; ) {
            int record = records[first];
            int end = first + 1;
            while (end < written && records[end] == record) {
                end++;
            }
            swap(record, first, end);
            first = end;
        }
        int swapped = written;
        written = 0;
        count = 0;
        return swapped;
    }

    private void swap(int record, int first, int end) {
        long[] fields = samples.series().page(record);
        int base = samples.series().offset(record);
        int mapped = samples.previous(chunks[first]);
        for (int i = first; i < end; i++) {
            int chunk = chunks[i];
            mapped = piece(
                    mapped,
                    encoding(samples.encoding(chunk)).number(),
                    samples.length(chunk),
                    samples.firstTimestampMs(chunk),
                    references[i]);
        }
        int newestSwapped = chunks[end - 1];
        long version = HeadSamples.beginChange(fields, base);
        long undoField = fields[base + SeriesLayout.UNDO];
        if ((int) undoField == newestSwapped) {
            fields[base + SeriesLayout.UNDO] = (undoField & ~0xffffffffL) | (mapped & 0xffffffffL);
        } else {
            int behind = (int) undoField;
            while (samples.previous(behind) != newestSwapped) {
                behind = samples.previous(behind);
            }
            VarHandle.releaseFence();
            ByteSlab slab = samples.closedChunks();
            HeadSamples.putInt(slab.page(behind), slab.offset(behind), mapped);
        }
        HeadSamples.endChange(fields, base, version);
        for (int i = first; i < end; i++) {
            samples.freeLater(chunks[i]);
        }
    }

    /** During a replay: the value of the last sample of a loaded chunk. */
    void learnLastValue(int record, double value) {
        long[] fields = samples.series().page(record);
        int base = samples.series().offset(record);
        if (fields[base + SeriesLayout.OPEN] == 0) {
            fields[base + SeriesLayout.LAST_V] = Double.doubleToRawLongBits(value);
        }
    }

    /** At the end of a replay: takes the last values of series that have samples in files only from there. */
    void settleLastValues() throws IOException {
        HeadChunkBuffer buffer = new HeadChunkBuffer();
        int end = samples.series().end();
        for (int record = 1; record < end; record++) {
            long[] fields = samples.series().page(record);
            int base = samples.series().offset(record);
            int newest = (int) fields[base + SeriesLayout.UNDO];
            if (fields[base + SeriesLayout.OPEN] != 0 || newest == 0 || !isMapped(newest)) {
                continue;
            }
            if (read(newest, buffer)) {
                decoded.clear();
                decoder.decode(
                        encoding(samples.encoding(newest)),
                        buffer.bytes(),
                        buffer.dataOffset(),
                        samples.length(newest),
                        Long.MIN_VALUE,
                        Long.MAX_VALUE,
                        decoded);
                fields[base + SeriesLayout.LAST_V] = Double.doubleToRawLongBits(decoded.value(decoded.size() - 1));
            }
        }
    }

    /** The first timestamp in any file, {@link Long#MAX_VALUE} where there is none. */
    long minTimeMs() {
        HeadChunkFiles present = files;
        return present == null ? Long.MAX_VALUE : present.minTimeMs();
    }

    /** Removes files whose samples are all older than a time, and which come before one that is still needed. */
    void truncate(long mintMs, int firstNeeded) throws IOException {
        HeadChunkFiles present = files;
        if (present != null) {
            present.truncate(mintMs, firstNeeded);
        }
    }
}
