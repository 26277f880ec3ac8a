// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** A file that is written from its beginning to its end, in large pieces. For one thread. */
final class OutputFile implements AutoCloseable {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int BUFFER_BYTES = 1 << 18;

    private final StorageFile file;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final CRC32C crc = new CRC32C();
    private int size;
    /** Where in the file the buffer begins. */
    private long base;

    private long partOffset = -1;
    /** Up to here in the buffer the checksum of the part counts. */
    private int checked;

    OutputFile(StorageFiles files, Path path) throws IOException {
        file = files.openWrite(path);
        try {
            file.truncate(0);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    long position() {
        return base + size;
    }

    void put(ByteSink bytes) throws IOException {
        put(bytes.bytes(), 0, bytes.size());
    }

    void put(byte[] bytes, int from, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (size == BUFFER_BYTES) {
                flush();
            }
            int step = Math.min(length - done, BUFFER_BYTES - size);
            System.arraycopy(bytes, from + done, buffer, size, step);
            size += step;
            done += step;
        }
    }

    void be32(int value) throws IOException {
        if (BUFFER_BYTES - size < 4) {
            flush();
        }
        INT.set(buffer, size, value);
        size += 4;
    }

    /** Writes zeros up to a multiple. */
    void align(int multiple) throws IOException {
        while (position() % multiple != 0) {
            if (size == BUFFER_BYTES) {
                flush();
            }
            buffer[size++] = 0;
        }
    }

    /** Begins a part with a length in front and a checksum behind. */
    void beginPart() throws IOException {
        partOffset = position();
        be32(0);
        crc.reset();
        checked = size;
    }

    void endPart() throws IOException {
        crc.update(buffer, checked, size - checked);
        int value = (int) crc.getValue();
        int length = Math.toIntExact(position() - partOffset - 4);
        if (partOffset >= base) {
            INT.set(buffer, (int) (partOffset - base), length);
        } else {
            ByteBuffer bytes = ByteBuffer.allocate(4).putInt(length).flip();
            file.write(bytes, partOffset);
        }
        partOffset = -1;
        be32(value);
    }

    void flush() throws IOException {
        if (partOffset >= 0) {
            crc.update(buffer, checked, size - checked);
            checked = 0;
        }
        file.write(ByteBuffer.wrap(buffer, 0, size), base);
        base += size;
        size = 0;
    }

    /** Reads what was flushed, for one who needs it before the end. */
    StorageFile file() {
        return file;
    }

    void sync() throws IOException {
        flush();
        file.sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
