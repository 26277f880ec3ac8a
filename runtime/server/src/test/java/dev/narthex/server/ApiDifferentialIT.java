// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.testkit.http.LoopbackServer;
import dev.narthex.testkit.peers.PeerProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus and we answer the same requests about the same data: a log that our server wrote is opened by both,
 * and status, Content-Type and JSON of each answer are compared.
 */
class ApiDifferentialIT {
    private static final String EXPOSITION = """
            # TYPE shop_requests_total counter
            shop_requests_total{code="200",path="/"} 100
            shop_requests_total{code="500",path="/<cart>&\\"x\\""} 3
            # TYPE shop_temperature gauge
            shop_temperature{zone="é\\n"} -1.5e-7
            shop_temperature{zone="inf"} +Inf
            shop_temperature{zone="nan"} NaN
            shop_temperature{zone="big"} 1e21
            # TYPE shop_seconds histogram
            shop_seconds_bucket{le="0.1"} 1
            shop_seconds_bucket{le="+Inf"} 4
            shop_seconds_sum 7.5
            shop_seconds_count 4
            """;

    /** {@code T} stands for a time within the data, in seconds. */
    private static final List<String> REQUESTS = List.of(
            "/api/v1/query?time=T&query=up",
            "/api/v1/query?time=T&query=shop_temperature",
            "/api/v1/query?time=T.5&query=shop_requests_total",
            "/api/v1/query?time=T&query=shop_requests_total[5s]",
            "/api/v1/query?time=T&query=1",
            "/api/v1/query?time=T.25&query=1e300*1e300",
            "/api/v1/query?time=T&query=\"<&>\"",
            "/api/v1/query?time=T&query=sum by (code) (shop_requests_total)",
            "/api/v1/query?time=T&query=rate(shop_requests_total[5s])",
            "/api/v1/query?time=T&query=rate(shop_temperature[5s])",
            "/api/v1/query?time=T&query=histogram_quantile(0.9, shop_seconds_bucket)",
            "/api/v1/query?time=T&query=nope",
            "/api/v1/query?time=T&query=shop_requests_total&limit=1",
            "/api/v1/query?time=T&query=label_replace(up,\"x\",\"<&>é\\t\",\"\",\"\")",
            "/api/v1/query?time=T&query=label_replace(up,\"a\",\"b\",\"c\",\"(\")",
            "/api/v1/query?time=T&query=up * on(job) group_right shop_requests_total",
            "/api/v1/query?time=T&query=up * on(job) shop_temperature{zone=\"big\"}",
            "/api/v1/query?time=T&query=shop_temperature + shop_temperature[5m]",
            "/api/v1/query?query=",
            "/api/v1/query?query=up{",
            "/api/v1/query?query=sum(up",
            "/api/v1/query?query=foo(up)",
            "/api/v1/query?query=up&time=x",
            "/api/v1/query?query=up&timeout=x",
            "/api/v1/query?query=up&limit=x",
            "/api/v1/query?query=up&limit=-1",
            "/api/v1/query?query=up&lookback_delta=x",
            "/api/v1/query_range?start=T&end=T&step=1&query=up",
            "/api/v1/query_range?start=T.25&end=T.75&step=0.25&query=shop_requests_total",
            "/api/v1/query_range?start=T&end=T&step=1&query=time()",
            "/api/v1/query_range?start=T&end=T&step=15s&query=nope",
            "/api/v1/query_range?query=up",
            "/api/v1/query_range?query=up&start=1",
            "/api/v1/query_range?query=up&start=1&end=2",
            "/api/v1/query_range?query=up&start=3&end=2&step=1",
            "/api/v1/query_range?query=up&start=1&end=2&step=0",
            "/api/v1/query_range?query=up&start=1&end=2&step=-1",
            "/api/v1/query_range?query=up&start=1&end=2000000&step=1",
            "/api/v1/query_range?query=up[1m]&start=1&end=2&step=1",
            "/api/v1/query_range?query=\"a\"&start=1&end=2&step=1",
            "/api/v1/series",
            "/api/v1/series?match[]=up",
            "/api/v1/series?match[]=up&match[]={job=\"shop\"}",
            "/api/v1/series?match[]={__name__=~\"shop_.*\"}&limit=2",
            "/api/v1/series?match[]=nope",
            "/api/v1/series?match[]=",
            "/api/v1/series?match[]={",
            "/api/v1/series?match[]={x=\"\"}",
            "/api/v1/series?match[]=up&start=x",
            "/api/v1/series?match[]=up&end=x",
            "/api/v1/series?match[]=up&limit=x",
            "/api/v1/labels",
            "/api/v1/labels?limit=2",
            "/api/v1/labels?match[]=up",
            "/api/v1/labels?match[]=up&match[]=shop_seconds_sum",
            "/api/v1/labels?match[]={",
            "/api/v1/labels?match[]={x=\"\"}",
            "/api/v1/label/job/values?match[]=",
            "/api/v1/label/job/values?start=x",
            "/api/v1/status/tsdb?limit=x",
            "/api/v1/status/tsdb?limit=0",
            "/api/v1/label/job/values",
            "/api/v1/label/zone/values",
            "/api/v1/label/__name__/values?limit=100",
            "/api/v1/label/code/values?match[]=shop_requests_total{code!=\"200\"}",
            "/api/v1/label/U__zone/values",
            "/api/v1/label/U__/values",
            "/api/v1/label/nope/values",
            "/api/v1/targets",
            "/api/v1/targets?state=active",
            "/api/v1/targets?state=x",
            "/api/v1/scrape_pools",
            "/api/v1/alertmanagers",
            "/api/v1/alerts",
            "/api/v1/rules",
            "/api/v1/rules?type=x",
            "/api/v1/rules?exclude_alerts=x",
            "/api/v1/rules?group_limit=0",
            "/api/v1/rules?group_next_token=x",
            "/api/v1/nope",
            "/nope",
            "/-/healthy",
            "/-/ready",
            "/-/reload");

