// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.storage.SampleBuffer;
import dev.narthex.tsdb.block.SampleMerge;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import dev.narthex.tsdb.headchunk.HeadChunkBuffer;
import dev.narthex.tsdb.wal.HistogramRecords;
import dev.narthex.tsdb.wal.RecordReader;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.StartTimestampRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * Reads the samples of one series after another that came out of order, sorted by time; of several of one time the one
 * that came first. What lies in memory is copied under the store's lock, files are read without it. For one thread.
 */
final class OutOfOrderReader {
    private final OutOfOrderStore store;
    private final MappedChunks files;
    private final long commit;
    private final int fromGeneration;
    private final int toGeneration;
    private final long mintMs;
    private final long maxtMs;
    private final ChunkDecoder decoder = new ChunkDecoder();
    private final HeadChunkBuffer buffer = new HeadChunkBuffer();
    private final RecordReader records = new RecordReader();
    private final SampleBuffer memory = new SampleBuffer();
    private final SampleBuffer gathered = new SampleBuffer();
    private long[] chunks = new long[4];
    private int chunkCount;
    /** Where runs of pieces begin, the newest piece first; negative for chunks: the number of one, inverted. */
    private int[] runs = new int[8];

    private int runCount;
    private int[] order = new int[64];
    private int[] spare = new int[64];
    private int[] ends = new int[8];

    /**
     * @param commit the last commit to be seen
     * @param fromGeneration the first generation of pieces to be read
     * @param toGeneration the first one not to be read any more
     * @param mintMs the first timestamp to be read, inclusive
     * @param maxtMs the last one, inclusive
     */
    OutOfOrderReader(
            OutOfOrderStore store,
            MappedChunks files,
            long commit,
            int fromGeneration,
            int toGeneration,
            long mintMs,
            long maxtMs) {
        this.store = store;
        this.files = files;
        this.commit = commit;
        this.fromGeneration = fromGeneration;
        this.toGeneration = toGeneration;
        this.mintMs = mintMs;
        this.maxtMs = maxtMs;
    }

    /** Appends the samples of a series to a buffer; nothing where there is none to be seen. */
    void read(int record, SampleBuffer into) {
        memory.clear();
        gathered.clear();
        chunkCount = 0;
        runCount = 0;
        store.lock.lock();
        try {
            for (int piece = store.newest(record); piece != 0; piece = store.previous(piece)) {
                int generation = store.generation(piece);
                if (generation >= fromGeneration && generation < toGeneration) {
                    copy(piece);
                }
            }
        } finally {
            store.lock.unlock();
        }
        gather();
        sort(into);
    }

    /** Appends the samples of one piece to a buffer, whatever its generation. */
    void readPiece(int piece, SampleBuffer into) {
        memory.clear();
        gathered.clear();
        chunkCount = 0;
        runCount = 0;
        store.lock.lock();
        try {
            copy(piece);
        } finally {
            store.lock.unlock();
        }
        gather();
        sort(into);
    }

    private void copy(int piece) {
        byte[] page = store.pieces().page(piece);
        int at = store.pieces().offset(piece);
        if (store.isInFile(piece)) {
            long mint = (long) OutOfOrderStore.LONG.get(page, at + OutOfOrderLayout.FILE_MINT);
            long maxt = (long) OutOfOrderStore.LONG.get(page, at + OutOfOrderLayout.FILE_MAXT);
            if (maxt < mintMs || mint > maxtMs) {
                return;
            }
            if (2 * chunkCount == chunks.length) {
                chunks = Arrays.copyOf(chunks, 2 * chunks.length);
            }
            long length = (int) OutOfOrderStore.INT.get(page, at + OutOfOrderLayout.FILE_LENGTH);
            chunks[2 * chunkCount] = (long) OutOfOrderStore.LONG.get(page, at + OutOfOrderLayout.FILE_REFERENCE);
            chunks[2 * chunkCount + 1] = (long) page[at + OutOfOrderLayout.FILE_ENCODING] << 32 | length;
            addRun(~chunkCount++);
            return;
        }
        addRun(memory.size());
        int sample = at + OutOfOrderLayout.SAMPLES;
        for (int i = store.count(piece); i > 0; i--, sample += OutOfOrderLayout.SAMPLE_BYTES) {
            long timestampMs = (long) OutOfOrderStore.LONG.get(page, sample);
            long of = (long) OutOfOrderStore.LONG.get(page, sample + OutOfOrderLayout.SAMPLE_COMMIT);
            if (timestampMs < mintMs || timestampMs > maxtMs || (of & ~OutOfOrderLayout.APART) > commit) {
                continue;
            }
            long value = (long) OutOfOrderStore.LONG.get(page, sample + OutOfOrderLayout.SAMPLE_VALUE);
            if (of < 0) {
                addApart(timestampMs, (int) value);
            } else {
                memory.add(timestampMs, Double.longBitsToDouble(value));
            }
        }
    }

