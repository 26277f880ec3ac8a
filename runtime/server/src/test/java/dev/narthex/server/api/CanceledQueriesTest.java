// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.time.Ticker;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.server.http.HttpLimits;
import dev.narthex.server.http.HttpListener;
import dev.narthex.server.http.HttpRouter;
import dev.narthex.server.http.ListenAddress;
import dev.narthex.server.http.Route;
import dev.narthex.server.query.QueryLog;
import dev.narthex.server.query.QueryWorkers;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.testkit.time.ManualClock;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests over series without end, of which one is answered at a time: each ends early or never. */
class CanceledQueriesTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> observed = new CopyOnWriteArrayList<>();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final PromqlEngine engine = new PromqlEngine(PromqlEngineConfig.defaults(), Ticker.system());
    private final QueryWorkers workers = new QueryWorkers(1);
    private final HttpRouter router = new HttpRouter(
            "", null, () -> true, (route, status, _, _) -> observed.add(route + " " + status), Ticker.system());
    private HttpListener listener;

    /** Any metric has as many series as are asked for; of the metric {@code none} there are none. */
    private final class Endless implements Queryable {
        @Override
        public Querier querier(long mintMs, long maxtMs) {
            return new Querier() {
                @Override
                public SeriesSet select(SelectHints hints, List<LabelMatcher> matchers) {
                    return new Series(matchers.stream()
                            .anyMatch(matcher -> matcher.value().equals("none")));
                }

                @Override
                public List<String> labelNames(List<LabelMatcher> matchers) {
                    return List.of();
                }

                @Override
                public List<String> labelValues(String name, List<LabelMatcher> matchers) {
                    return List.of();
                }

                @Override
                public void close() {}
            };
        }
    }

    private final class Series implements SeriesSet {
        private final boolean none;
        private int at;

        Series(boolean none) {
            this.none = none;
        }

        @Override
        public boolean next() {
            if (none) {
                return false;
            }
            reading.countDown();
            at = (at + 1) & 1023;
            return true;
        }

        @Override
        public Labels labels() {
            return Labels.of(Labels.METRIC_NAME, "flood", "n", Integer.toString(at));
        }

        @Override
        public void samples(SampleBuffer into) {
            into.add(0, 1);
        }
    }

    @BeforeEach
    void listen() throws IOException, InterruptedException {
        Queryable storage = new Endless();
        ManualClock clock = new ManualClock();
        QueryApi query = new QueryApi(() -> engine, storage, workers, new QueryLog(clock), clock);
        SeriesApi series = new SeriesApi(storage, workers, LIMIT);
        SeriesApi hurried = new SeriesApi(storage, workers, Duration.ofMillis(50));
        FederationApi federation =
                new FederationApi(storage, workers, clock, Duration.ofMinutes(5), LIMIT, () -> Labels.EMPTY);
        FederationApi hurriedFederation = new FederationApi(
                storage, workers, clock, Duration.ofMinutes(5), Duration.ofMillis(50), () -> Labels.EMPTY);
        listener = new HttpListener(
                vertx,
                ListenAddress.parse("127.0.0.1:0"),
                new HttpLimits(16, LIMIT),
                router.build(List.of(
                        Route.getOrPost("/query", query::instant),
                        Route.get("/federate", federation::federate),
                        Route.get("/hurried/federate", hurriedFederation::federate),
                        Route.get("/hurried/series", hurried::series),
                        Route.get("/series", series::series))));
        listener.start();
    }

    @AfterEach
    void close() throws InterruptedException {
        workers.close();
        listener.stop(LIMIT);
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Socket ask(String path) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void awaitEndOf(String route) throws IOException, InterruptedException {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(observed).contains(route + " 499"));
        await().atMost(LIMIT).until(() -> router.inFlight() == 0);
        assertThat(workers.active()).isZero();
        // The next one gets its turn, and its thread is not interrupted.
        assertThat(get("/query?query=none").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/query?query=sum(flood)", "/series?match%5B%5D=flood", "/federate?match%5B%5D=flood"})
    void endsWhenItsClientGoesAway(String path) throws Exception {
        try (Socket _ = ask(path)) {
            reading.await();
            assertThat(workers.active()).isEqualTo(1);
        }

        awaitEndOf(path.substring(0, path.indexOf('?')));
    }

    @Test
    void endsWhenItsClientGoesAwayWhileItWaitsForItsTurn() throws Exception {
        try (Socket _ = ask("/query?query=sum(flood)")) {
            reading.await();
            try (Socket _ = ask("/federate?match%5B%5D=none")) {
                await().atMost(LIMIT).until(() -> workers.waiting() == 1);
            }
            await().atMost(LIMIT).untilAsserted(() -> assertThat(observed).containsExactly("/federate 499"));
            assertThat(workers.waiting()).isZero();
            assertThat(workers.active()).isEqualTo(1);
        }
        awaitEndOf("/query");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/query?query=sum(flood)&timeout=50ms", "/hurried/series?match%5B%5D=flood"})
    void endsWhenItsTimeIsOver(String path) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body())
                .isEqualTo("{\"status\":\"error\",\"errorType\":\"timeout\","
                        + "\"error\":\"query timed out in expression evaluation: it took longer than 0.05 s\"}");
        assertThat(workers.active()).isZero();
    }

    @Test
    void anAnswerForAnotherServerEndsInTextWhenItsTimeIsOver() throws Exception {
        HttpResponse<String> answer = get("/hurried/federate?match%5B%5D=flood");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("query timed out in expression evaluation: it took longer than 0.05 s\n");
    }

    @Test
    void saysThatItsTimeWasOverWhileItWaitedForItsTurn() throws Exception {
        try (Socket _ = ask("/query?query=sum(flood)")) {
            reading.await();
            HttpResponse<String> answer = get("/query?query=none&timeout=50ms");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("query timed out in query queue: all threads were busy for 0.05 s");
        }
    }

    @Test
    void endsWhenTheServerStops() throws Exception {
        try (Socket _ = ask("/query?query=sum(flood)")) {
            reading.await();
            workers.close();
            await().atMost(LIMIT).until(() -> router.inFlight() == 0);
            assertThat(observed).containsExactly("/query 499");
        }
    }
}
