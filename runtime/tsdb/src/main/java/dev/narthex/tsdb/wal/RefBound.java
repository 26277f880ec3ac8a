// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The first record of each segment that this program writes: no series reference in the segment, or in what is before it,
 * is greater than this. So a start knows which references are free before it has read the log, and new series can be
 * written to it at once.
 *
 * <p>It is a record of float samples without a sample, which means nothing to any reader: its base reference is the bound,
 * its base timestamp tells it from others.
 */
final class RefBound {
    /** Nothing is known: the newest segment with records is not of this program, or damaged. */
    static final long UNKNOWN = -1;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long MARK = 0x4e61727468657821L;
    private static final int RECORD_BYTES = 17;

    private RefBound() {}

    static byte[] record(long bound) {
        byte[] record = new byte[RECORD_BYTES];
        record[0] = RecordType.SAMPLES;
        LONG.set(record, 1, bound);
        LONG.set(record, 9, MARK);
        return record;
    }

    /** Whether a record is one of these. */
    static boolean is(byte[] bytes, int offset, int length) {
        return length == RECORD_BYTES
                && bytes[offset] == RecordType.SAMPLES
                && (long) LONG.get(bytes, offset + 9) == MARK;
    }

    /** The bound at the beginning of a segment; {@link #UNKNOWN} where there is none, 0 where the segment is empty. */
    static long read(StorageFiles files, Path segment) throws IOException {
        try (StorageFile file = files.openRead(segment)) {
            if (file.sizeBytes() == 0) {
                return 0;
            }
            byte[] bytes = new byte[WalLayout.HEADER_BYTES + RECORD_BYTES];
            ByteBuffer into = ByteBuffer.wrap(bytes);
            while (into.hasRemaining()) {
                if (file.read(into, into.position()) < 0) {
                    return UNKNOWN;
                }
            }
            return read(bytes);
        }
    }

    private static long read(byte[] bytes) {
        int data = WalLayout.HEADER_BYTES;
        int length = (bytes[WalLayout.LENGTH_AT] & 0xff) << 8 | (bytes[WalLayout.LENGTH_AT + 1] & 0xff);
        if (bytes[0] != WalLayout.WHOLE || length != RECORD_BYTES || bytes[data] != RecordType.SAMPLES) {
            return UNKNOWN;
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, data, RECORD_BYTES);
        int stored = ByteBuffer.wrap(bytes).getInt(WalLayout.CRC_AT);
        long bound = (long) LONG.get(bytes, data + 1);
        boolean good = stored == (int) crc.getValue() && (long) LONG.get(bytes, data + 9) == MARK && bound > 0;
        return good ? bound : UNKNOWN;
    }
}
