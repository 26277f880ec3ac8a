// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.ByteSlab;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.NativeHistogram;
import dev.narthex.tsdb.headchunk.HeadChunkLayout;
import dev.narthex.tsdb.wal.WalBatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The samples that came out of order: of each series that has some a chain of pieces, the newest first. They stand in the
 * order they came, each with its commit; a reader sorts them and leaves out what it must not see.
 *
 * <p>Pieces are of a generation. A compaction begins a new one, writes the older ones to blocks, and drops them when the
 * blocks are there and every reader from before has left.
 *
 * <p>Changes are made under the head's commit lock and under {@link #lock}; readers copy what they need under the latter,
 * so that pieces can be freed at once.
 */
final class OutOfOrderStore {
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    final ReentrantLock lock = new ReentrantLock();
    private final ByteSlab pieces;
    /** The newest piece of each series record. */
    private final LongIntTable newest;

    private final WalBatch encoded = new WalBatch();
    /** Records with full pieces in memory; a ring. */
    private int[] full = new int[64];

    private int fullStart;
    private int fullCount;
    private int generation = 1;
    private long pieceCount;
    private long dropped;
    private volatile boolean empty = true;
    private volatile int visibleFrom = 1;
    private volatile long minTimeMs = Long.MAX_VALUE;
    private volatile long maxTimeMs = Long.MIN_VALUE;

    OutOfOrderStore(MemoryAccount account) {
        pieces = new ByteSlab(account.tag("out of order"));
        newest = new LongIntTable(account.tag("out of order"));
    }

