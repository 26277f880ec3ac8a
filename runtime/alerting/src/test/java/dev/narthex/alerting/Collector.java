// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.model.time.Ticker;
import dev.narthex.testkit.http.LoopbackRequest;
import dev.narthex.testkit.http.LoopbackServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A webhook on a loopback port that remembers what it gets. */
final class Collector implements AutoCloseable {
    /**
     * A request.
     *
     * @param atNanos when it came, elapsed time
     * @param path with its leading slash
     */
    record Received(long atNanos, String path, String contentType, String userAgent, String body) {}

    private final LoopbackServer server = LoopbackServer.start(this::take);
    private final List<Received> received = new ArrayList<>();

    Collector() throws IOException {}

    String url() {
        return "http://" + server.address();
    }

    private void take(LoopbackRequest request, OutputStream out) throws IOException {
        synchronized (this) {
            received.add(new Received(
                    Ticker.system().nanos(),
                    request.target(),
                    request.header("content-type"),
                    request.header("user-agent"),
                    new String(request.body(), StandardCharsets.UTF_8)));
        }
        LoopbackServer.respond(out, 200, Map.of(), new byte[0]);
    }

    /** What came below a path, in order. */
    synchronized List<Received> below(String path) {
        return received.stream().filter(one -> one.path().startsWith(path)).toList();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
