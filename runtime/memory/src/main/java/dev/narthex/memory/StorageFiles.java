// SPDX-License-Identifier: Apache-2.0
package dev.narthex.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Every file call of the storage rooms, so that a test can make the n-th one fail, tear a write or lose what was not
 * synced. Paths are relative to nothing: callers pass whole paths below their data directory. Safe for use by many
 * threads; an open {@link StorageFile} has one writer.
 */
public interface StorageFiles {
    /** Opens an existing file for reading. */
    StorageFile openRead(Path path) throws IOException;

    /** Opens a file for reading and writing, made where there is none. */
    StorageFile openWrite(Path path) throws IOException;

    boolean exists(Path path) throws IOException;

    /** The names in a directory, sorted; empty where there is no such directory. */
    List<String> list(Path directory) throws IOException;

    void createDirectories(Path directory) throws IOException;

    /** Renames a file or directory in one step, replacing a file of that name. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file, or a directory with all below it; nothing where there is none. */
    void delete(Path path) throws IOException;

    /** Makes the names in a directory durable. */
    void syncDirectory(Path directory) throws IOException;

    /** Gives a file another name on the same volume, so that both stand for the same bytes. */
    void link(Path existing, Path name) throws IOException;

    /** Bytes that may still be written to the volume of a path. */
    long usableBytes(Path path) throws IOException;

    /** The size of the volume of a path in bytes. */
    long totalBytes(Path path) throws IOException;

    /** An open file. */
    interface StorageFile extends AutoCloseable {
        long sizeBytes() throws IOException;

        /** Reads up to the buffer's remaining bytes from a position; the count read, -1 at the end. */
        int read(ByteBuffer into, long offsetBytes) throws IOException;

        /** Writes all the buffer's remaining bytes at a position. */
        void write(ByteBuffer from, long offsetBytes) throws IOException;

        void truncate(long sizeBytes) throws IOException;

        /** Makes what was written durable. */
        void sync() throws IOException;

        /**
         * Takes the exclusive lock of this file, which is held until the file is closed; false when another process or
         * another opening of this one holds it.
         */
        boolean tryLock() throws IOException;

        @Override
        void close() throws IOException;
    }
}
