// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import dev.narthex.memory.StorageFiles.StorageFile;
import dev.narthex.wire.SnappyBlock;
import dev.narthex.wire.ZstandardFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a segment in order and goes on behind damage: at the next fragment where only data are wrong, or
 * at the next page. Every record it hands out is whole and has the right checksums. What it met on the way it tells by
 * {@link #damage} and {@link #isTorn}. For one thread.
 */
final class SegmentReader {
    /** A record that says it is larger than this when it is uncompressed is damaged. */
    private static final int MAX_RECORD_BYTES = 1 << 30;

    private static final int BUFFER_PAGES = 16;
    private static final int BUFFER_BYTES = BUFFER_PAGES * WalLayout.PAGE_BYTES;

    private final StorageFile file;
    private long sizeBytes;
    private final byte[] buffer;
    private final CRC32C crc = new CRC32C();
    private long bufferAt;
    private int buffered;
    private long position;

    private byte[] assembled = new byte[0];
    private int assembledLength;
    private boolean assembling;
    private int assembledBits;
    private long recordAt;
    /** Behind damage: fragments are skipped until one begins a record. */
    private boolean searching;

    private byte[] record;
    private int offset;
    private int length;
    private byte[] plain = new byte[0];
    private @Nullable ZstandardFrame zstandard;

    private long goodEnd;
    private boolean torn;
    private boolean goodBehindDamage;
    private int damages;
    private @Nullable String firstDamage;

    SegmentReader(StorageFile file) throws IOException {
        this(file, file.sizeBytes(), file.sizeBytes());
    }

    /** Reads a segment that is being written, up to the end of a record. */
    SegmentReader(StorageFile file, long limitBytes) {
        this(file, limitBytes, BUFFER_BYTES);
    }

    private SegmentReader(StorageFile file, long sizeBytes, long atMostBytes) {
        this.file = file;
        this.sizeBytes = sizeBytes;
        buffer = new byte[(int) Math.min(BUFFER_BYTES, atMostBytes)];
        record = buffer;
    }

    /** Goes on to a later end of the segment, again that of a record. */
    void extend(long limitBytes) {
        sizeBytes = limitBytes;
    }

    /** Moves to the next record; false at the end. */
    boolean next() throws IOException {
        while (position < sizeBytes) {
            int inPage = (int) (position % WalLayout.PAGE_BYTES);
            long pageEnd = Math.min(sizeBytes, position - inPage + WalLayout.PAGE_BYTES);
            int left = (int) (pageEnd - position);
            fill(left);
            int at = (int) (position - bufferAt);
            if (buffer[at] == WalLayout.PAGE_OVER && isZero(at, left)) {
                position = pageEnd;
                continue;
            }
            if (left < WalLayout.HEADER_BYTES) {
                tornOrDamaged(pageEnd, "a fragment's header does not fit its page");
                continue;
            }
            int type = buffer[at] & 0xff;
            int part = (buffer[at + WalLayout.LENGTH_AT] & 0xff) << 8 | (buffer[at + WalLayout.LENGTH_AT + 1] & 0xff);
            String wrong = wrongHeader(type, part, inPage);
            if (wrong != null) {
                damage(wrong);
                position = pageEnd;
                continue;
            }
            if (part > left - WalLayout.HEADER_BYTES) {
                tornOrDamaged(pageEnd, "a fragment ends behind its page");
                continue;
            }
            if (!hasChecksum(at, part)) {
                damage("a checksum is wrong");
                // Where only the data are damaged, the next fragment stands where this one's length says.
                position += WalLayout.HEADER_BYTES + part;
                continue;
            }
            long fragmentAt = position;
            position += WalLayout.HEADER_BYTES + part;
            if (take(type, fragmentAt, at + WalLayout.HEADER_BYTES, part)) {
                goodEnd = position;
                goodBehindDamage |= damages > 0;
                return true;
            }
        }
        if (assembling) {
            torn = true;
            assembling = false;
        }
        return false;
    }

    private static @Nullable String wrongHeader(int type, int part, int inPage) {
        int kind = type & WalLayout.TYPE_MASK;
        if (kind < WalLayout.WHOLE || kind > WalLayout.LAST || (type & ~WalLayout.KNOWN_BITS) != 0) {
            return "a fragment has type " + type;
        }
        if ((type & WalLayout.SNAPPY) != 0 && (type & WalLayout.ZSTANDARD) != 0) {
            return "a fragment has two compressions";
        }
        return inPage + WalLayout.HEADER_BYTES + part > WalLayout.PAGE_BYTES
                ? "a fragment is longer than its page"
                : null;
    }

    /** Takes a good fragment up; true where it completes a record. */
    private boolean take(int type, long fragmentAt, int at, int part) throws IOException {
        int kind = type & WalLayout.TYPE_MASK;
        int bits = type & ~WalLayout.TYPE_MASK;
        boolean begins = kind == WalLayout.WHOLE || kind == WalLayout.FIRST;
        if (begins == assembling || (assembling && bits != assembledBits)) {
            if (!searching) {
                damage(begins ? "a record is not complete" : "a record has no beginning");
            }
            assembling = false;
            if (!begins) {
                searching = true;
                return false;
            }
        }
        if (begins) {
            searching = false;
            recordAt = fragmentAt;
        }
        if (kind == WalLayout.WHOLE) {
            return complete(buffer, at, part, bits);
        }
        if (kind == WalLayout.FIRST) {
            assembling = true;
            assembledLength = 0;
            assembledBits = bits;
        }
        if (assembled.length - assembledLength < part) {
            assembled = Arrays.copyOf(assembled, Math.max(assembledLength + part, 2 * assembled.length));
        }
        System.arraycopy(buffer, at, assembled, assembledLength, part);
        assembledLength += part;
        if (kind == WalLayout.LAST) {
            assembling = false;
            return complete(assembled, 0, assembledLength, bits);
        }
        return false;
    }

    private boolean complete(byte[] bytes, int at, int size, int bits) throws IOException {
        record = bytes;
        offset = at;
        length = size;
        if ((bits & WalLayout.ZSTANDARD) != 0) {
            return uncompressZstandard(bytes, at, size);
        }
        if ((bits & WalLayout.SNAPPY) == 0) {
            return true;
        }
        int size2 = SnappyBlock.uncompressedLength(bytes, at, size);
        if (size2 >= 0) {
            if (plain.length < size2) {
                plain = new byte[Math.max(size2, 2 * plain.length)];
            }
            if (SnappyBlock.uncompress(bytes, at, size, plain, 0, size2)) {
                record = plain;
                offset = 0;
                length = size2;
                return true;
            }
        }
        damage("a record cannot be uncompressed");
        return false;
    }

    private boolean uncompressZstandard(byte[] bytes, int at, int size) {
        ZstandardFrame frames = zstandard;
        if (frames == null) {
            frames = new ZstandardFrame(MAX_RECORD_BYTES);
            zstandard = frames;
        }
        int uncompressed = frames.uncompress(bytes, at, size);
        if (uncompressed < 0) {
            damage("a record cannot be uncompressed");
            return false;
        }
        record = frames.output();
        offset = 0;
        length = uncompressed;
        return true;
    }

    private void tornOrDamaged(long pageEnd, String wrong) {
        if (pageEnd == sizeBytes && sizeBytes % WalLayout.PAGE_BYTES != 0) {
            torn = true;
            assembling = false;
        } else {
            damage(wrong);
        }
        position = pageEnd;
    }

    private void damage(String wrong) {
        damages++;
        assembling = false;
        searching = true;
        if (firstDamage == null) {
            firstDamage = wrong + " at offset " + position;
        }
    }

    private void fill(int needed) throws IOException {
        long at = position - bufferAt;
        if (at >= 0 && at + needed <= buffered) {
            return;
        }
        bufferAt = position - position % WalLayout.PAGE_BYTES;
        buffered = (int) Math.min(BUFFER_BYTES, sizeBytes - bufferAt);
        ByteBuffer into = ByteBuffer.wrap(buffer, 0, buffered);
        while (into.hasRemaining()) {
            if (file.read(into, bufferAt + into.position()) < 0) {
                throw new IOException("the file became shorter while it was read, found " + (bufferAt + into.position())
                        + " of " + sizeBytes + " bytes");
            }
        }
    }

    private boolean isZero(int at, int count) {
        for (int i = at; i < at + count; i++) {
            if (buffer[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private boolean hasChecksum(int at, int part) {
        crc.reset();
        crc.update(buffer, at + WalLayout.HEADER_BYTES, part);
        int stored = (buffer[at + WalLayout.CRC_AT] & 0xff) << 24
                | (buffer[at + WalLayout.CRC_AT + 1] & 0xff) << 16
                | (buffer[at + WalLayout.CRC_AT + 2] & 0xff) << 8
                | (buffer[at + WalLayout.CRC_AT + 3] & 0xff);
        return stored == (int) crc.getValue();
    }

    /** The array that holds the record, until the next call of {@link #next}. */
    byte[] record() {
        return record;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    /** Where in the file the record begins. */
    long recordAt() {
        return recordAt;
    }

    /** Where the last good record ends. */
    long goodEnd() {
        return goodEnd;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /** The first thing found wrong that a crash does not explain; null where there is none. */
    @Nullable
    String damage() {
        return firstDamage;
    }

    /** How many things were found wrong. */
    int damages() {
        return damages;
    }

    /** Whether the file ends in the middle of a record, as after a crash. */
    boolean isTorn() {
        return torn;
    }

    /** Whether good records stand behind damage. */
    boolean isGoodBehindDamage() {
        return goodBehindDamage;
    }
}
