// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.storage.SampleBuffer;
import dev.narthex.tsdb.block.ChunkCutter;
import dev.narthex.tsdb.headchunk.HeadChunkFiles;
import dev.narthex.tsdb.headchunk.HeadChunkLayout;
import dev.narthex.tsdb.wal.MmapMarkerRecords;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.WalBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Moves full pieces of samples out of order to the files of head chunks: sorted, as chunks with the mark of such samples.
 * The log then gets a marker for each chunk, which says that the samples of the series before it are in files, and once
 * more the samples of the piece that is not full and stands before the marker, too; so a Prometheus that reads the log
 * loses none.
 *
 * <p>All of it happens under the commit lock, some hundred series at a time. A piece with a sample that some reader must
 * not see yet stays until that reader has left.
 */
final class OutOfOrderMapper {
    private final Head head;
    private final OutOfOrderStore store;
    private final ChunkCutter cutter = new ChunkCutter();
    private final WalBatch batch = new WalBatch();
    private final SampleBuffer samples = new SampleBuffer();
    private final OutOfOrderReader reader;
    private final BitSet done = new BitSet();
    private final List<Move> moves = new ArrayList<>();

    /** A piece of a series, and the chunks that its samples became. */
    @SuppressWarnings("ArrayRecordComponent") // it is filled and read, never compared
    private record Move(int record, int piece, List<ChunkCutter.Chunk> chunks, long[] references) {}

    OutOfOrderMapper(Head head, OutOfOrderStore store) {
        this.head = head;
        this.store = store;
        reader = new OutOfOrderReader(
                store, head.samples().mapped(), Long.MAX_VALUE, 0, Integer.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /**
     * Moves full pieces. For the writer; nobody else writes to the files meanwhile.
     *
     * @param visibleCommit pieces with samples of later commits stay
     * @return how many pieces were moved
     * @throws IOException when file or log could not be written; what is not moved stays in memory for the next time
     */
    int map(HeadChunkFiles files, Log log, long visibleCommit) throws IOException {
        int moved = 0;
        int waiting = store.fullPieces();
        while (waiting > 0) {
            moves.clear();
            try {
                while (waiting > 0 && files.stagedBytes() < HeadChunkFiles.STAGING_BYTES) {
                    waiting--;
                    takeNext(files, visibleCommit);
                }
                if (!moves.isEmpty()) {
                    files.flush();
                    log.write(records(), head.maxTimeMs());
                }
            } catch (IOException e) {
                for (Move move : moves) {
                    store.mark(move.piece, false);
                    store.putBackFull(move.record);
                }
                throw e;
            } finally {
                files.discard();
            }
            moves.forEach(this::swap);
            moved += moves.size();
        }
        return moved;
    }

    private void takeNext(HeadChunkFiles files, long visibleCommit) throws IOException {
        int record = store.takeFull();
        boolean done = false;
        try {
            done = stage(record, files, visibleCommit);
        } finally {
            if (!done) {
                store.putBackFull(record);
            }
        }
    }

    /** Stages the oldest full piece of a series that lies in memory; false where it has to wait. */
    private boolean stage(int record, HeadChunkFiles files, long visibleCommit) throws IOException {
        long ref = head.index().refOf(record);
        int piece = 0;
        for (int next = store.newest(record); next != 0 && isStaying(next); next = store.previous(next)) {
            if (store.count(next) == OutOfOrderLayout.MAX_SAMPLES && !store.isMarked(next)) {
                piece = next;
            }
        }
        if (piece == 0 || ref == 0) {
            return true;
        }
        if (store.commit(piece) > visibleCommit) {
            return false;
        }
        samples.clear();
        reader.readPiece(piece, samples);
        List<ChunkCutter.Chunk> chunks = cutter.cut(samples);
        long[] references = new long[chunks.size()];
        for (int i = 0; i < references.length; i++) {
            ChunkCutter.Chunk chunk = chunks.get(i);
            references[i] = files.append(
                    ref,
                    chunk.minTimeMs(),
                    chunk.maxTimeMs(),
                    chunk.encoding().number() | HeadChunkLayout.OUT_OF_ORDER,
                    chunk.bytes(),
                    0,
                    chunk.bytes().length);
        }
        store.mark(piece, true);
        moves.add(new Move(record, piece, chunks, references));
        return true;
    }

    private boolean isStaying(int piece) {
        return !store.isInFile(piece) && store.generation(piece) == store.generation();
    }

    private WalBatch records() {
        batch.clear();
        batch.begin(RecordType.MMAP_MARKERS);
        for (Move move : moves) {
            for (long reference : move.references) {
                MmapMarkerRecords.write(batch, head.index().refOf(move.record), reference);
            }
        }
        batch.end();
        done.clear();
        for (Move move : moves) {
            if (!done.get(move.record)) {
                done.set(move.record);
                putStaying(move.record);
            }
        }
        return batch;
    }

    /** What of a series stays in memory. */
    private void putStaying(int record) {
        long ref = head.index().refOf(record);
        for (int piece = store.newest(record); piece != 0 && isStaying(piece); piece = store.previous(piece)) {
            if (store.isMarked(piece)) {
                continue;
            }
            samples.clear();
            reader.readPiece(piece, samples);
            for (int i = 0; i < samples.size(); i++) {
                SingleSampleRecord.write(
                        batch,
                        ref,
                        samples.timestampMs(i),
                        samples.value(i),
                        samples.histogram(i),
                        samples.startTimestampMs(i));
            }
        }
    }

    private void swap(Move move) {
        store.lock.lock();
        try {
            int newer = 0;
            for (int piece = store.newest(move.record); piece != move.piece; piece = store.previous(piece)) {
                newer = piece;
            }
            int chain = store.previous(move.piece);
            for (int i = 0; i < move.references.length; i++) {
                ChunkCutter.Chunk chunk = move.chunks.get(i);
                chain = store.chunk(
                        chain,
                        chunk.encoding().number(),
                        chunk.bytes().length,
                        chunk.minTimeMs(),
                        chunk.maxTimeMs(),
                        move.references[i]);
            }
            store.link(move.record, newer, chain);
            store.free(move.piece);
        } finally {
            store.lock.unlock();
        }
    }
}
