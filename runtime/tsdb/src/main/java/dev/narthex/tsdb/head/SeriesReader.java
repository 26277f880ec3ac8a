// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.ByteSlab;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.tsdb.block.ChunkCutter;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import dev.narthex.tsdb.chunk.Xor2Encoder;
import dev.narthex.tsdb.chunk.XorDecoder;
import dev.narthex.tsdb.chunk.XorEncoder;
import dev.narthex.tsdb.chunk.XorLayout;
import dev.narthex.tsdb.headchunk.HeadChunkBuffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the samples of one series after another while the writer goes on. A series is loaded first: its record and a
 * copy of its open chunk as they are at one moment, which the record's version proves. Closed chunks are decoded where
 * they lie. For one thread, which is entered in {@link Readers} all the while.
 */
final class SeriesReader {
    private static final VarHandle FIELD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int OPEN_BYTES = OpenFloats.MAX_BYTES + Xor2Encoder.MAX_SAMPLE_BYTES;

    private final HeadSamples samples;
    private final long commit;
    private final long mintMs;
    private final long maxtMs;
    private final boolean newestOnly;
    private final ChunkDecoder decoder = new ChunkDecoder();
    private final HeadChunkBuffer buffer = new HeadChunkBuffer();
    private byte[] openChunk = new byte[OPEN_BYTES + XorLayout.SLACK_BYTES];
    private int openEncoding;
    private int openBytes;
    private int[] chunks = new int[16];

    private int openCount;
    private int newestClosed;
    private long lastT;
    /** The value at {@link #lastT}, where that is all there is to read of the series. */
    private double lastValue;
    /** Its start timestamp, 0 for none. */
    private long lastStartMs;

    private boolean lastIsAll;
    /** The last timestamp that this reader may see, of those in its range. */
    private long visibleMaxtMs;

    /**
     * @param commit the last commit to be seen
     * @param mintMs the first timestamp to be read, inclusive
     * @param maxtMs the last one, inclusive
     * @param newestOnly whether the newest of them will do; there may be more
     */
    SeriesReader(HeadSamples samples, long commit, long mintMs, long maxtMs, boolean newestOnly) {
        this.newestOnly = newestOnly;
        this.samples = samples;
        this.commit = commit;
        this.mintMs = mintMs;
        this.maxtMs = maxtMs;
    }

    /** Takes up a series; false where it has no sample that is visible and in range. */
    boolean load(int record) {
        long[] fields = samples.series().page(record);
        int base = samples.series().offset(record);
        while (!tryLoad(fields, base)) {
            Thread.onSpinWait();
        }
        if (lastIsAll) {
            return true;
        }
        boolean nothingVisible = visibleMaxtMs == SeriesLayout.NO_TIME || visibleMaxtMs < mintMs;
        if (nothingVisible || (openCount == 0 && newestClosed == 0)) {
            return false;
        }
        return newestClosed != 0 || openFirstMs() <= visibleMaxtMs;
    }

    private long openFirstMs() {
        return HeadSamples.firstTimestampMs(openEncoding, openChunk, 0);
    }

    private boolean tryLoad(long[] fields, int base) {
        long version = (long) FIELD.getAcquire(fields, base + SeriesLayout.VERSION);
        if ((version & 1) != 0) {
            return false;
        }
        lastT = fields[base + SeriesLayout.LAST_T];
        long open = fields[base + SeriesLayout.OPEN];
        long undoField = fields[base + SeriesLayout.UNDO];
        long lastCommit = fields[base + SeriesLayout.COMMIT];
        long beforeT = fields[base + SeriesLayout.BEFORE_T];
        openEncoding = OpenHistograms.encoding(fields, base);
        int size = XorEncoder.sizeBytes(fields[base + SeriesLayout.STATE]);
        openBytes = size;
        size += HeadSamples.prefix(openEncoding);
        openCount = (int) open & 0xffff;
        newestClosed = (int) undoField;
        lastIsAll = newestOnly
                && openCount > 0
                && !OpenHistograms.isHistograms(openEncoding)
                && lastCommit <= commit
                && lastT <= maxtMs
                && lastT >= mintMs;
        if (lastIsAll) {
            lastValue = Double.longBitsToDouble(fields[base + SeriesLayout.LAST_V]);
            lastStartMs = openEncoding == SeriesLayout.XOR2 ? fields[base + SeriesLayout.START] : 0;
        } else if (openCount > 0) {
            boolean copied = !OpenHistograms.isHistograms(openEncoding)
                    ? size <= OPEN_BYTES && samples.openFloats().copy(open, size, openChunk, 0)
                    : copyHistograms((int) (open >>> 32), size);
            if (!copied) {
                return false; // read between two states
            }
        }
        VarHandle.loadLoadFence();
        if ((long) FIELD.getOpaque(fields, base + SeriesLayout.VERSION) != version) {
            return false;
        }
        visibleMaxtMs = Math.min(maxtMs, lastVisible(lastCommit, beforeT, (int) (undoField >>> 32)));
        return true;
    }

