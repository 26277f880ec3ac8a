// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.model.time.Ticker;
import dev.narthex.model.time.WallClock;
import dev.narthex.wire.ProtobufWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Clients that ask a server for all that it has, and send it all that they can, several of each kind at once. */
final class Floods implements AutoCloseable {
    private static final int OF_EACH = 3;
    private static final int SERIES_A_REQUEST = 4_000;
    private static final int LARGE_BYTES = 24 << 20;

    private final URI server;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Set<Integer>> answers = new ConcurrentHashMap<>();
    private final AtomicLong written = new AtomicLong();

    Floods(URI server) {
        this.server = server;
    }

    /** The statuses of the answers by kind of request; 0 for one that was cut off. */
    Map<String, Set<Integer>> run(int seconds) throws Exception {
        String all = URLEncoder.encode("{__name__=~\".+\"}", StandardCharsets.UTF_8);
        List<Future<?>> clients = new ArrayList<>();
        Ticker ticker = Ticker.system();
        long end = ticker.nanos() + TimeUnit.SECONDS.toNanos(seconds);
        byte[] large = RemoteWriteBody.compressed(new byte[LARGE_BYTES]);
        byte[] form = ("query=" + "1".repeat(9 << 20)).getBytes(StandardCharsets.US_ASCII);
        Map<String, Supplier<HttpRequest.Builder>> requests = Map.of(
                "write", this::newSeries,
                "large write",
                        () -> HttpRequest.newBuilder(server.resolve("/api/v1/write"))
                                .header("Content-Type", "application/x-protobuf")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(large)),
                "large form",
                        () -> HttpRequest.newBuilder(server.resolve("/api/v1/query"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(form)),
                "query", () -> get("/api/v1/query?query=" + all),
                "series", () -> get("/api/v1/series?match%5B%5D=" + all),
                "labels", () -> get("/api/v1/labels?match%5B%5D=" + all),
                "values", () -> get("/api/v1/label/n/values?match%5B%5D=" + all),
                "federate", () -> get("/federate?match%5B%5D=" + all),
                "read", this::read);
        requests.forEach((kind, request) -> {
            Set<Integer> statuses = answers.computeIfAbsent(kind, _ -> new ConcurrentSkipListSet<>());
            for (int i = 0; i < OF_EACH; i++) {
                clients.add(threads.submit(() -> {
                    while (ticker.nanos() < end) {
                        statuses.add(status(request.get()));
                    }
                    return null;
                }));
            }
        });
        for (Future<?> client : clients) {
            client.get();
        }
        return answers;
    }

    private int status(HttpRequest.Builder request) throws InterruptedException {
        try {
            HttpResponse<InputStream> answer = http.send(
                    request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                body.transferTo(OutputStream.nullOutputStream());
            }
            return answer.statusCode();
        } catch (IOException _) {
            return 0;
        }
    }

    private HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(server.resolve(path));
    }

    private HttpRequest.Builder newSeries() {
        long now = WallClock.system().millis();
        ProtobufWriter request = new ProtobufWriter();
        for (int i = 0; i < SERIES_A_REQUEST; i++) {
            request.message(
                    1,
                    RemoteWriteBody.series(
                                    List.of("__name__", "written", "n", Long.toString(written.incrementAndGet())))
                            .message(2, RemoteWriteBody.sample(now, 1)));
        }
        return RemoteWriteBody.request(server, request);
    }

    /** All samples of the last hour, not streamed. */
    private HttpRequest.Builder read() {
        long now = WallClock.system().millis();
        ProtobufWriter query = new ProtobufWriter()
                .int64(1, now - 3_600_000)
                .int64(2, now)
                .message(3, new ProtobufWriter().int64(1, 2).text(2, "__name__").text(3, ".+"));
        return HttpRequest.newBuilder(server.resolve("/api/v1/read"))
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .POST(HttpRequest.BodyPublishers.ofByteArray(RemoteWriteBody.compressed(
                        new ProtobufWriter().message(1, query).toByteArray())));
    }

    @Override
    public void close() {
        threads.shutdownNow();
        http.close();
    }
}
