// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.remote.read.RemoteRead;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import java.util.Map;

/** {@code POST /api/v1/read}. Safe for use by many threads. */
public final class RemoteReadApi {
    private static final String SAMPLES = "application/x-protobuf";
    private static final Map<String, String> SNAPPY = Map.of("Content-Encoding", "snappy");

    private final RemoteRead remoteRead;

    public RemoteReadApi(RemoteRead remoteRead) {
        this.remoteRead = remoteRead;
    }

    /** Answers a message {@code ReadRequest}. */
    public Response read(Request request) throws InterruptedException {
        return switch (remoteRead.answer(request.body().bytes())) {
            case RemoteRead.Answer.Samples samples ->
                new Response(200, SAMPLES, SNAPPY, out -> out.write(samples.body()));
            case RemoteRead.Answer.Stream stream -> Response.of(200, Response.CHUNKED_SERIES, stream.frames()::writeTo);
            case RemoteRead.Answer.Refused refused ->
                Response.text(refused.status(), refused.text() + "\n").withHeader("X-Content-Type-Options", "nosniff");
        };
    }
}