    @TempDir
    Path directory;

    private static String encoded(String request, long second) {
        int question = request.indexOf('?');
        if (question < 0) {
            return request;
        }
        StringBuilder encoded = new StringBuilder(request.substring(0, question));
        char separator = '?';
        for (String pair : request.substring(question + 1).split("&(?=[a-z_\\[\\]]+=)", -1)) {
            int equals = pair.indexOf('=');
            String value = pair.substring(equals + 1);
            boolean isTime = value.equals("T") || value.startsWith("T.");
            encoded.append(separator)
                    .append(URLEncoder.encode(pair.substring(0, equals), StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(isTime ? second + value.substring(1) : value, StandardCharsets.UTF_8));
            separator = '&';
        }
        return encoded.toString();
    }

    private Path directory(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    private ServerProcess narthex(Path place, String scrapeConfigs) throws IOException {
        Files.writeString(place.resolve("prometheus.yml"), "global: {scrape_interval: 1s}\n" + scrapeConfigs);
        return ServerProcess.start(
                place,
                ServerProcess.freePort(),
                "run",
                "--config.file=" + place.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + place.resolve("data"));
    }

    /** Lets a server of ours scrape for some seconds; the second in the middle of its data. */
    private long writeData(Path place) throws Exception {
        try (LoopbackServer shop = LoopbackServer.start((_, out) -> LoopbackServer.respond(
                        out, "text/plain; version=0.0.4", EXPOSITION.getBytes(StandardCharsets.UTF_8)));
                ServerProcess server = narthex(
                        place,
                        "scrape_configs: [{job_name: shop, static_configs: [{targets: ['" + shop.address()
                                + "']}]}]\n")) {
            await().atMost(ServerProcess.LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> "6".equals(server.value("count_over_time(up[1m])")));
            long newest = (long) Double.parseDouble(String.valueOf(server.value("timestamp(up)")));
            assertThat(server.terminate()).isZero();
            return newest - 1;
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file :
                    files.filter(path -> !path.toString().endsWith("lock")).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    @Test
    void answersAsPrometheusDoes() throws Exception {
        Path ours = directory("ours");
        long second = writeData(ours);
        Path theirs = directory("theirs");
        copy(ours.resolve("data"), theirs.resolve("data"));
        try (PeerProcess prometheus = PeerProcess.prometheus("global: {scrape_interval: 1s}\n", theirs);
                ServerProcess narthex = narthex(ours, "")) {
            List<String> differences = new ArrayList<>();
            for (String request : REQUESTS) {
                String path = encoded(request, second);
                HttpResponse<String> expected = prometheus.get(path);
                HttpResponse<String> actual = narthex.get(path);
                if (!describe(actual).equals(describe(expected))) {
                    differences.add(request + "\n  theirs " + describe(expected) + "\n  ours   " + describe(actual));
                }
            }
            assertThat(differences).isEmpty();
        }
    }

    /** Status, Content-Type and body; JSON in a form in which the order of members has no part. */
    private static List<String> describe(HttpResponse<String> response) {
        List<String> parts = new ArrayList<>();
        parts.add(Integer.toString(response.statusCode()));
        parts.add(response.headers().firstValue("Content-Type").orElse(""));
        String body = response.body();
        parts.add(body.startsWith("{") ? new JsonObject(new TreeMap<>(new JsonObject(body).getMap())).encode() : body);
        return parts;
    }
}
