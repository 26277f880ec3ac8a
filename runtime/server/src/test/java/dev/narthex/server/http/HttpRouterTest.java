// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.re2j.Pattern;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.time.Ticker;
import dev.narthex.server.RawHttp;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRouterTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int LARGE = 1_000_000;

    private static Vertx vertx;
    private static HttpClient client;

    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final List<String> observed = new CopyOnWriteArrayList<>();
    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicInteger writtenForNobody = new AtomicInteger();
    private HttpRouter router;
    private HttpListener listener;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stopVertx() {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void listen() throws IOException, InterruptedException {
        router = new HttpRouter(
                "/base",
                Pattern.compile("https?://shop\\.example"),
                ready::get,
                (route, status, _, bytes) -> observed.add(route + " " + status + " " + bytes),
                Ticker.system());
        List<Route> routes = List.of(
                Route.getOrPost(
                        "/api/v1/echo", request -> Response.text(200, String.join(",", request.parameters("x")))),
                Route.getOrPost(
                        "/bytes",
                        request -> Response.text(200, checksum(request.body().bytes()))),
                Route.get("/label/:name/values", request -> Response.text(200, request.pathParameter("name"))),
                Route.probe("/-/healthy", _ -> Response.text(200, "fine")),
                Route.get("/large", _ -> Response.of(200, Response.PLAIN, out -> out.write(large()))),
                Route.get(
                        "/broken",
                        _ -> Response.of(200, Response.PLAIN, out -> {
                            out.write(large());
                            throw new IOException("disk");
                        })),
                Route.get(
                        "/broken/bug",
                        _ -> Response.of(200, Response.PLAIN, out -> {
                            out.write(large());
                            throw new IllegalStateException("bug");
                        })),
                Route.get("/refused", _ -> {
                    throw new ApiException(ErrorType.EXECUTION, "no <way>");
                }),
                Route.get("/bug", _ -> {
                    throw new IllegalStateException("bug");
                }),
                Route.get("/endless", _ -> Response.of(200, Response.PLAIN, this::writeWithoutEnd)),
                Route.get("/wait", _ -> {
                    waiting.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                    return Response.empty(200);
                }));
        listener = new HttpListener(
                vertx, ListenAddress.parse("127.0.0.1:0"), new HttpLimits(4, LIMIT), router.build(routes));
        listener.start();
    }

    @AfterEach
    void close() throws InterruptedException {
        never.countDown();
        listener.stop(LIMIT);
    }

    /** Writes until it is ended, and counts what it could write when its thread was interrupted already. */
    private void writeWithoutEnd(OutputStream out) throws IOException {
        byte[] piece = new byte[16 << 10];
        try {
            while (true) {
                boolean isGone = Thread.currentThread().isInterrupted();
                out.write(piece);
                waiting.countDown();
                if (isGone) {
                    writtenForNobody.incrementAndGet();
                }
            }
        } finally {
            interrupted.countDown();
        }
    }

    private static byte[] large() {
        byte[] large = new byte[LARGE];
        Arrays.fill(large, (byte) 'x');
        return large;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(listener.url() + path)).timeout(LIMIT);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    @Test
    void answersBelowItsPrefix() throws Exception {
        assertThat(get("/base/api/v1/echo?x=1&x=%20").body()).isEqualTo("1, ");
        // A slash that is encoded ends a segment too, as in Prometheus.
        assertThat(get("/base/label/a%2Fb/values").statusCode()).isEqualTo(404);
        assertThat(get("/base/label%2Fa/values").body()).isEqualTo("a");
        assertThat(get("/").statusCode()).isEqualTo(302);
        assertThat(get("/").headers().firstValue("Location")).contains("/base");
        assertThat(get("/base").statusCode()).isEqualTo(301);
        assertThat(get("/base").headers().firstValue("Location")).contains("/base/");
    }

    @Test
    void takesFormBodies() throws Exception {
        HttpRequest.Builder post = request("/base/api/v1/echo?x=url")
                .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString("x=body"));

        assertThat(send(post).body()).isEqualTo("body,url");
    }

    private static String checksum(byte[] bytes) {
        return bytes.length + " " + Arrays.hashCode(bytes);
    }

    @Test
    void takesBodiesAsTheyAreSentWhetherTheirLengthIsToldOrNot() throws Exception {
        for (int size : new int[] {1, 100_000, 1_500_000}) {
            byte[] body = new byte[size];
            new Random(size).nextBytes(body);
            HttpRequest.Builder told = request("/base/bytes").POST(HttpRequest.BodyPublishers.ofByteArray(body));
            assertThat(send(told).body()).isEqualTo(checksum(body));
            HttpRequest.Builder untold = request("/base/bytes")
                    .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
            assertThat(send(untold).body()).isEqualTo(checksum(body));
        }
    }

    @Test
    void refusesBodiesThatAreTooLong() throws Exception {
        HttpRequest.Builder post = request("/base/api/v1/echo")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[(10 << 20) + 1]));

        assertThat(send(post).statusCode()).isEqualTo(413);
    }

    @Test
    void answersUnknownPathsAndMethodsAsPrometheusDoes() throws Exception {
        HttpResponse<String> unknown = get("/base/nope");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).isEqualTo("404 page not found\n");

        HttpResponse<String> method = send(request("/base/api/v1/echo").DELETE());
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("Allow")).contains("GET, OPTIONS, POST");

        HttpResponse<String> options =
                send(request("/base/api/v1/echo").method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.headers().allValues("Vary")).containsExactly("Accept-Encoding", "Origin");

        HttpResponse<String> elsewhere =
                send(request("/base/-/healthy").method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(elsewhere.statusCode()).isEqualTo(200);
        assertThat(elsewhere.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
        assertThat(elsewhere.headers().firstValue("Vary")).isEmpty();
    }

    @Test
    void answersHeadWithoutABody() throws Exception {
        HttpResponse<String> head = send(request("/base/-/healthy").HEAD());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(get("/base/-/healthy").body()).isEqualTo("fine");
    }

    @Test
    void streamsWhatIsLarge() throws Exception {
        HttpResponse<String> answer = get("/base/large");

        assertThat(answer.headers().firstValue("Transfer-Encoding")).contains("chunked");
        assertThat(answer.body()).hasSize(LARGE);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(observed).contains("/large 200 " + LARGE));
    }

    @Test
    void compressesWhenAsked() throws Exception {
        HttpResponse<byte[]> answer = client.send(
                request("/base/large").header("Accept-Encoding", "gzip").build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
        try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            assertThat(plain.readAllBytes()).hasSize(LARGE);
        }
    }

    @Test
    void cutsTheConnectionWhereABodyFailsHalfWay() {
        assertThatThrownBy(() -> get("/base/broken")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> get("/base/broken/bug")).isInstanceOf(IOException.class);
    }

    @Test
    void answersErrorsAsJson() throws Exception {
        HttpResponse<String> refused = get("/base/refused");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(refused.body())
                .isEqualTo("{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"no \\u003cway\\u003e\"}");
    }

    @Test
    void answersABugWithAnIdThatTheLogHasToo() throws Exception {
        HttpResponse<String> bug = get("/base/bug");

        assertThat(bug.statusCode()).isEqualTo(500);
        assertThat(bug.body()).contains("\"errorType\":\"internal\"").contains("unexpected failure ");
    }

    @Test
    void refusesUntilReadyAndWhileStopping() throws Exception {
        ready.set(false);
        assertThat(get("/base/api/v1/echo").statusCode()).isEqualTo(503);
        assertThat(get("/base/api/v1/echo").body()).isEqualTo("Service Unavailable");
        assertThat(get("/base/-/healthy").statusCode()).isEqualTo(200);

        ready.set(true);
        assertThat(router.drain(LIMIT)).isTrue();
        HttpResponse<String> stopping = get("/base/api/v1/echo");
        assertThat(stopping.statusCode()).isEqualTo(503);
        assertThat(stopping.headers().firstValue("X-Prometheus-Stopping")).contains("true");
    }

    @Test
    void letsScriptsOfNamedOriginsIn() throws Exception {
        HttpResponse<String> named = send(request("/base/api/v1/echo").header("Origin", "http://shop.example"));
        HttpResponse<String> other = send(request("/base/api/v1/echo").header("Origin", "http://evil.example"));

        assertThat(named.headers().firstValue("Access-Control-Allow-Origin")).contains("http://shop.example");
        assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void interruptsTheHandlerWhenTheClientGoesAway() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.getOutputStream()
                    .write("GET /base/wait HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            waiting.await();
            assertThat(router.inFlight()).isEqualTo(1);
        }

        interrupted.await();
        await().atMost(LIMIT).until(() -> router.inFlight() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip", "deflate"})
    void aBodyEndsAtItsNextPieceWhenTheClientGoesAway(String coding) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.getOutputStream()
                    .write(("GET /base/endless HTTP/1.1\r\nHost: x\r\nAccept-Encoding: " + coding + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            waiting.await();
        }

        interrupted.await();
        await().atMost(LIMIT).until(() -> router.inFlight() == 0);
        assertThat(writtenForNobody).hasValue(0);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(observed).contains("/endless 499 0"));
    }

    @Test
    void nobodyIsAnsweredWhoLeftBeforeTheGuardLetHimIn() throws Exception {
        CompletableFuture<HttpServerRequest> held = new CompletableFuture<>();
        CompletableFuture<Runnable> go = new CompletableFuture<>();
        CompletableFuture<Context> loop = new CompletableFuture<>();
        HttpRouter guarded = new HttpRouter(
                "",
                null,
                (request, next) -> {
                    loop.complete(vertx.getOrCreateContext());
                    go.complete(next);
                    held.complete(request);
                },
                ready::get,
                (route, status, _, bytes) -> observed.add(route + " " + status + " " + bytes),
                Ticker.system(),
                new MemoryAccount(Long.MAX_VALUE));
        HttpListener second = new HttpListener(
                vertx,
                ListenAddress.parse("127.0.0.1:0"),
                new HttpLimits(4, LIMIT),
                guarded.build(List.of(Route.get("/wait", _ -> {
                    waiting.countDown();
                    return Response.empty(200);
                }))));
        second.start();
        try {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), second.port())) {
                socket.getOutputStream()
                        .write("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                held.join();
            }
            HttpServerRequest request = held.join();
            await().atMost(LIMIT).until(() -> request.response().closed());
            loop.join().runOnContext(_ -> go.join().run());
            await().atMost(LIMIT).untilAsserted(() -> assertThat(observed).containsExactly("/wait 499 0"));
            assertThat(guarded.inFlight()).isZero();
            assertThat(waiting.getCount()).isEqualTo(1);
        } finally {
            second.stop(LIMIT);
        }
    }

    @Test
    void saysWhereItCannotListen() {
        HttpListener second = new HttpListener(
                vertx, new ListenAddress("127.0.0.1", listener.port()), HttpLimits.DEFAULT, router.build(List.of()));

        assertThatThrownBy(second::start)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--web.listen-address=127.0.0.1:" + listener.port() + ": cannot listen");
    }

    private RawHttp.Answer ask(String line, String... headers) throws IOException {
        return RawHttp.ask(
                URI.create(listener.url()), line + " HTTP/1.1\r\nHost: {HOST}\r\n" + String.join("", headers) + "\r\n");
    }

    @Test
    void requestsThatAreNotSureToWhomTheyAreOrWhereTheyEndAreRefused() throws IOException {
        assertThat(ask("GET /base/-/healthy", "Host: other\r\n").status()).isEqualTo("400");
        assertThat(ask("POST /base/api/v1/echo", "Transfer-Encoding: gzip\r\n").status())
                .isEqualTo("501");
        assertThat(ask("POST /base/api/v1/echo", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")
                        .status())
                .isEqualTo("501");
        assertThat(ask("GET /base/-/healthy", ": x\r\n").status()).isEqualTo("400");
        assertThat(ask("GET /base/-/healthy%zz").status()).isEqualTo("400");
        assertThat(ask("GET *").status()).isEqualTo("400");
        for (String[] head : new String[][] {
            {"GET /base/-/healthy HTTP/1.1\r\n", "400 Bad Request: missing required Host header"},
            {"GET /base/-/healthy HTTP/1.1\r\nHost: a b\r\n", "400 Bad Request: malformed Host header"},
            {"GET /base/-/healthy HTTP/1.1\r\nHost: x\r\nno colon\r\n", "400 Bad Request"},
        }) {
            RawHttp.Answer answer = RawHttp.ask(URI.create(listener.url()), head[0] + "\r\n");
            assertThat(answer.body()).as(head[0]).isEqualTo(head[1]);
            assertThat(answer.header("connection")).isEqualTo("close");
        }
        RawHttp.Answer expecting = ask("GET /base/-/healthy", "Expect: x\r\n");
        assertThat(expecting.status()).isEqualTo("417");
        assertThat(expecting.header("connection")).isEqualTo("close");
        assertThat(ask("GET /base/-/healthy", "Expect: 100-continue\r\n").status())
                .isEqualTo("200");
        assertThat(ask("POST /base/api/v1/echo?x=1", "Expect: 100-continue\r\nContent-Length: 0\r\n")
                        .status())
                .endsWith("200");
    }

    @Test
    void anEncodedSlashEndsASegmentAndTheQueryStays() throws IOException {
        RawHttp.Answer answer = ask("GET /base/api/v1%2Fecho?x=%C3%A9");
        assertThat(answer.status()).isEqualTo("404");
        assertThat(ask("GET /base/api/v1/%65cho?x=y").body()).isEqualTo("y");
        assertThat(ask("GET /base/api/v1/echo?x=\u00c3\u00a9").body()).isEqualTo("é");
    }

    @Test
    void whoWantsTheConnectionClosedHasItClosed() throws IOException {
        assertThat(ask("GET /base/-/healthy", "Connection: x, Close\r\n").header("connection"))
                .isEqualTo("close");
    }

    @Test
    void whoWaitsWithABodyIsAskedForIt() throws IOException {
        RawHttp.Answer answer = RawHttp.ask(
                URI.create(listener.url()),
                "POST /base/api/v1/echo HTTP/1.1\r\nHost: {HOST}\r\nExpect: 100-continue\r\nContent-Length: 3\r\n"
                        + "Content-Type: application/x-www-form-urlencoded\r\n\r\nx=y");
        assertThat(answer.status()).isEqualTo("100+200");
        assertThat(answer.body()).isEqualTo("y");
    }

    @Test
    void pathsThatCanBeWrittenShorterAreRedirectedToWithTheirQuery() throws IOException {
        for (String[] pair : new String[][] {
            {"/base//api/./v1/echo?x=%zz&y", "/base/api/v1/echo?x=%zz&y"},
            {"/base/x/../large/", "/base/large/"},
            {"/..", "/"},
            {"/base/api/v1?a", "/base/api/v1/?a"},
            {"/base/api/v1/echo/..", "/base/api/v1/"}
        }) {
            RawHttp.Answer answer = ask("GET " + pair[0]);
            assertThat(answer.status()).as(pair[0]).isEqualTo("307");
            assertThat(answer.header("location")).isEqualTo(pair[1]);
        }
        RawHttp.Answer beside = ask("GET /base/large/?a=b");
        assertThat(beside.status()).isEqualTo("301");
        assertThat(beside.header("location")).isEqualTo("/base/large?a=b");
        assertThat(ask("GET /base/LARGE?\u00e9").header("location")).isEqualTo("/base/large?%e9");
        assertThat(ask("GET /base/debug").header("location")).isEqualTo("/base/debug/");
        assertThat(ask("GET /base/API/v1/echo").status()).isEqualTo("404");
        assertThat(ask("GET /base/%61pi/v1/echo").status()).isEqualTo("404");
        assertThat(ask("GET /base/api%2Fv1/echo").status()).isEqualTo("404");
        assertThat(ask("DELETE /base/large/").status()).isEqualTo("404");
        assertThat(ask("GET /base/api/v2").status()).isEqualTo("301");
        assertThat(RawHttp.ask(URI.create(listener.url()), "GET /base/a//b?\"><script> HTTP/1.0\r\n\r\n")
                        .body())
                .doesNotContain("<script>");
    }
}
