// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.NativeHistogram;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.tsdb.chunk.CorruptChunkException;
import dev.narthex.wire.ProtobufReader;
import dev.narthex.wire.ProtobufWriter;
import dev.narthex.wire.SnappyCompressor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** All samples that a server has of some series, staleness markers too; asked by remote read. */
final class StoredSamples {
    private static final int STREAMED_CHUNKS = 1;

    private StoredSamples() {}

    /** The samples of series with a label that has any value, from a time to another. */
    static Map<Labels, SampleBuffer> of(URI server, String label, long startMs, long endMs)
            throws IOException, InterruptedException, CorruptChunkException {
        ProtobufWriter matcher = new ProtobufWriter().int64(1, 1).text(2, label).text(3, "");
        ProtobufWriter query =
                new ProtobufWriter().int64(1, startMs).int64(2, endMs).message(3, matcher);
        ProtobufWriter request = new ProtobufWriter().message(1, query).int64(2, STREAMED_CHUNKS);
        byte[] block = new byte[SnappyCompressor.maxLength(request.size())];
        int length = new SnappyCompressor().compress(request.array(), 0, request.size(), block, 0);
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> response = http.send(
                    HttpRequest.newBuilder(server.resolve("/api/v1/read"))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(Arrays.copyOf(block, length)))
                            .header("Content-Type", "application/x-protobuf")
                            .header("Content-Encoding", "snappy")
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            Map<Labels, SampleBuffer> found = new TreeMap<>();
            for (ProtobufReader frame : ReadAnswer.framesOf(response.body())) {
                frame(frame, response.body(), found);
            }
            return found;
        }
    }

    private static void frame(ProtobufReader reader, byte[] bytes, Map<Labels, SampleBuffer> into)
            throws CorruptChunkException {
        for (int field = reader.next(); field != 0; field = reader.next()) {
            if (field == 1) {
                int outer = reader.enter();
                series(reader, bytes, into);
                reader.leave(outer);
            }
        }
    }

    private static void series(ProtobufReader reader, byte[] bytes, Map<Labels, SampleBuffer> into)
            throws CorruptChunkException {
        LabelsBuilder labels = Labels.builder();
        SampleBuffer samples = new SampleBuffer();
        for (int field = reader.next(); field != 0; field = reader.next()) {
            if (field == 1) {
                label(reader, labels);
            } else {
                reader.bytes();
                ReadAnswer.decode(bytes, reader.start(), reader.stop(), samples);
            }
        }
        SampleBuffer all = into.computeIfAbsent(labels.build(), _ -> new SampleBuffer());
        for (int i = 0; i < samples.size(); i++) {
            NativeHistogram histogram = samples.histogram(i);
            if (histogram == null) {
                all.add(samples.timestampMs(i), samples.value(i));
            } else {
                all.add(samples.timestampMs(i), histogram);
            }
        }
    }

    private static void label(ProtobufReader reader, LabelsBuilder into) {
        int outer = reader.enter();
        String name = "";
        String value = "";
        for (int field = reader.next(); field != 0; field = reader.next()) {
            if (field == 1) {
                name = reader.text();
            } else {
                value = reader.text();
            }
        }
        reader.leave(outer);
        into.set(name, value);
    }
}
