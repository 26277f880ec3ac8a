// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.ByteSlab;
import dev.narthex.memory.LongRecords;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.NativeHistogram;
import dev.narthex.tsdb.chunk.XorDecoder;
import dev.narthex.tsdb.chunk.XorEncoder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The samples of the series, in XOR chunks: one open chunk a series, and a chain of closed ones behind it.
 *
 * <p>All changes are made by the one writer that holds the commit lock. A change of a series makes its version odd, and
 * even again when it is done: a reader that saw an odd or another version takes the record anew
 * ({@link SeriesReader}). Closed chunks never change, and are freed when no reader holds them.
 *
 * <p>Which samples of a series a reader may see follows from time alone, since the samples of a series ascend: those up
 * to the last timestamp of the series as of the last commit it sees. The record holds that for the newest commit; where
 * a reader at work needs an older one, the writer puts it aside as an undo record.
 */
final class HeadSamples {
    /** What became of a sample that was to be added. */
    enum Outcome {
        ADDED,
        /** The sample is there already. */
        SAME,
        OUT_OF_ORDER,
        DUPLICATE,
        /** The series has been collected. */
        GONE
    }

    private static final VarHandle FIELD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int CHUNK_KIND = 1;
    private static final int UNDO_KIND = 2;

    private final LongRecords series;
    private final LongRecords undo;
    private final ByteSlab openChunks;
    private final ByteSlab closedChunks;
    private final OpenFloats floats;
    private final OpenHistograms histograms;
    private final DeferredFrees frees;
    private final MappedChunks mapped;
    private final boolean withStarts;
    private long closedCount;
    private long openCount;
    private long chunksCreated;
    /** Keeps the compiler from leaving the touching out. */
    private long touched;

    /**
     * @param series the records of the series, with the fields for start timestamps where they are kept
     * @param withStarts whether they are
     */
    HeadSamples(MemoryAccount account, Readers readers, LongRecords series, long chunkRangeMs, boolean withStarts) {
        this.series = series;
        this.withStarts = withStarts;
        undo = new LongRecords(account.tag("undo"), SeriesLayout.UNDO_FIELDS);
        openChunks = new ByteSlab(account.tag("open chunks"));
        closedChunks = new ByteSlab(account.tag("closed chunks"));
        ChunkRange range = new ChunkRange(chunkRangeMs);
        floats = new OpenFloats(openChunks, range);
        histograms = new OpenHistograms(account, openChunks, range);
        frees = new DeferredFrees(readers, account.tag("deferred frees"), this::free);
        mapped = new MappedChunks(this);
    }

    MappedChunks mapped() {
        return mapped;
    }

    LongRecords series() {
        return series;
    }

    LongRecords undo() {
        return undo;
    }

    ByteSlab openChunks() {
        return openChunks;
    }

    OpenFloats openFloats() {
        return floats;
    }

    ByteSlab closedChunks() {
        return closedChunks;
    }

    /** Chunks in the head, open ones included. For the writer. */
    long chunkCount() {
        return closedCount + openCount;
    }

    /** Chunks begun so far, and those that others have linked. For the writer. */
    long chunksCreated() {
        return chunksCreated;
    }

    /** The open chunks of histograms. For the writer. */
    OpenHistograms histograms() {
        return histograms;
    }

    /**
     * Adds a sample. For the writer.
     *
     * @param ref what the record must be of
     * @param startMs its start timestamp, 0 for none
     * @param commit the commit that the sample belongs to
     * @param oldestCommit the oldest commit that a reader at work sees
     */
    Outcome append(int record, long ref, long timestampMs, double value, long startMs, long commit, long oldestCommit) {
        long[] fields = series.page(record);
        int base = series.offset(record);
        if ((fields[base + SeriesLayout.REF] & SeriesLayout.REF_MASK) != ref) {
            return Outcome.GONE;
        }
        long lastT = fields[base + SeriesLayout.LAST_T];
        long bits = Double.doubleToRawLongBits(value);
        if (timestampMs <= lastT) {
            if (timestampMs < lastT) {
                return Outcome.OUT_OF_ORDER;
            }
            return isLast(fields, base, bits) ? Outcome.SAME : Outcome.DUPLICATE;
        }
        long version = beginChange(fields, base);
        if (fields[base + SeriesLayout.COMMIT] != commit) {
            keepLevel(fields, base, commit, lastT, oldestCommit);
        }
        if (startMs != 0 && withStarts) {
            appendStarted(fields, base, timestampMs, bits, startMs);
        } else if (!floats.append(fields, base, timestampMs, bits)
                && !(withStarts && floats.appendStarted(fields, base, timestampMs, bits, 0))) {
            closeFull(fields, base);
            openCount += floats.begin(fields, base, timestampMs, bits) ? 1 : 0;
            chunksCreated++;
        }
        fields[base + SeriesLayout.LAST_T] = timestampMs;
        fields[base + SeriesLayout.LAST_V] = bits;
        endChange(fields, base, version);
        return Outcome.ADDED;
    }