    /**
     * Adds a sample. For the writer.
     *
     * @param bits of a float, without meaning where there is a histogram
     * @param startMs its start timestamp, 0 for none
     * @return false where the piece that it would come to has a sample of this time already
     */
    boolean add(
            int record, long timestampMs, long bits, @Nullable NativeHistogram histogram, long startMs, long commit) {
        lock.lock();
        try {
            int piece = newest.get(record);
            if (isOpen(piece)) {
                if (has(piece, timestampMs)) {
                    return false;
                }
                if (room(piece) == count(piece)) {
                    piece = enlarge(record, piece);
                }
            } else {
                piece = begin(record, piece, OutOfOrderLayout.FIRST_SAMPLES);
            }
            byte[] page = pieces.page(piece);
            int at = pieces.offset(piece);
            int count = page[at + OutOfOrderLayout.COUNT];
            int sample = at + OutOfOrderLayout.SAMPLES + count * OutOfOrderLayout.SAMPLE_BYTES;
            LONG.set(page, sample, timestampMs);
            boolean plain = histogram == null && startMs == 0;
            LONG.set(page, sample + OutOfOrderLayout.SAMPLE_VALUE, plain ? bits : keep(bits, histogram, startMs));
            LONG.set(page, sample + OutOfOrderLayout.SAMPLE_COMMIT, plain ? commit : commit | OutOfOrderLayout.APART);
            LONG.set(page, at + OutOfOrderLayout.COMMIT, commit);
            page[at + OutOfOrderLayout.COUNT] = (byte) (count + 1);
            if (count + 1 == OutOfOrderLayout.MAX_SAMPLES) {
                addFull(record);
            }
            widen(timestampMs, timestampMs);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the piece that a sample would come to has one of this time. For the writer. */
    boolean isDuplicate(int record, long timestampMs) {
        int piece = newest.get(record);
        return isOpen(piece) && has(piece, timestampMs);
    }

    /** Whether a sample would be the first one of its series, or the first one since a compaction began. */
    boolean beginsChain(int record) {
        int piece = newest.get(record);
        return piece == 0 || generation(piece) != generation;
    }

    private void widen(long mintMs, long maxtMs) {
        minTimeMs = Math.min(minTimeMs, mintMs);
        maxTimeMs = Math.max(maxTimeMs, maxtMs);
        empty = false;
    }

    private boolean isOpen(int piece) {
        return piece != 0
                && !isInFile(piece)
                && generation(piece) == generation
                && count(piece) < OutOfOrderLayout.MAX_SAMPLES;
    }

    private boolean has(int piece, long timestampMs) {
        byte[] page = pieces.page(piece);
        int at = pieces.offset(piece) + OutOfOrderLayout.SAMPLES;
        for (int i = count(piece); i > 0; i--, at += OutOfOrderLayout.SAMPLE_BYTES) {
            if ((long) LONG.get(page, at) == timestampMs) {
                return true;
            }
        }
        return false;
    }

    private int begin(int record, int previous, int room) {
        int piece = pieces.allocate(OutOfOrderLayout.SAMPLES + room * OutOfOrderLayout.SAMPLE_BYTES);
        byte[] page = pieces.page(piece);
        int at = pieces.offset(piece);
        Arrays.fill(page, at, at + OutOfOrderLayout.SAMPLES, (byte) 0);
        INT.set(page, at, previous);
        INT.set(page, at + OutOfOrderLayout.GENERATION, generation);
        page[at + OutOfOrderLayout.ROOM] = (byte) room;
        newest.put(record, piece);
        pieceCount++;
        return piece;
    }

    private int enlarge(int record, int piece) {
        int room = Math.min(OutOfOrderLayout.MAX_SAMPLES, 2 * room(piece));
        int larger = begin(record, previous(piece), room);
        int used = OutOfOrderLayout.SAMPLES + count(piece) * OutOfOrderLayout.SAMPLE_BYTES;
        byte[] page = pieces.page(larger);
        int at = pieces.offset(larger);
        System.arraycopy(pieces.page(piece), pieces.offset(piece), page, at, used);
        page[at + OutOfOrderLayout.ROOM] = (byte) room;
        pieces.free(piece);
        pieceCount--;
        return larger;
    }

    /** What was detected of a counter among samples that came in order does not hold among others. */
    private static NativeHistogram unhinted(NativeHistogram histogram) {
        if (histogram.counterResetHint() == CounterResetHint.GAUGE || histogram.isStale()) {
            return histogram;
        }
        return switch (histogram) {
            case IntegerHistogram integer -> integer.withHint(CounterResetHint.UNKNOWN);
            case FloatHistogram floating -> floating.withHint(CounterResetHint.UNKNOWN);
        };
    }

    /** Keeps a sample as a record of the log; its piece. */
    private long keep(long bits, @Nullable NativeHistogram histogram, long startMs) {
        encoded.clear();
        NativeHistogram kept = histogram == null ? null : unhinted(histogram);
        SingleSampleRecord.write(encoded, 0, 0, Double.longBitsToDouble(bits), kept, startMs);
        int length = encoded.sizeBytes();
        int piece = pieces.allocate(OutOfOrderLayout.RECORD + length);
        byte[] page = pieces.page(piece);
        int at = pieces.offset(piece);
        INT.set(page, at, length);
        encoded.copyTo(page, at + OutOfOrderLayout.RECORD);
        return piece & 0xffffffffL;
    }

    /** Adds a chunk that lies in a file to a series, as its newest piece. For the writer. */
    void addChunk(int record, int encoding, int dataBytes, long mintMs, long maxtMs, long reference) {
        lock.lock();
        try {
            newest.put(record, chunk(newest.get(record), encoding, dataBytes, mintMs, maxtMs, reference));
            widen(mintMs, maxtMs);
        } finally {
            lock.unlock();
        }
    }

    /** Makes a piece that stands for a chunk in a file. Under the lock. */
    int chunk(int previous, int encoding, int dataBytes, long mintMs, long maxtMs, long reference) {
        int piece = pieces.allocate(OutOfOrderLayout.FILE_BYTES);
        byte[] page = pieces.page(piece);
        int at = pieces.offset(piece);
        Arrays.fill(page, at, at + OutOfOrderLayout.FILE_BYTES, (byte) 0);
        INT.set(page, at, previous);
        page[at + OutOfOrderLayout.FILE_ENCODING] = (byte) encoding;
        page[at + OutOfOrderLayout.IN_FILE] = 1;
        INT.set(page, at + OutOfOrderLayout.GENERATION, generation);
        INT.set(page, at + OutOfOrderLayout.FILE_LENGTH, dataBytes);
        LONG.set(page, at + OutOfOrderLayout.FILE_MINT, mintMs);
        LONG.set(page, at + OutOfOrderLayout.FILE_MAXT, maxtMs);
        LONG.set(page, at + OutOfOrderLayout.FILE_REFERENCE, reference);
        pieceCount++;
        return piece;
    }

    private void addFull(int record) {
        if (fullCount == full.length) {
            int[] straight = new int[2 * fullCount];
            for (int i = 0; i < fullCount; i++) {
                straight[i] = full[(fullStart + i) & (fullCount - 1)];
            }
            full = straight;
            fullStart = 0;
        }
        full[(fullStart + fullCount++) & (full.length - 1)] = record;
    }

    /** How many pieces became full since they were last taken. For the writer. */
    int fullPieces() {
        return fullCount;
    }

    /** Takes the next record with a full piece. For the writer. */
    int takeFull() {
        int record = full[fullStart];
        fullStart = (fullStart + 1) & (full.length - 1);
        fullCount--;
        return record;
    }

    /** Puts a record back whose full pieces could not be moved yet. For the writer. */
    void putBackFull(int record) {
        addFull(record);
    }

    /** Begins a new generation; the number of it. For the writer. */
    int freeze() {
        lock.lock();
        try {
            fullCount = 0; // older pieces go to blocks, not to files
            return ++generation;
        } finally {
            lock.unlock();
        }
    }

    /** Pieces of generations before this one are not shown to readers that come from now on. */
    void hideBefore(int firstVisible) {
        visibleFrom = firstVisible;
    }

    int visibleFrom() {
        return visibleFrom;
    }

    /** Frees the pieces of generations before one, and of the others those whose samples are all older than a time. */
    void drop(int firstKept, long mintMs) {
        lock.lock();
        try {
            long first = Long.MAX_VALUE;
            long last = Long.MIN_VALUE;
            for (long record : newest.keys()) {
                int kept = 0;
                for (int piece = newest.get(record); piece != 0; ) {
                    int previous = previous(piece);
                    long maxt = maxtMs(piece);
                    boolean old = generation(piece) < firstKept || maxt < mintMs;
                    if (old) {
                        link((int) record, kept, previous);
                        free(piece);
                        dropped++;
                    } else {
                        first = Math.min(first, mintMs(piece));
                        last = Math.max(last, maxt);
                        kept = piece;
                    }
                    piece = previous;
                }
            }
            minTimeMs = first;
            maxTimeMs = last;
            empty = newest.size() == 0;
            if (empty) {
                newest.clear();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Puts a piece behind another one of a series, or, where that is 0, makes it the newest. Under the lock. */
    void link(int record, int newer, int piece) {
        if (newer != 0) {
            INT.set(pieces.page(newer), pieces.offset(newer), piece);
        } else if (piece != 0) {
            newest.put(record, piece);
        } else {
            int _ = newest.remove(record);
        }
    }

    /** Frees a piece that is out of its chain. Under the lock. */
    void free(int piece) {
        if (!isInFile(piece)) {
            byte[] page = pieces.page(piece);
            int sample = pieces.offset(piece) + OutOfOrderLayout.SAMPLES;
            for (int i = count(piece); i > 0; i--, sample += OutOfOrderLayout.SAMPLE_BYTES) {
                if ((long) LONG.get(page, sample + OutOfOrderLayout.SAMPLE_COMMIT) < 0) {
                    pieces.free((int) (long) LONG.get(page, sample + OutOfOrderLayout.SAMPLE_VALUE));
                }
            }
        }
        pieces.free(piece);
        pieceCount--;
    }

    /** Drops those samples in memory of a series that a loaded chunk has, too. During a replay. */
    void removeAll(int record, long[] sortedTimestampsMs) {
        lock.lock();
        try {
            int newer = 0;
            for (int piece = newest.get(record); piece != 0; ) {
                int previous = previous(piece);
                if (!isInFile(piece) && removeFrom(piece, sortedTimestampsMs) == 0) {
                    link(record, newer, previous);
                    free(piece);
                } else {
                    newer = piece;
                }
                piece = previous;
            }
        } finally {
            lock.unlock();
        }
    }

    private int removeFrom(int piece, long[] sortedTimestampsMs) {
        byte[] page = pieces.page(piece);
        int at = pieces.offset(piece);
        int kept = 0;
        int count = count(piece);
        for (int i = 0; i < count; i++) {
            int sample = at + OutOfOrderLayout.SAMPLES + i * OutOfOrderLayout.SAMPLE_BYTES;
            if (Arrays.binarySearch(sortedTimestampsMs, (long) LONG.get(page, sample)) >= 0) {
                if ((long) LONG.get(page, sample + OutOfOrderLayout.SAMPLE_COMMIT) < 0) {
                    pieces.free((int) (long) LONG.get(page, sample + OutOfOrderLayout.SAMPLE_VALUE));
                }
            } else {
                int to = at + OutOfOrderLayout.SAMPLES + kept++ * OutOfOrderLayout.SAMPLE_BYTES;
                System.arraycopy(page, sample, page, to, OutOfOrderLayout.SAMPLE_BYTES);
            }
        }
        page[at + OutOfOrderLayout.COUNT] = (byte) kept;
        return kept;
    }

    /** The series records that have samples here, ascending. */
    int[] records() {
        lock.lock();
        try {
            int[] records =
                    Arrays.stream(newest.keys()).mapToInt(key -> (int) key).toArray();
            Arrays.sort(records);
            return records;
        } finally {
            lock.unlock();
        }
    }

    /** Whether any of these series has samples here. */
    boolean hasAny(int[] records) {
        lock.lock();
        try {
            return Arrays.stream(records).anyMatch(record -> newest.get(record) != 0);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a series has samples here. For the writer. */
    boolean hasSeries(int record) {
        return newest.get(record) != 0;
    }

    boolean isEmpty() {
        return empty;
    }

    /** The first timestamp, {@link Long#MAX_VALUE} where there is none. */
    long minTimeMs() {
        return minTimeMs;
    }

    /** The last timestamp, {@link Long#MIN_VALUE} where there is none. */
    long maxTimeMs() {
        return maxTimeMs;
    }

    int generation() {
        return generation;
    }

    /** Pieces that were dropped so far. */
    long dropped() {
        return dropped;
    }

    long pieceCount() {
        return pieceCount;
    }

    /** The first file that a chunk lies in, {@link Integer#MAX_VALUE} where none does. */
    int firstFile() {
        lock.lock();
        try {
            int first = Integer.MAX_VALUE;
            for (long record : newest.keys()) {
                for (int piece = newest.get(record); piece != 0; piece = previous(piece)) {
                    if (isInFile(piece)) {
                        first = Math.min(first, HeadChunkLayout.file(reference(piece)));
                    }
                }
            }
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** The newest piece of a series, 0 for none. Under the lock, as all below. */
    int newest(int record) {
        return newest.get(record);
    }

    ByteSlab pieces() {
        return pieces;
    }

    int previous(int piece) {
        return (int) INT.get(pieces.page(piece), pieces.offset(piece));
    }

    boolean isInFile(int piece) {
        return pieces.page(piece)[pieces.offset(piece) + OutOfOrderLayout.IN_FILE] != 0;
    }

    int generation(int piece) {
        return (int) INT.get(pieces.page(piece), pieces.offset(piece) + OutOfOrderLayout.GENERATION);
    }

    int count(int piece) {
        return pieces.page(piece)[pieces.offset(piece) + OutOfOrderLayout.COUNT];
    }

    /** The last commit that added to a piece in memory. */
    long commit(int piece) {
        return (long) LONG.get(pieces.page(piece), pieces.offset(piece) + OutOfOrderLayout.COMMIT);
    }

    /** Whether a piece in memory is on its way to a file. */
    boolean isMarked(int piece) {
        return pieces.page(piece)[pieces.offset(piece) + OutOfOrderLayout.MARK] != 0;
    }

    void mark(int piece, boolean marked) {
        pieces.page(piece)[pieces.offset(piece) + OutOfOrderLayout.MARK] = (byte) (marked ? 1 : 0);
    }

    private int room(int piece) {
        return pieces.page(piece)[pieces.offset(piece) + OutOfOrderLayout.ROOM];
    }

    private long reference(int piece) {
        return (long) LONG.get(pieces.page(piece), pieces.offset(piece) + OutOfOrderLayout.FILE_REFERENCE);
    }

    private long mintMs(int piece) {
        byte[] page = pieces.page(piece);
        int at = pieces.offset(piece);
        if (isInFile(piece)) {
            return (long) LONG.get(page, at + OutOfOrderLayout.FILE_MINT);
        }
        long first = Long.MAX_VALUE;
        for (int i = count(piece); i > 0; i--) {
            int sample = at + OutOfOrderLayout.SAMPLES + (i - 1) * OutOfOrderLayout.SAMPLE_BYTES;
            first = Math.min(first, (long) LONG.get(page, sample));
        }
        return first;
    }

    private long maxtMs(int piece) {
        byte[] page = pieces.page(piece);
        int at = pieces.offset(piece);
        if (isInFile(piece)) {
            return (long) LONG.get(page, at + OutOfOrderLayout.FILE_MAXT);
        }
        long last = Long.MIN_VALUE;
        for (int i = count(piece); i > 0; i--) {
            int sample = at + OutOfOrderLayout.SAMPLES + (i - 1) * OutOfOrderLayout.SAMPLE_BYTES;
            last = Math.max(last, (long) LONG.get(page, sample));
        }
        return last;
    }

    void clear() {
        lock.lock();
        try {
            newest.clear();
            pieces.clear();
            pieceCount = 0;
            fullCount = 0;
            empty = true;
            minTimeMs = Long.MAX_VALUE;
            maxTimeMs = Long.MIN_VALUE;
        } finally {
            lock.unlock();
        }
    }
}
