// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.headchunk;

import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads the chunks of one file in order, up to its end or to the first thing that is wrong. For one thread. */
final class HeadChunkReader {
    private static final int BUFFER_BYTES = 1 << 18;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final StorageFile file;
    private final int number;
    private final long sizeBytes;
    private final CRC32C crc = new CRC32C();
    private byte[] buffer;
    private long bufferAt;
    private int buffered;
    private long position;
    private long goodEnd = HeadChunkLayout.FILE_HEADER_BYTES;
    private long mintMs = Long.MAX_VALUE;
    private long maxtMs = Long.MIN_VALUE;
    private boolean torn;
    private @Nullable String damage;

    HeadChunkReader(StorageFile file, int number) throws IOException {
        this.file = file;
        this.number = number;
        sizeBytes = file.sizeBytes();
        buffer = new byte[(int) Math.min(BUFFER_BYTES, sizeBytes)];
    }

    /** Hands out the chunks; afterwards the other methods tell how the file ends. */
    void read(HeadChunkHandler handler) throws IOException {
        if (!readHeader()) {
            return;
        }
        while (position < sizeBytes && damage == null && !torn) {
            next(handler);
        }
    }

    private boolean readHeader() throws IOException {
        if (sizeBytes < HeadChunkLayout.FILE_HEADER_BYTES) {
            torn = true;
            return false;
        }
        fill(HeadChunkLayout.FILE_HEADER_BYTES);
        int magic = (int) INT.get(buffer, 0);
        int version = buffer[HeadChunkLayout.VERSION_AT];
        if (magic == 0 && isZeroFrom(0)) {
            torn = true;
            return false;
        }
        if (magic != HeadChunkLayout.MAGIC || version != HeadChunkLayout.VERSION) {
            damage = "the header is of no file of head chunks, magic 0x" + Integer.toHexString(magic) + " version "
                    + version;
            return false;
        }
        position = HeadChunkLayout.FILE_HEADER_BYTES;
        return true;
    }

    private void next(HeadChunkHandler handler) throws IOException {
        int most = HeadChunkLayout.LENGTH_AT + HeadChunkLayout.MAX_UVARINT_BYTES;
        int available = (int) Math.min(most, sizeBytes - position);
        fill(available);
        int at = (int) (position - bufferAt);
        if (buffer[at] == 0 && isZeroFrom(position)) {
            position = sizeBytes; // what was reserved for chunks and never written
            return;
        }
        int data = 0;
        int shift = 0;
        int lengthBytes = 0;
        byte b;
        fill(available);
        at = (int) (position - bufferAt);
        do {
            if (HeadChunkLayout.LENGTH_AT + lengthBytes >= available) {
                stop(available < most, "a chunk's length has no end");
                return;
            }
            b = buffer[at + HeadChunkLayout.LENGTH_AT + lengthBytes++];
            data |= (b & 0x7f) << shift;
            shift += 7;
        } while (b < 0);
        if (data < 0 || data > HeadChunkLayout.MAX_DATA_BYTES) {
            stop(false, "a chunk has a length of " + data + " bytes");
            return;
        }
        int bytes = HeadChunkLayout.LENGTH_AT + lengthBytes + data + HeadChunkLayout.CRC_BYTES;
        if (bytes > sizeBytes - position) {
            stop(true, "");
            return;
        }
        fill(bytes);
        at = (int) (position - bufferAt);
        int crcAt = at + bytes - HeadChunkLayout.CRC_BYTES;
        crc.reset();
        crc.update(buffer, at, crcAt - at);
        if ((int) crc.getValue() != (int) INT.get(buffer, crcAt)) {
            stop(false, "a checksum is wrong");
            return;
        }
        long mint = (long) LONG.get(buffer, at + HeadChunkLayout.MINT_AT);
        long maxt = (long) LONG.get(buffer, at + HeadChunkLayout.MAXT_AT);
        handler.chunk(
                (long) LONG.get(buffer, at),
                mint,
                maxt,
                buffer[at + HeadChunkLayout.ENCODING_AT] & 0xff,
                HeadChunkLayout.reference(number, position),
                data);
        mintMs = Math.min(mintMs, mint);
        maxtMs = Math.max(maxtMs, maxt);
        position += bytes;
        goodEnd = position;
    }

    private void stop(boolean atEnd, String wrong) {
        if (atEnd) {
            torn = true;
        } else {
            damage = wrong + " at offset " + position;
        }
    }

    private void fill(int needed) throws IOException {
        long at = position - bufferAt;
        if (at >= 0 && at + needed <= buffered) {
            return;
        }
        if (buffer.length < needed) {
            buffer = new byte[(int) Math.min(sizeBytes - position, Math.max(needed, 2L * buffer.length))];
        }
        load(position);
    }

    private void load(long from) throws IOException {
        bufferAt = from;
        buffered = (int) Math.min(buffer.length, sizeBytes - from);
        ByteBuffer into = ByteBuffer.wrap(buffer, 0, buffered);
        while (into.hasRemaining()) {
            if (file.read(into, from + into.position()) < 0) {
                throw new IOException("the file became shorter while it was read, found " + (from + into.position())
                        + " of " + sizeBytes + " bytes");
            }
        }
    }

    private boolean isZeroFrom(long from) throws IOException {
        for (long at = from; at < sizeBytes; at++) {
            if (at < bufferAt || at >= bufferAt + buffered) {
                load(at);
            }
            if (buffer[(int) (at - bufferAt)] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Where the last good chunk ends. */
    long goodEnd() {
        return goodEnd;
    }

    /** The first timestamp of the good chunks, {@link Long#MAX_VALUE} where there is none. */
    long mintMs() {
        return mintMs;
    }

    /** The last timestamp of the good chunks, {@link Long#MIN_VALUE} where there is none. */
    long maxtMs() {
        return maxtMs;
    }

    /** Whether the file ends in the middle of its header or of a chunk, as after a crash. */
    boolean isTorn() {
        return torn;
    }

    /** What is wrong that a crash of the process does not explain; null where there is nothing. */
    @Nullable
    String damage() {
        return damage;
    }
}
