// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.remote.write.RemoteWriteAnswer;
import dev.narthex.remote.write.RemoteWriteAnswer.Written;
import dev.narthex.remote.write.RemoteWriteReceiver;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/write}: remote write, versions 1 and 2. */
public final class RemoteWriteApi {
    private static final String DISABLED =
            "remote write receiver needs to be enabled with --web.enable-remote-write-receiver\n";
    private static final String HEADER = "X-Prometheus-Remote-Write-";

    private final @Nullable RemoteWriteReceiver receiver;

    /** @param receiver null where the server takes no remote write */
    public RemoteWriteApi(@Nullable RemoteWriteReceiver receiver) {
        this.receiver = receiver;
    }

    /** Takes a request. */
    public Response write(Request request) {
        if (receiver == null) {
            return plainError(404, DISABLED);
        }
        RemoteWriteAnswer answer = receiver.receive(
                request.headerOrEmpty("content-type"),
                request.headerOrEmpty("content-encoding"),
                request.body().bytes());
        Response response = answer.text().isEmpty()
                ? Response.empty(answer.status())
                : plainError(answer.status(), answer.text() + "\n");
        Written written = answer.written();
        return written == null
                ? response
                : response.withHeader(HEADER + "Samples-Written", Long.toString(written.samples()))
                        .withHeader(HEADER + "Histograms-Written", Long.toString(written.histograms()))
                        .withHeader(HEADER + "Exemplars-Written", Long.toString(written.exemplars()));
    }

    private static Response plainError(int status, String text) {
        return Response.text(status, text).withHeader("X-Content-Type-Options", "nosniff");
    }
}