    private void addRun(int run) {
        if (runCount == runs.length) {
            runs = Arrays.copyOf(runs, 2 * runCount);
        }
        runs[runCount++] = run;
    }

    private void addApart(long timestampMs, int piece) {
        byte[] page = store.pieces().page(piece);
        int at = store.pieces().offset(piece);
        int length = (int) OutOfOrderStore.INT.get(page, at);
        int record = at + OutOfOrderLayout.RECORD;
        int type = page[record];
        records.reset(page, record + 1, record + length);
        int before = memory.size();
        if (type == RecordType.ST_SAMPLES) {
            StartTimestampRecords each = new StartTimestampRecords(records);
            if (each.next()) {
                memory.add(timestampMs, records.readDouble());
                memory.startTimestamp(each.startMs());
            }
        } else {
            HistogramRecords.read(type, records, (_, _, histogram, startMs) -> {
                memory.add(timestampMs, histogram);
                if (startMs != 0) {
                    memory.startTimestamp(startMs);
                }
            });
        }
        if (memory.size() != before + 1) {
            throw new IllegalStateException("head: a sample out of order cannot be read back");
        }
    }

    /** Puts all runs into one buffer, the oldest piece first, and notes where they end. */
    private void gather() {
        if (ends.length < runCount) {
            ends = new int[2 * runCount];
        }
        int end = memory.size();
        int run = runCount;
        int out = 0;
        while (run > 0) {
            int begin = runs[--run];
            int start = gathered.size();
            if (begin < 0) {
                readChunk(~begin);
            } else {
                for (int i = begin; i < end; i++) {
                    SampleMerge.append(memory, i, gathered);
                }
                end = begin;
            }
            if (gathered.size() > start) {
                SampleMerge.setApart(gathered, start); // the range may begin within a chunk
            }
            ends[out++] = gathered.size();
        }
    }

    private void readChunk(int number) {
        try {
            int length = (int) chunks[2 * number + 1];
            if (files.read(chunks[2 * number], length, buffer)) {
                decoder.decode(
                        MappedChunks.encoding((int) (chunks[2 * number + 1] >>> 32)),
                        buffer.bytes(),
                        buffer.dataOffset(),
                        length,
                        mintMs,
                        maxtMs,
                        gathered);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sorts runs and merges them two by two: what came earlier stays in front of what came later. */
    private void sort(SampleBuffer into) {
        int size = gathered.size();
        if (order.length < size) {
            order = new int[2 * size];
            spare = new int[2 * size];
        }
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        int start = 0;
        for (int run = 0; run < runCount; run++) {
            insertionSort(start, ends[run]);
            start = ends[run];
        }
        int left = runCount;
        while (left > 1) {
            int merged = 0;
            start = 0;
            for (int run = 0; run < left; run += 2) {
                int middle = ends[run];
                int end = run + 1 < left ? ends[run + 1] : middle;
                merge(start, middle, end);
                ends[merged++] = end;
                start = end;
            }
            left = merged;
            int[] swap = order;
            order = spare;
            spare = swap;
        }
        int former = -1;
        for (int i = 0; i < size; i++) {
            int next = order[i];
            if (former >= 0 && gathered.timestampMs(next) == gathered.timestampMs(former)) {
                continue;
            }
            if (next == former + 1) {
                SampleMerge.append(gathered, next, into);
            } else {
                SampleMerge.appendApart(gathered, next, into);
            }
            former = next;
        }
    }

    private void insertionSort(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            int moved = order[i];
            long timestampMs = gathered.timestampMs(moved);
            int at = i;
            while (at > from && gathered.timestampMs(order[at - 1]) > timestampMs) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = moved;
        }
    }

    private void merge(int from, int middle, int to) {
        int a = from;
        int b = middle;
        for (int out = from; out < to; out++) {
            boolean first = b == to || (a < middle && gathered.timestampMs(order[a]) <= gathered.timestampMs(order[b]));
            spare[out] = first ? order[a++] : order[b++];
        }
    }
}