    private void appendStarted(long[] fields, int base, long timestampMs, long bits, long startMs) {
        if (!floats.appendStarted(fields, base, timestampMs, bits, startMs)) {
            closeFull(fields, base);
            openCount += floats.beginStarted(fields, base, timestampMs, bits, startMs) ? 1 : 0;
            chunksCreated++;
        }
    }

    /** Whether a float is the last value of a series. */
    static boolean isLast(long[] fields, int base, long bits) {
        return bits == fields[base + SeriesLayout.LAST_V] && !OpenHistograms.isHistograms(fields, base);
    }

    /** Whether a histogram is the last sample of a series. For the writer. */
    boolean isLast(int record, NativeHistogram histogram) {
        return histograms.isLast(series.page(record), series.offset(record), histogram);
    }

    /** Adds a histogram, as {@link #append(int, long, long, double, long, long, long)}. For the writer. */
    Outcome append(
            int record,
            long ref,
            long timestampMs,
            NativeHistogram histogram,
            long startMs,
            long commit,
            long oldestCommit) {
        long kept = withStarts ? startMs : 0;
        long[] fields = series.page(record);
        int base = series.offset(record);
        if ((fields[base + SeriesLayout.REF] & SeriesLayout.REF_MASK) != ref) {
            return Outcome.GONE;
        }
        long lastT = fields[base + SeriesLayout.LAST_T];
        if (timestampMs <= lastT) {
            if (timestampMs < lastT) {
                return Outcome.OUT_OF_ORDER;
            }
            return histograms.isLast(fields, base, histogram) ? Outcome.SAME : Outcome.DUPLICATE;
        }
        long version = beginChange(fields, base);
        if (fields[base + SeriesLayout.COMMIT] != commit) {
            keepLevel(fields, base, commit, lastT, oldestCommit);
        }
        if (!histograms.append(fields, base, timestampMs, histogram, kept)) {
            closeOpen(fields, base);
            histograms.begin(fields, base, timestampMs, histogram, kept);
            openCount++;
            chunksCreated++;
        }
        fields[base + SeriesLayout.LAST_T] = timestampMs;
        fields[base + SeriesLayout.LAST_V] = Double.doubleToRawLongBits(histogram.sum());
        endChange(fields, base, version);
        return Outcome.ADDED;
    }

