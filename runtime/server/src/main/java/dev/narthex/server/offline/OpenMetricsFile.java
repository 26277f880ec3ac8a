// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.offline;

import dev.narthex.exposition.ExpositionEntry;
import dev.narthex.exposition.ExpositionException;
import dev.narthex.exposition.OpenMetricsParser;
import dev.narthex.model.MetricType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of OpenMetrics that may be far larger than memory: it is read piece by piece, each ending with a line. After the
 * first time, pieces are passed over that have no sample in the wanted time. For one thread.
 */
final class OpenMetricsFile implements AutoCloseable {
    private static final int PIECE_BYTES = 1 << 20;

    /** Takes the samples of a file in their order. */
    @FunctionalInterface
    interface Samples {
        /**
         * Takes the sample that a parser stands at; it has a timestamp.
         *
         * @param text holds the series, see {@link OpenMetricsParser#seriesStart}
         */
        void sample(OpenMetricsParser parser, byte[] text) throws IOException;
    }

    /** A piece that was read once: where it is, which type stood before it, and the timestamps in it. */
    private record Piece(long offset, int length, long line, MetricType type, long firstMs, long lastMs) {}

    private final Path path;
    private final FileChannel file;
    private final OpenMetricsParser parser = new OpenMetricsParser();
    private final List<Piece> pieces = new ArrayList<>();
    private byte[] buffer = new byte[PIECE_BYTES];

    OpenMetricsFile(Path path) throws IOException {
        this.path = path;
        try {
            file = FileChannel.open(path, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw new IOException("stat " + path + ": no such file or directory", e);
        }
    }

    /**
     * Reads the whole file for the first time.
     *
     * @throws IOException when it is not OpenMetrics, or a sample has no timestamp; the message says where
     */
    void readAll(Samples samples) throws IOException {
        long offset = 0;
        long line = 1;
        MetricType type = MetricType.UNKNOWN;
        boolean ended = false;
        while (offset < file.size()) {
            int length = fill(offset);
            if (ended) {
                throw problem(line, "expected the end of the file behind # EOF");
            }
            long[] range = {Long.MAX_VALUE, Long.MIN_VALUE};
            MetricType before = type;
            ended = parse(length, line, before, (parsed, text) -> {
                if (!parsed.hasTimestamp()) {
                    throw new IOException("expected timestamp for series got none, found "
                            + new String(
                                    text,
                                    parsed.seriesStart(),
                                    parsed.seriesEnd() - parsed.seriesStart(),
                                    java.nio.charset.StandardCharsets.UTF_8));
                }
                range[0] = Math.min(range[0], parsed.timestampMs());
                range[1] = Math.max(range[1], parsed.timestampMs());
                samples.sample(parsed, text);
            });
            type = parser.type();
            pieces.add(new Piece(offset, length, line, before, range[0], range[1]));
            line += lines(length);
            offset += length;
        }
        if (!ended) {
            throw problem(line, "data does not end with # EOF");
        }
    }

    /** Reads the pieces again that have samples in a time range, both ends inclusive; others may be among them. */
    void readAgain(long mintMs, long maxtMs, Samples samples) throws IOException {
        for (Piece piece : pieces) {
            if (piece.firstMs <= maxtMs && piece.lastMs >= mintMs) {
                read(piece.offset, 0, piece.length);
                boolean _ = parse(piece.length, piece.line, piece.type, samples);
            }
        }
    }

    /** Parses what is in the buffer; true where the exposition ends in it. */
    private boolean parse(int length, long line, MetricType before, Samples samples) throws IOException {
        parser.reset(buffer, 0, length);
        parser.assumeType(before);
        try {
            while (parser.position() < length) {
                ExpositionEntry entry = parser.next();
                if (entry == ExpositionEntry.END) {
                    return true;
                }
                if (entry == ExpositionEntry.SERIES) {
                    samples.sample(parser, buffer);
                }
            }
            return false;
        } catch (ExpositionException e) {
            String message = String.valueOf(e.getMessage());
            throw problem(line + e.line() - 1, message.substring(message.indexOf(':') + 2));
        }
    }

    private IOException problem(long line, String what) {
        return new IOException(path + ": line " + line + ": " + what);
    }

    private int lines(int length) {
        int lines = 0;
        for (int i = 0; i < length; i++) {
            lines += buffer[i] == '\n' ? 1 : 0;
        }
        return lines;
    }

    /** Reads a piece that ends with a line or the file; its length. */
    private int fill(long offset) throws IOException {
        int read = 0;
        while (true) {
            int more = (int) Math.min(buffer.length - read, file.size() - offset - read);
            read(offset + read, read, more);
            read += more;
            if (offset + read >= file.size()) {
                return read;
            }
            for (int i = read; i > 0; i--) {
                if (buffer[i - 1] == '\n') {
                    return i;
                }
            }
            byte[] larger = new byte[2 * buffer.length];
            System.arraycopy(buffer, 0, larger, 0, read);
            buffer = larger;
        }
    }

    private void read(long offset, int at, int length) throws IOException {
        ByteBuffer into = ByteBuffer.wrap(buffer, at, length);
        while (into.hasRemaining()) {
            if (file.read(into, offset + into.position() - at) < 0) {
                throw new IOException(path + ": the file became shorter while it was read");
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
