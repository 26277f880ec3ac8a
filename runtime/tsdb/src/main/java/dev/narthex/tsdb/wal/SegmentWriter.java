// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Writes records to a segment as fragments in pages. For one thread. */
final class SegmentWriter {
    private static final int STAGING_BYTES = 4 * WalLayout.PAGE_BYTES;

    private final StorageFile file;
    private final ByteBuffer staging;
    private final CRC32C crc = new CRC32C();
    private int parts;
    private int flushes;
    /** Where in the file the staged bytes go. */
    private long stagedAt;

    /**
     * @param staging where bytes are gathered until they are written at once; see {@link #newStaging}
     * @param position where in the file to begin
     */
    SegmentWriter(StorageFile file, ByteBuffer staging, long position) {
        this.file = file;
        this.staging = staging;
        stagedAt = position;
        staging.clear();
    }

    static ByteBuffer newStaging() {
        return ByteBuffer.allocateDirect(STAGING_BYTES);
    }

    /** Where a record ends that is appended at a position. */
    static long endOf(long position, int recordBytes) {
        long end = position;
        int left = recordBytes;
        do {
            int room = WalLayout.PAGE_BYTES - (int) (end % WalLayout.PAGE_BYTES);
            if (room <= WalLayout.HEADER_BYTES) {
                end += room;
                room = WalLayout.PAGE_BYTES;
            }
            int part = Math.min(left, room - WalLayout.HEADER_BYTES);
            end += WalLayout.HEADER_BYTES + part;
            left -= part;
        } while (left > 0);
        return end;
    }

    /** Stages a record; whole buffers are written at once. */
    void append(byte[] record, int offset, int length, int compression) throws IOException {
        int at = offset;
        int left = length;
        boolean first = true;
        while (first || left > 0) {
            int room = roomInPage();
            if (room <= WalLayout.HEADER_BYTES) {
                putZeros(room);
                room = WalLayout.PAGE_BYTES;
            }
            int part = Math.min(left, room - WalLayout.HEADER_BYTES);
            boolean last = part == left;
            int type = first ? last ? WalLayout.WHOLE : WalLayout.FIRST : last ? WalLayout.LAST : WalLayout.MIDDLE;
            putFragment(type | compression, record, at, part);
            at += part;
            left -= part;
            first = false;
        }
    }

    /** Writes what is staged. */
    void flush() throws IOException {
        if (staging.position() > 0) {
            int bytes = staging.position();
            staging.flip();
            file.write(staging, stagedAt);
            flushes++;
            stagedAt += bytes;
            staging.clear();
        }
    }

    /** Fills the page with zeros and writes what is staged. */
    void endPage() throws IOException {
        int room = roomInPage();
        if (room < WalLayout.PAGE_BYTES) {
            putZeros(room);
        }
        flush();
    }

    /** Drops what is staged and goes back to an earlier position. */
    void reset(long position) {
        staging.clear();
        stagedAt = position;
    }

    /** Fragments of records that were staged. */
    int parts() {
        return parts;
    }

    /** Writes to the file. */
    int flushes() {
        return flushes;
    }

    /** Where the next record begins. */
    long position() {
        return stagedAt + staging.position();
    }

    private int roomInPage() {
        return WalLayout.PAGE_BYTES - (int) (position() % WalLayout.PAGE_BYTES);
    }

    private void putFragment(int type, byte[] record, int offset, int length) throws IOException {
        if (staging.remaining() < WalLayout.HEADER_BYTES + length) {
            flush();
        }
        parts++;
        crc.reset();
        crc.update(record, offset, length);
        staging.put((byte) type).putShort((short) length).putInt((int) crc.getValue());
        staging.put(record, offset, length);
    }

    private void putZeros(int count) throws IOException {
        if (staging.remaining() < count) {
            flush();
        }
        for (int i = 0; i < count; i++) {
            staging.put((byte) 0);
        }
    }
}