    /**
     * Reads where samples of series will be written before any of them is: with many series, most time goes into waiting for
     * that memory, and so the waits overlap. For the writer.
     *
     * @param records of the series, from one place on to another
     */
    void touch(int[] records, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            long[] fields = series.page(records[i]);
            int base = series.offset(records[i]);
            long open = fields[base + SeriesLayout.OPEN];
            sum += fields[base + SeriesLayout.UNDO];
            if (open != 0 && !OpenHistograms.isHistograms(fields, base)) {
                sum += floats.behind(open, fields[base + SeriesLayout.STATE]);
            }
        }
        touched += sum;
    }

    private void keepLevel(long[] fields, int base, long commit, long lastT, long oldestCommit) {
        long former = fields[base + SeriesLayout.COMMIT];
        long undoField = fields[base + SeriesLayout.UNDO];
        int chain = (int) (undoField >>> 32);
        if (former > oldestCommit) {
            int kept = undo.allocate();
            long[] page = undo.page(kept);
            int at = undo.offset(kept);
            page[at] = former;
            page[at + 1] = fields[base + SeriesLayout.BEFORE_T];
            page[at + SeriesLayout.UNDO_NEXT] = chain;
            fields[base + SeriesLayout.UNDO] = (long) kept << 32 | (undoField & 0xffffffffL);
        } else if (chain != 0) {
            freeUndo(chain);
            fields[base + SeriesLayout.UNDO] = undoField & 0xffffffffL;
        }
        fields[base + SeriesLayout.COMMIT] = commit;
        fields[base + SeriesLayout.BEFORE_T] = lastT;
    }

    private void freeUndo(int chain) {
        for (int kept = chain; kept != 0; ) {
            frees.add(UNDO_KIND, kept);
            kept = (int) undo.page(kept)[undo.offset(kept) + SeriesLayout.UNDO_NEXT];
        }
    }

    /** Closes the open chunk, if there is one; that of floats leaves its memory to the next one. */
    private void closeFull(long[] fields, int base) {
        long open = fields[base + SeriesLayout.OPEN];
        if (OpenHistograms.isHistograms(fields, base)) {
            closeOpen(fields, base);
        } else if (open != 0) {
            close(fields, base, open);
        }
    }

    /** Closes the open chunk, if there is one, and gives its memory back. */
    void closeOpen(long[] fields, int base) {
        long open = fields[base + SeriesLayout.OPEN];
        if (open == 0) {
            return;
        }
        if ((open & 0xffff) != 0) {
            close(fields, base, open);
        }
        freeOpen(fields, base);
    }

    private void freeOpen(long[] fields, int base) {
        long open = fields[base + SeriesLayout.OPEN];
        if (OpenHistograms.isHistograms(fields, base)) {
            openChunks.free((int) (open >>> 32));
            histograms.freeState(fields, base);
        } else {
            floats.free(open);
        }
        fields[base + SeriesLayout.OPEN] = 0;
        fields[base + SeriesLayout.STATE] = 0;
        openCount--;
    }

    private void close(long[] fields, int base, long open) {
        int size = XorEncoder.sizeBytes(fields[base + SeriesLayout.STATE]);
        int encoding = OpenHistograms.encoding(fields, base);
        int prefix = prefix(encoding);
        int closed = closedChunks.allocate(SeriesLayout.CHUNK_DATA + prefix + size);
        byte[] page = closedChunks.page(closed);
        int at = closedChunks.offset(closed);
        long undoField = fields[base + SeriesLayout.UNDO];
        putInt(page, at, (int) undoField);
        putInt(page, at + SeriesLayout.CHUNK_LENGTH, encoding << 24 | size);
        int data = at + SeriesLayout.CHUNK_DATA;
        if (!OpenHistograms.isHistograms(encoding)) {
            boolean _ = floats.copy(open, size, page, data); // nobody else changes it
        } else {
            int chunk = (int) (open >>> 32);
            System.arraycopy(openChunks.page(chunk), openChunks.offset(chunk), page, data, prefix + size);
        }
        writeCount(encoding, page, data + prefix, (int) open & 0xffff);
        if ((int) undoField == 0) {
            fields[base + SeriesLayout.OLDEST_T] = fields[base + SeriesLayout.LAST_T];
        }
        fields[base + SeriesLayout.UNDO] = (undoField & ~0xffffffffL) | (closed & 0xffffffffL);
        closedCount++;
    }

    /**
     * Drops the chunks of a series that end before a time. For the writer.
     *
     * @return whether the series has no sample left
     */
    boolean truncate(int record, long mintMs) {
        long[] fields = series.page(record);
        int base = series.offset(record);
        if (fields[base + SeriesLayout.LAST_T] < mintMs) {
            dropAll(fields, base);
            return true;
        }
        if (fields[base + SeriesLayout.OLDEST_T] >= mintMs) {
            return false;
        }
        long version = beginChange(fields, base);
        dropOldest(fields, base, mintMs);
        endChange(fields, base, version);
        return false;
    }

    /** Drops all chunks of a series, as if it had never had a sample. For a replay. */
    void forget(int record) {
        long[] fields = series.page(record);
        int base = series.offset(record);
        dropAll(fields, base);
        fields[base + SeriesLayout.LAST_T] = SeriesLayout.NO_TIME;
    }

    /**
     * The first timestamp of a series, dropped ones among them that stay since their chunk's end is not known to be; {@link
     * Long#MAX_VALUE} where it has none. For the writer.
     */
    long firstTimestampOf(int record) {
        long[] fields = series.page(record);
        int base = series.offset(record);
        long first = openFirstMs(fields, base);
        for (int chunk = (int) fields[base + SeriesLayout.UNDO]; chunk != 0; chunk = previous(chunk)) {
            first = firstTimestampMs(chunk);
        }
        return first;
    }

    private void dropOldest(long[] fields, int base, long mintMs) {
        long undoField = fields[base + SeriesLayout.UNDO];
        long open = fields[base + SeriesLayout.OPEN];
        long upper = fields[base + SeriesLayout.LAST_T];
        if ((open & 0xffff) != 0) {
            upper = openFirstMs(fields, base) - 1;
        }
        int newer = 0;
        int chunk = (int) undoField;
        long oldestUpper = Long.MAX_VALUE;
        while (chunk != 0 && upper >= mintMs) {
            oldestUpper = upper;
            newer = chunk;
            upper = firstTimestampMs(chunk) - 1;
            chunk = previous(chunk);
        }
        fields[base + SeriesLayout.OLDEST_T] = oldestUpper;
        if (newer == 0) {
            fields[base + SeriesLayout.UNDO] = undoField & ~0xffffffffL;
        } else {
            putInt(closedChunks.page(newer), closedChunks.offset(newer), 0);
        }
        freeChain(chunk);
    }

    private void dropAll(long[] fields, int base) {
        long open = fields[base + SeriesLayout.OPEN];
        long undoField = fields[base + SeriesLayout.UNDO];
        if (open == 0 && undoField == 0) {
            return;
        }
        long version = beginChange(fields, base);
        if (open != 0) {
            freeOpen(fields, base);
        }
        freeChain((int) undoField);
        freeUndo((int) (undoField >>> 32));
        fields[base + SeriesLayout.OPEN] = 0;
        fields[base + SeriesLayout.UNDO] = 0;
        fields[base + SeriesLayout.STATE] = 0;
        fields[base + SeriesLayout.OLDEST_T] = Long.MAX_VALUE;
        endChange(fields, base, version);
    }

    /** The first timestamp of the open chunk, {@link Long#MAX_VALUE} where there is none. For the writer. */
    long openFirstMs(long[] fields, int base) {
        long open = fields[base + SeriesLayout.OPEN];
        if ((open & 0xffff) == 0) {
            return Long.MAX_VALUE;
        }
        int chunk = (int) (open >>> 32);
        return OpenHistograms.isHistograms(fields, base)
                ? OpenHistograms.firstTimestampMs(openChunks.page(chunk), openChunks.offset(chunk))
                : floats.firstTimestampMs(OpenHistograms.encoding(fields, base), open);
    }

    /** Frees a closed chunk that is out of its chain, once no reader holds it. */
    void freeLater(int chunk) {
        frees.add(CHUNK_KIND, chunk);
    }

    /** Counts chunks that were linked to a series by another than this. */
    void addClosed(int count) {
        closedCount += count;
        chunksCreated += count;
    }

    private void freeChain(int newest) {
        for (int chunk = newest; chunk != 0; ) {
            int previous = previous(chunk);
            frees.add(CHUNK_KIND, chunk);
            closedCount--;
            chunk = previous;
        }
    }

    int previous(int chunk) {
        return getInt(closedChunks.page(chunk), closedChunks.offset(chunk));
    }

    long firstTimestampMs(int chunk) {
        return firstTimestampMs(
                encoding(chunk), closedChunks.page(chunk), closedChunks.offset(chunk) + SeriesLayout.CHUNK_DATA);
    }

    /** The encoding of a closed chunk as in {@link SeriesLayout#STATE}: 0 for XOR. */
    int encoding(int chunk) {
        return closedChunks.page(chunk)[closedChunks.offset(chunk) + SeriesLayout.CHUNK_LENGTH];
    }

    /** The bytes of the data of a closed chunk. */
    int length(int chunk) {
        return getInt(closedChunks.page(chunk), closedChunks.offset(chunk) + SeriesLayout.CHUNK_LENGTH) & 0xffffff;
    }

    /** The first timestamp of a chunk, open or closed, that begins at an offset with its prefix. */
    static long firstTimestampMs(int encoding, byte[] page, int offset) {
        return switch (encoding) {
            case 0 -> XorDecoder.firstTimestampMs(page, offset);
            case SeriesLayout.XOR2 -> XorDecoder.firstTimestampMs(page, offset + 1); // behind one more byte
            default -> OpenHistograms.firstTimestampMs(page, offset);
        };
    }

    /** Writes the count of samples in front of the data of a chunk. */
    static void writeCount(int encoding, byte[] page, int data, int count) {
        if (encoding > SeriesLayout.XOR2) {
            XorEncoder.writeShortCount(page, data, count);
        } else {
            XorEncoder.writeCount(page, data, count);
        }
    }

    /** The bytes in front of the data of a chunk. */
    static int prefix(int encoding) {
        return OpenHistograms.isHistograms(encoding) ? SeriesLayout.HISTOGRAM_PREFIX : 0;
    }

    /** Frees what readers have left. For the writer. */
    void drainFrees() {
        frees.drain();
    }

    int waitingFrees() {
        return frees.size();
    }

    void clear() {
        frees.clear();
        undo.clear();
        openChunks.clear();
        closedChunks.clear();
        histograms.clear();
        closedCount = 0;
        openCount = 0;
    }

    private void free(int kind, int ref) {
        if (kind == CHUNK_KIND) {
            closedChunks.free(ref);
        } else {
            undo.free(ref);
        }
    }

    @Override
    public String toString() {
        return "closed_chunks=" + closedCount + " open_chunks=" + openCount + " touched=" + touched;
    }

    static long beginChange(long[] fields, int base) {
        long version = fields[base + SeriesLayout.VERSION];
        FIELD.setOpaque(fields, base + SeriesLayout.VERSION, version + 1);
        VarHandle.storeStoreFence();
        return version;
    }

    static void endChange(long[] fields, int base, long version) {
        FIELD.setRelease(fields, base + SeriesLayout.VERSION, version + 2);
    }

    private static int getInt(byte[] page, int at) {
        return (int) INT.get(page, at);
    }

    /** One store, so that readers meet either the former or the new value. */
    static void putInt(byte[] page, int at, int value) {
        INT.set(page, at, value);
    }
}
