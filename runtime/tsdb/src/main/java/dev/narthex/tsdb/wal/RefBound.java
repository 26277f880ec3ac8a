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
 * its base timestamp tells it from others, and tells whether the segment was begun during a replay.
 *
 * @param greatestRef the bound; {@link #UNKNOWN}, or 0 where the segment is empty
 * @param unchecked whether the samples of the segment were taken before those of the log behind them were known, so that
 *     some may be out of order which no other log has
 */
record RefBound(long greatestRef, boolean unchecked) {
    /** Nothing is known: the newest segment with records is not of this program, or damaged. */
    static final long UNKNOWN = -1;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    /** {@code Narthex!} */
    private static final long MARK = 0x4e61727468657821L;
    /** {@code Narthex?} */
    private static final long UNCHECKED_MARK = 0x4e6172746865783fL;

    private static final int RECORD_BYTES = 17;
    private static final RefBound NONE = new RefBound(UNKNOWN, false);
    /** The record is there, but not whole: it may have said that the segment is unchecked. */
    private static final RefBound DAMAGED = new RefBound(UNKNOWN, true);

    byte[] bytes() {
        byte[] record = new byte[RECORD_BYTES];
        record[0] = RecordType.SAMPLES;
        LONG.set(record, 1, greatestRef);
        LONG.set(record, 9, unchecked ? UNCHECKED_MARK : MARK);
        return record;
    }

    private static boolean isMark(long baseTime) {
        return baseTime == MARK || baseTime == UNCHECKED_MARK;
    }

    /** Whether a record is one of these. */
    static boolean is(byte[] bytes, int offset, int length) {
        return length == RECORD_BYTES
                && bytes[offset] == RecordType.SAMPLES
                && isMark((long) LONG.get(bytes, offset + 9));
    }

    /** What the beginning of a segment tells. */
    static RefBound read(StorageFiles files, Path segment) throws IOException {
        try (StorageFile file = files.openRead(segment)) {
            if (file.sizeBytes() == 0) {
                return new RefBound(0, false);
            }
            byte[] bytes = new byte[WalLayout.HEADER_BYTES + RECORD_BYTES];
            ByteBuffer into = ByteBuffer.wrap(bytes);
            while (into.hasRemaining()) {
                if (file.read(into, into.position()) < 0) {
                    return DAMAGED;
                }
            }
            return read(bytes);
        }
    }

    private static RefBound read(byte[] bytes) {
        int data = WalLayout.HEADER_BYTES;
        int length = (bytes[WalLayout.LENGTH_AT] & 0xff) << 8 | (bytes[WalLayout.LENGTH_AT + 1] & 0xff);
        if (bytes[0] == 0) {
            return DAMAGED; // nothing but zeros, as a power cut may leave
        }
        if (bytes[0] != WalLayout.WHOLE || length != RECORD_BYTES) {
            return NONE;
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, data, RECORD_BYTES);
        int stored = ByteBuffer.wrap(bytes).getInt(WalLayout.CRC_AT);
        long bound = (long) LONG.get(bytes, data + 1);
        long mark = (long) LONG.get(bytes, data + 9);
        boolean good = stored == (int) crc.getValue() && isMark(mark) && bound > 0;
        return good ? new RefBound(bound, mark == UNCHECKED_MARK) : DAMAGED;
    }
}
