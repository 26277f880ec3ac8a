// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.headchunk;

import dev.narthex.memory.FileWindow;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** A chunk that was read from a file, and the array that is used again for the next one. For one thread. */
public final class HeadChunkBuffer {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final CRC32C crc = new CRC32C();
    private byte[] bytes = new byte[1024];
    private int dataOffset;

    /** The array that holds the data, with the slack that decoders read behind them. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where in the array the data begin. */
    public int dataOffset() {
        return dataOffset;
    }

    /** The last timestamp of the chunk, milliseconds since 1970. */
    public long maxTimeMs() {
        return (long) LONG.get(bytes, HeadChunkLayout.MAXT_AT);
    }

    void read(FileWindow window, long offset, int dataBytes) throws IOException {
        int length = HeadChunkLayout.chunkBytes(dataBytes);
        if (bytes.length < length + ChunkDecoder.SLACK_BYTES) {
            bytes = new byte[length + length / 2 + ChunkDecoder.SLACK_BYTES];
        }
        window.read(offset, bytes, 0, length);
        int crcAt = length - HeadChunkLayout.CRC_BYTES;
        crc.reset();
        crc.update(bytes, 0, crcAt);
        if ((int) crc.getValue() != (int) INT.get(bytes, crcAt)) {
            throw new IOException(window.path() + ": the checksum of the head chunk at offset " + offset
                    + " is wrong, found " + Integer.toHexString((int) INT.get(bytes, crcAt)) + " in place of "
                    + Integer.toHexString((int) crc.getValue())
                    + "; the file is damaged, the next start takes its samples from the write-ahead log");
        }
        dataOffset = crcAt - dataBytes;
    }
}
