// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.memory.FileWindow;
import java.io.IOException;

/**
 * The index of a block, version 1 or 2 (see {@link IndexLayout}). What must be in memory is taken and checked when it is
 * opened; series and postings are read and checked when they are asked for. Safe for use by many threads, each with a
 * {@link PageReader} of its own.
 */
final class IndexReader implements AutoCloseable {
    private final FileWindow window;
    private final int version;
    private final IndexContents contents;
    private final SymbolTable symbols;
    private final PostingsOffsets postings;

    private IndexReader(
            FileWindow window, int version, IndexContents contents, SymbolTable symbols, PostingsOffsets postings) {
        this.window = window;
        this.version = version;
        this.contents = contents;
        this.symbols = symbols;
        this.postings = postings;
    }

    /**
     * Opens an index; the window belongs to it from then on, and is closed where this fails.
     *
     * @throws CorruptBlockException when it is damaged
     */
    static IndexReader open(FileWindow window) throws IOException {
        try {
            PageReader in = new PageReader(window);
            ByteCursor cursor = in.at(0, IndexLayout.HEADER_BYTES);
            int magic = cursor.be32();
            if (magic != IndexLayout.MAGIC) {
                throw cursor.corrupt("this is no index, found magic number 0x" + Integer.toHexString(magic));
            }
            int version = cursor.u8();
            if (version != IndexLayout.VERSION_1 && version != IndexLayout.VERSION_2) {
                throw cursor.corrupt("unknown version of the index, found " + version + "; 1 and 2 are read");
            }
            IndexContents contents = IndexContents.read(in);
            SymbolTable symbols = SymbolTable.read(in, contents.symbols(), version == IndexLayout.VERSION_1);
            PostingsOffsets postings =
                    PostingsOffsets.read(in, contents.postingsOffsets(), version == IndexLayout.VERSION_1);
            return new IndexReader(window, version, contents, symbols, postings);
        } catch (IOException | RuntimeException e) {
            try {
                window.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    PageReader reader() {
        return new PageReader(window);
    }

    int version() {
        return version;
    }

    long sizeBytes() {
        return window.sizeBytes();
    }

    IndexContents contents() {
        return contents;
    }

    SymbolTable symbols() {
        return symbols;
    }

    PostingsOffsets postingsOffsets() {
        return postings;
    }

    /** The references of series in postings, ascending. */
    int[] postings(PageReader in, long offsetBytes) throws IOException {
        ByteCursor cursor = IndexParts.open(in, offsetBytes);
        int count = cursor.be32();
        if (count < 0 || count != cursor.left() / 4) {
            throw cursor.corrupt("postings must have as many references as they say, found "
                    + Integer.toUnsignedString(count) + " and " + cursor.left() + " bytes");
        }
        int[] refs = new int[count];
        int former = -1;
        for (int i = 0; i < count; i++) {
            int ref = cursor.be32();
            if (ref <= former) {
                throw cursor.corrupt("postings are not in order");
            }
            refs[i] = ref;
            former = ref;
        }
        return refs;
    }

    /** All series in their order. */
    int[] allPostings(PageReader in) throws IOException {
        return postings.allPostings() < 0 ? new int[0] : postings(in, postings.allPostings());
    }

    /** Reads a series. */
    void series(PageReader in, int ref, SeriesEntry into) throws IOException {
        long offset = version == IndexLayout.VERSION_1 ? ref : (long) ref * IndexLayout.SERIES_ALIGNMENT;
        ByteCursor head = in.upTo(offset, 10);
        long length = head.uvarint();
        if (length < 0 || length > in.sizeBytes() - head.offsetBytes() - IndexLayout.CRC_BYTES || length > 1 << 28) {
            throw head.corrupt("a series is too long, found " + Long.toUnsignedString(length) + " bytes");
        }
        long begin = head.offsetBytes();
        ByteCursor cursor = in.at(begin, (int) length + IndexLayout.CRC_BYTES);
        int crc = cursor.crc((int) length);
        int start = cursor.position();
        cursor.skip((int) length);
        if (cursor.be32() != crc) {
            throw cursor.corrupt("the checksum of a series does not fit");
        }
        cursor.over(cursor.bytes(), start, (int) length, begin);
        into.reserveLabels(cursor.count());
        for (int i = 0; i < 2 * into.labels; i++) {
            into.symbols[i] = cursor.uvarint();
        }
        into.reserveChunks(cursor.count());
        long time = 0;
        long chunk = 0;
        for (int i = 0; i < into.chunks; i++) {
            time += i == 0 ? cursor.varint() : cursor.uvarint();
            into.minTimesMs[i] = time;
            time += cursor.uvarint();
            into.maxTimesMs[i] = time;
            chunk = i == 0 ? cursor.uvarint() : chunk + cursor.varint();
            into.chunkRefs[i] = chunk;
        }
    }

    @Override
    public void close() throws IOException {
        window.close();
    }
}
