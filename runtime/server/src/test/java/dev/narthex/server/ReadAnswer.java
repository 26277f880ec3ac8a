// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.storage.ChunkEncoding;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.tsdb.chunk.ChunkDecoder;
import dev.narthex.tsdb.chunk.CorruptChunkException;
import dev.narthex.wire.ProtobufReader;
import dev.narthex.wire.SnappyBlock;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Answers of remote read as texts that can be compared. Of messages the fields in order, zeros left out; of chunks the
 * samples, wherever one chunk ends and the next begins.
 */
final class ReadAnswer {
    private final StringBuilder text = new StringBuilder();
    private String lastSeries = "";
    private int frames;

    private ReadAnswer() {}

    static String text(HttpResponse<byte[]> response) throws CorruptChunkException {
        String type = response.headers().firstValue("Content-Type").orElse("-");
        byte[] body = response.body();
        if (response.statusCode() != 200) {
            return response.statusCode() + " " + type + " " + new String(body, StandardCharsets.UTF_8);
        }
        String encoding = response.headers().firstValue("Content-Encoding").orElse("-");
        String head = "200 " + type + " " + encoding + "\n";
        return head + (isStreamed(response) ? read(body).text : messages(body));
    }

    /** How many frames a streamed answer has. */
    static int frames(HttpResponse<byte[]> response) throws CorruptChunkException {
        return read(response.body()).frames;
    }

    private static boolean isStreamed(HttpResponse<byte[]> response) {
        return response.headers().firstValue("Content-Type").orElse("-").contains("streamed");
    }

    private static String messages(byte[] body) {
        byte[] message = new byte[SnappyBlock.uncompressedLength(body, 0, body.length)];
        if (!SnappyBlock.uncompress(body, 0, body.length, message, 0, message.length)) {
            throw new AssertionError("damaged Snappy block");
        }
        // ReadResponse > QueryResult > TimeSeries > Label, Sample, Histogram
        return message(message, 0, message.length, 0, 3);
    }

    private static ReadAnswer read(byte[] body) throws CorruptChunkException {
        ReadAnswer answer = new ReadAnswer();
        for (ProtobufReader frame : framesOf(body)) {
            answer.frame(frame, body);
        }
        return answer;
    }

    /** The messages {@code ChunkedReadResponse} of a streamed answer, each with its checksum proved. */
    static List<ProtobufReader> framesOf(byte[] body) {
        List<ProtobufReader> frames = new ArrayList<>();
        int at = 0;
        while (at < body.length) {
            int length = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = body[at++];
                length |= (b & 0x7f) << shift;
                if (b >= 0) {
                    break;
                }
            }
            int sum = 0;
            for (int i = 0; i < 4; i++) {
                sum = (sum << 8) | (body[at++] & 0xff);
            }
            CRC32C checksum = new CRC32C();
            checksum.update(body, at, length);
            if ((int) checksum.getValue() != sum) {
                throw new AssertionError("checksum of the frame that ends at " + (at + length));
            }
            frames.add(new ProtobufReader().over(body, at, length));
            at += length;
        }
        return frames;
    }

    /** A message {@code ChunkedReadResponse}. */
    private void frame(ProtobufReader reader, byte[] bytes) throws CorruptChunkException {
        frames++;
        for (int field = reader.next(); field != 0; field = reader.next()) {
            if (field == 1) {
                int outer = reader.enter();
                series(reader, bytes);
                reader.leave(outer);
            } else {
                text.append(field).append(": ").append(reader.int64()).append('\n');
            }
        }
    }

    private void series(ProtobufReader reader, byte[] bytes) throws CorruptChunkException {
        StringBuilder labels = new StringBuilder();
        StringBuilder samples = new StringBuilder();
        for (int field = reader.next(); field != 0; field = reader.next()) {
            reader.bytes();
            if (field == 1) {
                labels.append(message(bytes, reader.start(), reader.stop(), 0, 0));
            } else {
                chunk(bytes, reader.start(), reader.stop(), samples);
            }
        }
        if (!lastSeries.contentEquals(labels)) {
            lastSeries = labels.toString();
            text.append("series\n").append(labels);
        }
        text.append(samples);
    }

    private static void chunk(byte[] bytes, int from, int to, StringBuilder into) throws CorruptChunkException {
        SampleBuffer samples = new SampleBuffer();
        decode(bytes, from, to, samples);
        for (int i = 0; i < samples.size(); i++) {
            into.append(samples.timestampMs(i)).append(": ");
            into.append(samples.histogram(i) == null ? samples.value(i) : samples.histogram(i))
                    .append('\n');
        }
    }

    /** Adds the samples of a message {@code Chunk}. */
    static void decode(byte[] bytes, int from, int to, SampleBuffer into) throws CorruptChunkException {
        ProtobufReader reader = new ProtobufReader().over(bytes, from, to - from);
        long minMs = 0;
        long maxMs = 0;
        long encoding = 0;
        int before = into.size();
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 1 -> minMs = reader.int64();
                case 2 -> maxMs = reader.int64();
                case 3 -> encoding = reader.int64();
                default -> {
                    reader.bytes();
                    new ChunkDecoder()
                            .decode(
                                    encoding((int) encoding),
                                    bytes,
                                    reader.start(),
                                    reader.stop() - reader.start(),
                                    Long.MIN_VALUE,
                                    Long.MAX_VALUE,
                                    into);
                }
            }
        }
        if (into.timestampMs(before) != minMs || into.timestampMs(into.size() - 1) != maxMs) {
            throw new AssertionError("chunk from " + minMs + " to " + maxMs + " has other samples");
        }
    }

    private static ChunkEncoding encoding(int number) {
        return Stream.of(ChunkEncoding.values())
                .filter(each -> each.number() == number)
                .findFirst()
                .orElseThrow();
    }

    /**
     * A message, field by field.
     *
     * @param deeper how many levels of messages there are in it
     */
    private static String message(byte[] bytes, int from, int to, int depth, int deeper) {
        TreeMap<Integer, StringBuilder> fields = new TreeMap<>();
        ProtobufReader reader = new ProtobufReader().over(bytes, from, to - from);
        String indent = "  ".repeat(depth);
        for (int field = reader.next(); field != 0; field = reader.next()) {
            StringBuilder text = fields.computeIfAbsent(field, _ -> new StringBuilder());
            switch (reader.wireType()) {
                case ProtobufReader.VARINT -> {
                    long value = reader.int64();
                    if (value != 0) {
                        text.append(indent)
                                .append(field)
                                .append(": ")
                                .append(value)
                                .append('\n');
                    }
                }
                case ProtobufReader.FIXED64 -> {
                    long bits = Double.doubleToRawLongBits(reader.float64());
                    if (bits != 0) {
                        text.append(indent).append(field).append(": ").append(Double.longBitsToDouble(bits));
                        text.append('\n');
                    }
                }
                default -> {
                    reader.bytes();
                    int start = reader.start();
                    int stop = reader.stop();
                    text.append(indent).append(field).append(": ");
                    if (deeper > 0) {
                        text.append("{\n").append(message(bytes, start, stop, depth + 1, deeper - 1));
                        text.append(indent).append("}\n");
                    } else {
                        text.append(HexFormat.of().formatHex(bytes, start, stop))
                                .append('\n');
                    }
                }
            }
        }
        StringBuilder all = new StringBuilder();
        fields.values().forEach(all::append);
        return all.toString();
    }
}
