// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.model.Labels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/**
 * Sends float samples to a real Prometheus by remote write 1.0 (Prometheus documentation, "Remote-Write 1.0
 * specification"), one request a batch.
 */
final class RemoteWriter implements AutoCloseable {
    private static final int VARINT = 0;
    private static final int FIXED = 1;
    private static final int BYTES = 2;
    private static final int LITERAL_BYTES = 60;

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI uri;
    private final ByteArrayOutputStream request = new ByteArrayOutputStream();

    RemoteWriter(URI prometheus) {
        uri = prometheus.resolve("/api/v1/write");
    }

    void add(Labels labels, long timestampMs, double value) {
        ByteArrayOutputStream series = new ByteArrayOutputStream();
        for (int i = 0; i < labels.size(); i++) {
            ByteArrayOutputStream pair = new ByteArrayOutputStream();
            bytes(pair, 1, labels.name(i).getBytes(StandardCharsets.UTF_8));
            bytes(pair, 2, labels.value(i).getBytes(StandardCharsets.UTF_8));
            bytes(series, 1, pair.toByteArray());
        }
        ByteArrayOutputStream sample = new ByteArrayOutputStream();
        sample.write(1 << 3 | FIXED);
        long bits = Double.doubleToRawLongBits(value);
        for (int shift = 0; shift < 64; shift += 8) {
            sample.write((int) (bits >>> shift));
        }
        sample.write(2 << 3 | VARINT);
        varint(sample, timestampMs);
        bytes(series, 2, sample.toByteArray());
        bytes(request, 1, series.toByteArray());
    }

    /** Sends what was added; the answer of the Prometheus. */
    HttpResponse<String> send() throws IOException {
        byte[] body = request.toByteArray();
        request.reset();
        try {
            return http.send(
                    HttpRequest.newBuilder(uri)
                            .header("Content-Type", "application/x-protobuf")
                            .header("Content-Encoding", "snappy")
                            .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(literals(body)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** A Snappy block of nothing but literals. */
    private static byte[] literals(byte[] plain) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        varint(block, plain.length);
        for (int at = 0; at < plain.length; at += LITERAL_BYTES) {
            int length = Math.min(LITERAL_BYTES, plain.length - at);
            block.write((length - 1) << 2);
            block.write(plain, at, length);
        }
        return block.toByteArray();
    }

    private static void bytes(ByteArrayOutputStream into, int field, byte[] value) {
        into.write(field << 3 | BYTES);
        varint(into, value.length);
        into.writeBytes(value);
    }

    private static void varint(ByteArrayOutputStream into, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            into.write((int) rest | 0x80);
            rest >>>= 7;
        }
        into.write((int) rest);
    }

    @Override
    public void close() {
        http.close();
    }
}
