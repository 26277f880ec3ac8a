// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.wire.ProtobufWriter;
import dev.narthex.wire.SnappyCompressor;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Arrays;
import java.util.List;

/** Bodies of remote write requests of version 1, for tests that need some data. */
final class RemoteWriteBody {
    private RemoteWriteBody() {}

    /** A series: labels as alternating names and values; samples are to be added as field 2. */
    static ProtobufWriter series(List<String> labels) {
        ProtobufWriter series = new ProtobufWriter();
        for (int i = 0; i < labels.size(); i += 2) {
            series.message(1, new ProtobufWriter().text(1, labels.get(i)).text(2, labels.get(i + 1)));
        }
        return series;
    }

    static ProtobufWriter sample(long timestampMs, double value) {
        return new ProtobufWriter().float64(1, value).int64(2, timestampMs);
    }

    static byte[] compressed(byte[] message) {
        byte[] into = new byte[SnappyCompressor.maxLength(message.length)];
        return Arrays.copyOf(into, new SnappyCompressor().compress(message, 0, message.length, into, 0));
    }

    /** The request that brings a message to a server. */
    static HttpRequest.Builder request(URI server, ProtobufWriter message) {
        return HttpRequest.newBuilder(server.resolve("/api/v1/write"))
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .POST(HttpRequest.BodyPublishers.ofByteArray(compressed(message.toByteArray())));
    }
}
