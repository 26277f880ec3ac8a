// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.config.GlobalConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.StaticDiscoveryConfig;
import dev.narthex.config.StaticTargets;
import dev.narthex.discovery.DiscoveryManager;
import dev.narthex.discovery.standard.StandardDiscoverers;
import dev.narthex.http.HttpFetchers;
import dev.narthex.http.HttpLoop;
import dev.narthex.model.Labels;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.testkit.http.LoopbackRequest;
import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.http.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets that misbehave: each is down with an error that says why, and a good one beside them is not disturbed. */
class HostileTargetIT {
    /** Long enough for megabytes beside a dozen others on a machine with much to do. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Duration TIMEOUT = Duration.ofSeconds(8);
    /** For what is refused at once. */
    private static final Duration SHORT_INTERVAL = Duration.ofSeconds(4);

    private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(3);
    private static final int MAX_BODY_BYTES = 16 << 20;
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

    private final CountDownLatch closing = new CountDownLatch(1);

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private void answer(LoopbackRequest request, OutputStream out) throws IOException {
        switch (request.target()) {
            case "/good" -> text(out, "a 1\nb 2\n");
            case "/endless" -> endless(out);
            case "/silent" -> hang();
            case "/slow-drip" -> {
                send(out, HEAD + "Content-Length: 100\r\n\r\na 1\n");
                hang();
            }
            case "/cut-off" -> {
                send(out, HEAD + "Content-Length: 100\r\n\r\na 1\n");
                throw new IOException("closed on purpose");
            }
            case "/gzip-bomb" -> packed(out, gzip(new byte[MAX_BODY_BYTES + 1]));
            case "/gzip-garbage" -> packed(out, "no gzip at all".getBytes(StandardCharsets.US_ASCII));
            case "/gzip-cut-off" -> {
                byte[] whole = gzip("a 1\nb 2\n".getBytes(StandardCharsets.US_ASCII));
                packed(out, Arrays.copyOf(whole, whole.length - 9));
            }
            case "/gzip-flipped" -> {
                byte[] whole = gzip("a 1\nb 2\n".getBytes(StandardCharsets.US_ASCII));
                whole[whole.length - 6] ^= 1;
                packed(out, whole);
            }
            case "/long-line" -> text(out, "a{b=\"" + "x".repeat(10 << 20) + "\n");
            case "/long-value" -> text(out, "a " + "9".repeat(10 << 20) + "\n");
            case "/long-number" -> text(out, "a 0." + "3".repeat(1 << 20) + "\n");
            case "/invalid-utf8" -> text(out, "a{b=\"\u00ff\"} 1\n");
            case "/duplicates" -> text(out, "a 1\n".repeat(100_000));
            case "/redirect" -> LoopbackServer.respond(out, 302, Map.of("Location", "/redirect"), new byte[0]);
            case "/no-http" -> {
                send(out, "SSH-2.0-OpenSSH_9.9\r\n\r\n");
                throw new IOException("closed on purpose");
            }
            case "/interim" -> forEver(out, "", "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n");
            case "/fields" -> forEver(out, HEAD, "X: y\r\n");
            case "/extension" -> forEver(out, HEAD + "Transfer-Encoding: chunked\r\n\r\n4", ";x=y");
            case "/trailers" ->
                forEver(out, HEAD + "Transfer-Encoding: chunked\r\n\r\n4\r\na 1\n\r\n0\r\n", "X: y\r\n");
            case "/tiny-chunks" -> forEver(out, HEAD + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n\n\r\n");
            case "/nested-bomb" -> packed(out, gzip(gzip(new byte[MAX_BODY_BYTES + 1])));
            case "/continue" -> send(out, "HTTP/1.1 100 Continue\r\n\r\n" + HEAD + "Content-Length: 4\r\n\r\na 1\n");
            case "/too-long" -> send(out, HEAD + "Content-Length: 4\r\n\r\na 1\nb 2\n");
            case "/failing-endless" -> forEver(out, "HTTP/1.1 503 No\r\n\r\n", "x".repeat(1000));
            case "/html" -> LoopbackServer.respond(out, "text/html", "<html>".getBytes(StandardCharsets.US_ASCII));
            default -> LoopbackServer.respond(out, 404, Map.of(), new byte[0]);
        }
    }

    private static void text(OutputStream out, String text) throws IOException {
        LoopbackServer.respond(out, "text/plain", text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void packed(OutputStream out, byte[] body) throws IOException {
        LoopbackServer.respond(out, 200, Map.of("Content-Type", "text/plain", "Content-Encoding", "gzip"), body);
    }

    /** Says something once, then something else until the client has gone. */
    private static void forEver(OutputStream out, String first, String then) throws IOException {
        send(out, first);
        String many = then.repeat(1000);
        while (true) {
            send(out, many);
        }
    }

    private static void endless(OutputStream out) throws IOException {
        send(out, HEAD + "Transfer-Encoding: chunked\r\n\r\n");
        String line = "a{b=\"c\"} 1\n".repeat(1000);
        while (true) {
            send(out, Integer.toHexString(line.length()) + "\r\n" + line + "\r\n");
        }
    }

    private void hang() throws IOException {
        try {
            closing.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("closed on purpose");
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    @Test
    void saysWhatIsWrongWithEachAndLeavesTheGoodOneAlone() throws IOException {
        Map<String, String> errors = new HashMap<>();
        errors.put("/good", "");
        errors.put("/duplicates", "");
        errors.put("/long-number", "");
        errors.put("/endless", "body size limit exceeded: more than " + MAX_BODY_BYTES + " bytes");
        errors.put("/gzip-bomb", "body size limit exceeded: more than " + MAX_BODY_BYTES + " bytes");
        errors.put("/silent", "context deadline exceeded");
        errors.put("/slow-drip", "context deadline exceeded");
        errors.put("/cut-off", "Get \"");
        errors.put("/gzip-garbage", "gzip: invalid header");
        errors.put("/gzip-cut-off", "gzip: body is cut off");
        errors.put("/gzip-flipped", "gzip: invalid checksum");
        errors.put("/long-line", "line 1: expected a closing quote of the label value, found the end in \"...xxx");
        errors.put("/long-value", "line 1: value is out of range, found \"...999");
        errors.put("/invalid-utf8", "line 1: label value is not valid UTF-8");
        errors.put("/redirect", "stopped after 10 redirects");
        errors.put("/no-http", "Get \"");
        errors.put("/interim", "HTTP response header is too large");
        errors.put("/fields", "HTTP response header is too large");
        errors.put("/extension", "HTTP response header is too large");
        errors.put("/trailers", "HTTP response header is too large");
        errors.put("/tiny-chunks", "body size limit exceeded: more than " + MAX_BODY_BYTES + " bytes");
        errors.put("/nested-bomb", "line 1: ");
        errors.put("/continue", "");
        errors.put("/too-long", "");
        errors.put("/failing-endless", "server returned HTTP status 503 No");
        errors.put("/html", "received unsupported Content-Type \"text/html\"");
        errors.put("/missing", "server returned HTTP status 404 -");
        try (LoopbackServer server = LoopbackServer.start(this::answer)) {
            Map<String, String> found =
                    scrape(server.address(), List.copyOf(errors.keySet()), "http", INTERVAL, TIMEOUT);
            closing.countDown();
            errors.forEach((path, error) -> {
                String text = found.getOrDefault(path, "no such target");
                if (error.isEmpty()) {
                    assertThat(text).as(path).isEmpty();
                } else {
                    assertThat(text).as(path).contains(error).hasSizeLessThan(600);
                }
            });
        }
    }

    @Test
    void saysWhyThereIsNoConnection() throws IOException {
        String address;
        try (LoopbackServer server = LoopbackServer.start(this::answer)) {
            address = server.address();
        }
        assertThat(scrape(address, List.of("/good")))
                .containsEntry(
                        "/good",
                        "Get \"http://" + address + "/good\": dial tcp " + address + ": connect: connection refused");
        assertThat(scrape("no-such-host.invalid:80", List.of("/good")).get("/good"))
                .contains("no such host");
    }

    @Test
    void saysWhyTlsDoesNotFit(@TempDir Path directory) throws IOException {
        TestCertificate certificate = TestCertificate.make(directory, "hostile", "ip:127.0.0.1");
        try (LoopbackServer secured = LoopbackServer.startTls(certificate.context(), false, this::answer)) {
            assertThat(scrape(secured.address(), List.of("/good"), "https"))
                    .containsEntry(
                            "/good",
                            "Get \"https://" + secured.address()
                                    + "/good\": tls: failed to verify certificate: x509: certificate signed by"
                                    + " unknown authority");
            assertThat(scrape(secured.address(), List.of("/good"), "http").get("/good"))
                    .startsWith("Get \"http://" + secured.address() + "/good\": ");
        }
    }

    private static Map<String, String> scrape(String address, List<String> paths) {
        return scrape(address, paths, "http");
    }

    private static Map<String, String> scrape(String address, List<String> paths, String scheme) {
        return scrape(address, paths, scheme, SHORT_INTERVAL, SHORT_TIMEOUT);
    }

    /** The last error of each path after its second scrape. */
    private static Map<String, String> scrape(
            String address, List<String> paths, String scheme, Duration interval, Duration timeout) {
        List<StaticTargets> targets = new ArrayList<>();
        for (String path : paths) {
            targets.add(new StaticTargets(
                    List.of(address), Labels.of("instance", path, "__metrics_path__", path, "__scheme__", scheme)));
        }
        MemoryStorage storage = new MemoryStorage();
        ScrapeSettings settings = new ScrapeSettings(
                "hostile",
                42,
                MAX_BODY_BYTES,
                ScrapeSettings.TIMESTAMP_TOLERANCE_MS,
                false,
                UnaryOperator.identity(),
                false,
                false);
        try (SystemScheduler scheduler = new SystemScheduler("hostile");
                HttpLoop loop = new HttpLoop("hostile", scheduler);
                HttpFetchers client = new HttpFetchers(loop, Map.of());
                DiscoveryManager discovery =
                        new DiscoveryManager(scheduler, new StandardDiscoverers(scheduler, client, "test"));
                ScrapeManager manager = new ScrapeManager(storage, discovery, loop, client, settings)) {
            GlobalConfig global = new GlobalConfig(interval, timeout, interval, Labels.EMPTY);
            manager.apply(
                    List.of(ScrapeConfig.of("j", global).withDiscovery(new StaticDiscoveryConfig(targets))), global);
            await().atMost(Duration.ofSeconds(90))
                    .until(() ->
                            paths.stream().allMatch(path -> ups(storage, path).size() >= 2));
            Map<String, String> errors = new HashMap<>();
            for (TargetView target : manager.activeTargets()) {
                String path = target.labels().getOrEmpty("instance");
                errors.put(path, target.lastError());
                assertThat(ups(storage, path))
                        .as(path)
                        .containsOnly(target.lastError().isEmpty() ? "1" : "0");
            }
            return errors;
        }
    }

    private static List<String> ups(MemoryStorage storage, String path) {
        return storage.values(Labels.of("__name__", "up", "job", "j", "instance", path));
    }
}
