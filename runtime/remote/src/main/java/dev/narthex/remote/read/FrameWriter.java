// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.read;

import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.wire.ProtobufWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;

/**
 * Writes messages {@code ChunkedReadResponse} of one series each: the length as a varint, the Castagnoli checksum in four
 * bytes, highest first, the message. For one thread.
 */
final class FrameWriter {
    private final SeriesMessage message;
    private final int maxFrameBytes;
    private final OutputStream out;
    private final ProtobufWriter labels = new ProtobufWriter();
    private final ProtobufWriter series = new ProtobufWriter();
    private final ProtobufWriter chunk = new ProtobufWriter();
    private final ProtobufWriter frame = new ProtobufWriter();
    private final ProtobufWriter head = new ProtobufWriter();

    FrameWriter(SeriesMessage message, int maxFrameBytes, OutputStream out) {
        this.message = message;
        this.maxFrameBytes = maxFrameBytes;
        this.out = out;
    }

    /** Writes the chunks of the current series; nothing where it has none. */
    void write(ChunkSeriesSet set, int queryIndex) throws IOException {
        labels.clear();
        message.labels(set.labels(), labels);
        begin();
        boolean isEmpty = true;
        while (set.nextChunk()) {
            byte[] bytes = set.bytes();
            chunk.clear();
            chunk.int64(1, set.minTimeMs())
                    .int64(2, set.maxTimeMs())
                    .int64(3, set.encoding().number())
                    .bytes(4, bytes, 0, bytes.length);
            series.message(2, chunk);
            isEmpty = false;
            if (series.size() >= maxFrameBytes) {
                end(queryIndex);
                begin();
                isEmpty = true;
            }
        }
        if (!isEmpty) {
            end(queryIndex);
        }
    }

    private void begin() {
        series.clear();
        series.raw(labels);
    }

    private void end(int queryIndex) throws IOException {
        frame.clear();
        frame.message(1, series);
        if (queryIndex != 0) {
            frame.int64(2, queryIndex);
        }
        CRC32C checksum = new CRC32C();
        checksum.update(frame.array(), 0, frame.size());
        int sum = (int) checksum.getValue();
        head.clear();
        head.varint(frame.size());
        out.write(head.array(), 0, head.size());
        out.write(sum >>> 24);
        out.write(sum >>> 16);
        out.write(sum >>> 8);
        out.write(sum);
        out.write(frame.array(), 0, frame.size());
    }
}
