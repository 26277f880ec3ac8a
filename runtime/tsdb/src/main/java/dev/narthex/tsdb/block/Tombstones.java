// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The deleted spans of the series of a block, by series reference (Prometheus documentation, "Tombstones"). Immutable.
 *
 * <pre>
 * magic 0x0130BA30 (4) | version 1 (1) | series (uvarint), mint (varint), maxt (varint) ... | CRC-32 of the entries (4)
 * </pre>
 */
final class Tombstones {
    static final String FILE = "tombstones";
    static final Tombstones NONE = new Tombstones(Map.of());

    private static final int MAGIC = 0x0130BA30;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 5;
    private static final int MAX_BYTES = 1 << 30;

    private final Map<Long, Intervals> bySeries;

    Tombstones(Map<Long, Intervals> bySeries) {
        this.bySeries = Map.copyOf(bySeries);
    }

    /** Reads a file; a block without one has none deleted. */
    static Tombstones read(StorageFiles files, Path path) throws IOException {
        if (!files.exists(path)) {
            return NONE;
        }
        try (StorageFile file = files.openRead(path)) {
            byte[] bytes = WholeFile.read(path, file, MAX_BYTES);
            ByteCursor cursor = new ByteCursor(path).over(bytes, 0, bytes.length, 0);
            int magic = cursor.be32();
            if (magic != MAGIC) {
                throw cursor.corrupt("these are no tombstones, found magic number 0x" + Integer.toHexString(magic));
            }
            int version = cursor.u8();
            if (version != VERSION) {
                throw cursor.corrupt("unknown version of tombstones, found " + version + "; 1 is read");
            }
            int length = cursor.left() - 4;
            int crc = cursor.crc(length);
            Map<Long, Intervals> found = new HashMap<>();
            while (cursor.left() > 4) {
                long ref = cursor.uvarint();
                long mint = cursor.varint();
                long maxt = cursor.varint();
                found.merge(ref, Intervals.of(mint, maxt), (old, _) -> old.with(mint, maxt));
            }
            if (cursor.be32() != crc) {
                throw cursor.corrupt("the checksum of the tombstones does not fit");
            }
            return new Tombstones(found);
        }
    }

    /** Writes a file anew, durable before it takes the place of the former one; its size in bytes. */
    long write(StorageFiles files, Path path) throws IOException {
        ByteSink sink = new ByteSink();
        sink.be32(MAGIC);
        sink.u8(VERSION);
        for (Map.Entry<Long, Intervals> entry : new TreeMap<>(bySeries).entrySet()) {
            Intervals spans = entry.getValue();
            for (int i = 0; i < spans.size(); i++) {
                sink.uvarint(entry.getKey());
                sink.varint(spans.mintMs(i));
                sink.varint(spans.maxtMs(i));
            }
        }
        CRC32C crc = new CRC32C();
        crc.update(sink.bytes(), HEADER_BYTES, sink.size() - HEADER_BYTES);
        sink.be32((int) crc.getValue());
        WholeFile.replace(files, path, ByteBuffer.wrap(sink.bytes(), 0, sink.size()));
        return sink.size();
    }

    Intervals of(long seriesRef) {
        return bySeries.getOrDefault(seriesRef, Intervals.NONE);
    }

    /** How many spans there are. */
    long count() {
        return bySeries.values().stream().mapToLong(Intervals::size).sum();
    }

    int seriesCount() {
        return bySeries.size();
    }

    boolean isEmpty() {
        return bySeries.isEmpty();
    }

    Map<Long, Intervals> bySeries() {
        return bySeries;
    }
}