    private boolean copyHistograms(int chunk, int size) {
        ByteSlab slab = samples.openChunks();
        byte[] page = slab.pageOrEmpty(chunk);
        int offset = slab.offset(chunk);
        if (size < 0 || offset + size > page.length) {
            return false;
        }
        if (size > openChunk.length - XorLayout.SLACK_BYTES) {
            openChunk = new byte[size + size / 2 + XorLayout.SLACK_BYTES];
        }
        System.arraycopy(page, offset, openChunk, 0, size);
        return true;
    }

    /** The last timestamp as of the last commit that this reader sees. */
    private long lastVisible(long lastCommit, long beforeT, int undo) {
        if (lastCommit <= commit) {
            return lastT;
        }
        long visible = beforeT;
        for (int kept = undo; kept != 0; ) {
            long[] page = samples.undo().page(kept);
            int at = samples.undo().offset(kept);
            if (page[at] <= commit) {
                break;
            }
            visible = page[at + 1];
            kept = (int) page[at + SeriesLayout.UNDO_NEXT];
        }
        return visible;
    }

    /** Appends the visible samples in range of the series that was loaded last. */
    void read(SampleBuffer into) {
        readChunks(into, null);
    }

    /**
     * As {@link #read}, but chunks in files that lie wholly in range are handed out instead, each when the buffer has the
     * samples before it.
     */
    void readChunks(SampleBuffer into, @Nullable Consumer<ChunkCutter.Chunk> whole) {
        if (lastIsAll) {
            into.add(lastT, lastValue);
            if (lastStartMs != 0) {
                into.startTimestamp(lastStartMs);
            }
            return;
        }
        long upper = openCount > 0 ? openFirstMs() - 1 : lastT;
        boolean openWanted = openCount > 0 && upper < visibleMaxtMs;
        int count = 0;
        for (int chunk = newestClosed; chunk != 0 && upper >= mintMs; chunk = samples.previous(chunk)) {
            long first = samples.firstTimestampMs(chunk);
            if (first <= visibleMaxtMs) {
                if (count == chunks.length) {
                    chunks = Arrays.copyOf(chunks, 2 * count);
                }
                chunks[count++] = chunk;
            }
            upper = first - 1;
        }
        ByteSlab slab = samples.closedChunks();
        for (int i = count - 1; i >= 0; i--) {
            int encoding = samples.encoding(chunks[i]);
            byte[] page = slab.page(chunks[i]);
            int offset = slab.offset(chunks[i]) + SeriesLayout.CHUNK_DATA;
            if ((encoding & SeriesLayout.MAPPED) != 0) {
                readMapped(chunks[i], encoding, into, whole);
            } else if (encoding == 0) {
                decode(page, offset, into);
            } else {
                decode(encoding, page, offset, samples.length(chunks[i]), into);
            }
        }
        if (openWanted && openEncoding == 0) {
            decode(openChunk, 0, openCount, into);
        } else if (openWanted) {
            HeadSamples.writeCount(openEncoding, openChunk, HeadSamples.prefix(openEncoding), openCount);
            decode(openEncoding, openChunk, 0, openBytes, into);
        }
    }

    private void readMapped(int chunk, int encoding, SampleBuffer into, @Nullable Consumer<ChunkCutter.Chunk> whole) {
        try {
            if (!samples.mapped().read(chunk, buffer)) {
                return;
            }
            int length = samples.length(chunk);
            long first = samples.firstTimestampMs(chunk);
            if (whole != null && first >= mintMs && buffer.maxTimeMs() <= visibleMaxtMs) {
                byte[] bytes = Arrays.copyOfRange(buffer.bytes(), buffer.dataOffset(), buffer.dataOffset() + length);
                whole.accept(new ChunkCutter.Chunk(MappedChunks.encoding(encoding), first, buffer.maxTimeMs(), bytes));
            } else {
                decoder.decode(
                        MappedChunks.encoding(encoding),
                        buffer.bytes(),
                        buffer.dataOffset(),
                        length,
                        mintMs,
                        visibleMaxtMs,
                        into);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Decodes a chunk that is not of XOR and begins at an offset with its prefix. */
    private void decode(int encoding, byte[] page, int offset, int length, SampleBuffer into) {
        decoder.decode(
                MappedChunks.encoding(encoding),
                page,
                offset + HeadSamples.prefix(encoding),
                length,
                mintMs,
                visibleMaxtMs,
                into);
    }

    private void decode(byte[] page, int offset, SampleBuffer into) {
        decode(page, offset, XorDecoder.count(page, offset), into);
    }

    private void decode(byte[] page, int offset, int count, SampleBuffer into) {
        into.reserve(count);
        into.setSize(XorDecoder.decode(
                page, offset, count, mintMs, visibleMaxtMs, into.timestampsMs(), into.values(), into.size()));
    }
}
