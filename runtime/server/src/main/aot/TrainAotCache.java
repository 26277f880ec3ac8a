// SPDX-License-Identifier: Apache-2.0
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Makes the AOT cache of the packaged server (JEP 483, 514, 515): runs the server on its own metrics for some seconds,
 * asks it what people ask, and has the JVM write down the classes it loaded and linked. The build runs this file as a
 * program after packaging. Nothing is done where the cache is newer than what it was made of.
 *
 * <p>Argument: the directory {@code quarkus-app}, with a copy of {@code java-options} in it.
 */
public final class TrainAotCache {
    private static final Duration READY_LIMIT = Duration.ofSeconds(120);
    private static final Duration TRAFFIC = Duration.ofSeconds(4);
    private static final Duration CREATE_LIMIT = Duration.ofMinutes(5);
    private static final String PORT = " port=";

    private static final List<String> REQUESTS = List.of(
            "/",
            "/metrics",
            "/api/v1/query?query=up",
            "/api/v1/query?query=sum%20by%20(handler)%20(rate(prometheus_http_requests_total%5B1m%5D))",
            "/api/v1/labels",
            "/api/v1/label/job/values",
            "/api/v1/series?match%5B%5D=up",
            "/api/v1/targets",
            "/api/v1/rules",
            "/api/v1/alerts",
            "/api/v1/status/config",
            "/api/v1/status/flags",
            "/api/v1/status/runtimeinfo",
            "/api/v1/status/buildinfo",
            "/api/v1/status/tsdb",
            "/api/v1/status/resources");

    /** Of the shop's metrics below, which lie in blocks. */
    private static final List<String> PAST_QUERIES = List.of(
            "shop_queue_depth{queue=\"q3\"}",
            "shop_queue_depth",
            "shop_requests_total[30m]",
            "sum by (handler, code) (rate(shop_requests_total[5m]))",
            "sum(rate(shop_requests_total{code=~\"5..\"}[5m])) / sum(rate(shop_requests_total[5m]))",
            "histogram_quantile(0.99, sum by (le, handler) (rate(shop_duration_seconds_bucket[5m])))",
            "topk(5, sum by (pod) (rate(shop_requests_total[5m])))",
            "sum by (pod) (shop_queue_depth{pod=~\"(api|web)-.*\", queue!~\"q[67]\"})",
            "sum by (node) (shop_queue_depth * on (pod) group_left (node) shop_pod_info)",
            "max_over_time(sum(rate(shop_requests_total[5m]))[1h:1m])",
            "quantile_over_time(0.95, shop_queue_depth[1h])",
            "avg_over_time(shop_queue_depth[10m])",
            "sum by (pod) (increase(shop_requests_total[6h]))",
            "count(predict_linear(shop_queue_depth[1h], 3600) < 10)",
            "sum(shop_queue_depth) / sum(shop_queue_depth offset 1h)",
            "sum by (queue) (changes(shop_queue_depth[1h]))",
            "count by (__name__) ({job=\"shop\"})",
            "count(shop_queue_depth unless on (pod) shop_pod_info)");

    private static final List<String> PAST_REQUESTS = List.of(
            "/api/v1/labels?",
            "/api/v1/label/pod/values?",
            "/api/v1/label/handler/values?match%5B%5D=shop_requests_total%7Bcode%3D%22500%22%7D&",
            "/api/v1/series?match%5B%5D=%7Bpod%3D%22api-1%22%7D&");

    private static final Duration PAST = Duration.ofHours(7);
    private static final Duration PAST_STEP = Duration.ofSeconds(30);

    /** What dashboards ask: each at a moment and over a range. What is profiled here need not be found out later. */
    private static final List<String> QUERIES = List.of(
            "up",
            "prometheus_http_requests_total",
            "prometheus_http_requests_total[1m]",
            "sum by (handler) (rate(prometheus_http_requests_total[1m]))",
            "sum(rate(prometheus_http_requests_total{code=~\"2..\"}[1m]))"
                    + " / sum(rate(prometheus_http_requests_total[1m]))",
            "histogram_quantile(0.9, sum by (le, handler) (rate(prometheus_http_request_duration_seconds_bucket[1m])))",
            "topk(3, sum by (handler) (increase(prometheus_http_requests_total[1m])))",
            "sum by (job) (prometheus_http_requests_total * on (instance, job) group_left (version) up)",
            "max_over_time(sum(rate(prometheus_http_requests_total[30s]))[1m:5s])",
            "quantile_over_time(0.9, up[1m]) + avg_over_time(up[1m]) - changes(up[1m])",
            "1 - avg by (instance) (rate(process_cpu_seconds_total[1m]))",
            "predict_linear(process_resident_memory_bytes[1m], 3600) < 1e12",
            "sum by (page) (label_replace(prometheus_http_requests_total,"
                    + " \"page\", \"$1\", \"handler\", \"/api/(.*)\"))",
            "count by (__name__) ({job=\"narthex\"})",
            "up unless on (job) prometheus_http_requests_total",
            "absent(no_such_metric)");

    private static final String PROMETHEUS =
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: [rules.yml]
            scrape_configs:
            - job_name: narthex
              static_configs: [{targets: ['127.0.0.1:%1$d']}]
            - job_name: exporter
              scrape_interval: 5ms
              static_configs: [{targets: ['127.0.0.1:%2$d'], labels: {n: a}},
                {targets: ['127.0.0.1:%2$d'], labels: {n: b}},
                {targets: ['127.0.0.1:%2$d'], labels: {n: c}}, {targets: ['127.0.0.1:%2$d'], labels: {n: d}}]
            """;

    /** Lines that the exporter shows: so many that reading and storing them is compiled, and that by a good profile. */
    private static final int LINES = 200;

    private static final String RULES =
            """
            groups:
            - name: training
              rules:
              - record: job:up:sum
                expr: sum by (job) (up)
              - alert: Up
                expr: up == 1
                labels: {severity: page}
                annotations: {summary: '{{ $labels.instance }} is up: {{ $value }}'}
            """;

    private static final String ALERTMANAGER =
            """
            route: {receiver: hook, group_by: [alertname], group_wait: 1s}
            receivers:
            - name: hook
              webhook_configs: [{url: 'http://127.0.0.1:%d/-/reload'}]
            """;

    private TrainAotCache() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path app = Path.of(arguments[0]).toAbsolutePath();
        Path cache = app.resolve("narthex.aot");
        if (Files.exists(cache) && newest(app, cache).isBefore(Files.getLastModifiedTime(cache).toInstant())) {
            return;
        }
        Path work = Files.createTempDirectory("narthex-aot");
        try {
            Path recording = work.resolve("recording");
            makeBlocks(app, work);
            record(app, work, recording);
            Path fresh = app.resolve("narthex.aot.new");
            List<String> create = java(app, List.of(
                    "-XX:AOTMode=create", "-XX:AOTConfiguration=" + recording, "-XX:AOTCache=" + fresh));
            run(create, work.resolve("create.log"));
            Files.move(fresh, cache, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            delete(work);
        }
    }

    private static Instant newest(Path app, Path cache) throws IOException {
        Instant newest = Instant.MIN;
        try (Stream<Path> files = Files.walk(app)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Instant modified = Files.getLastModifiedTime(file).toInstant();
                if (!file.equals(cache) && modified.isAfter(newest)) {
                    newest = modified;
                }
            }
        }
        return newest;
    }

    private static List<String> java(Path app, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + app.resolve("java-options"));
        command.addAll(options);
        command.add("-jar");
        command.add(app.resolve("quarkus-run.jar").toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static void run(List<String> command, Path log) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(CREATE_LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("AOT cache not made:\n" + Files.readString(log));
        }
    }

    /** Some hours of a shop's past: most of what dashboards show lies in blocks. */
    private static void makeBlocks(Path app, Path work) throws IOException, InterruptedException {
        Path past = work.resolve("past.txt");
        long end = Instant.now().getEpochSecond();
        try (BufferedWriter out = Files.newBufferedWriter(past)) {
            for (String family : List.of("counter shop_requests", "gauge shop_queue_depth", "histogram shop_duration_seconds",
                    "gauge shop_pod_info")) {
                String[] words = family.split(" ");
                out.write("# TYPE " + words[1] + " " + words[0] + "\n");
                for (int pod = 0; pod < 8; pod++) {
                    writePod(out, words[1], (pod % 2 == 0 ? "api-" : "web-") + pod, pod, end);
                }
            }
            out.write("# EOF\n");
        }
        run(
                java(app, List.of(), "tsdb", "create-blocks-from", "openmetrics", past.toString(),
                        work.resolve("data").toString()),
                work.resolve("blocks.log"));
    }

    private static void writePod(BufferedWriter out, String name, String pod, int index, long end) throws IOException {
        List<String> series = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String labels = "{job=\"shop\",pod=\"" + pod + "\",handler=\"/api/v" + i % 4 + "\",";
            switch (name) {
                case "shop_requests" -> series.add("shop_requests_total" + labels + "code=\"" + (i < 4 ? 200 : 500) + "\"}");
                case "shop_queue_depth" ->
                    series.add("shop_queue_depth{job=\"shop\",pod=\"" + pod + "\",queue=\"q" + i + "\"}");
                case "shop_pod_info" -> {
                    if (i == 0) {
                        series.add("shop_pod_info{job=\"shop\",pod=\"" + pod + "\",node=\"node-" + index % 3 + "\"}");
                    }
                }
                default -> series.add(
                        "shop_duration_seconds_bucket" + "{job=\"shop\",pod=\"" + pod + "\",handler=\"/api\",le=\""
                                + (i == 7 ? "+Inf" : Double.toString(0.1 * (1 << i))) + "\"}");
            }
        }
        // A family's samples may come series by series.
        for (int i = 0; i < series.size(); i++) {
            long step = 0;
            for (long t = end - PAST.toSeconds(); t <= end; t += PAST_STEP.toSeconds()) {
                long value = name.equals("shop_queue_depth") ? Math.floorMod(t * 31 + i, 97) : step * (i + 1) * (index + 1);
                out.write(series.get(i) + " " + (name.equals("shop_pod_info") ? 1 : value) + " " + t + "\n");
                step++;
            }
        }
    }

    private static void record(Path app, Path work, Path recording) throws IOException, InterruptedException {
        HttpServer exporter = exporter();
        int exporterPort = exporter.getAddress().getPort();
        Path prometheus = work.resolve("prometheus.yml");
        Path alertmanager = work.resolve("alertmanager.yml");
        Files.writeString(work.resolve("rules.yml"), RULES);
        // Its own port is known once it listens: the configuration names it after a reload.
        Files.writeString(prometheus, PROMETHEUS.formatted(9, 9));
        Files.writeString(alertmanager, ALERTMANAGER.formatted(9));
        Process server = new ProcessBuilder(java(
                        app,
                        List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + recording),
                        "run",
                        "--config.file=" + prometheus,
                        "--alertmanager.config.file=" + alertmanager,
                        "--storage.tsdb.path=" + work.resolve("data"),
                        "--web.listen-address=127.0.0.1:0",
                        "--web.enable-lifecycle"))
                .redirectErrorStream(true)
                .start();
        // Not closed here: that would wait for the thread that reads it, and so for the end of the server.
        BufferedReader log = server.inputReader(StandardCharsets.UTF_8);
        try {
            int port = port(log);
            Thread.ofVirtual().start(() -> drain(log));
            URI base = URI.create("http://127.0.0.1:" + port);
            Files.writeString(prometheus, PROMETHEUS.formatted(port, exporterPort));
            Files.writeString(alertmanager, ALERTMANAGER.formatted(port));
            traffic(base);
        } finally {
            server.destroy();
            if (!server.waitFor(60, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
            exporter.stop(0);
        }
        if (server.exitValue() != 0 || !Files.exists(recording)) {
            throw new IOException("AOT training: the server ended with " + server.exitValue());
        }
    }

    /** A target with series as targets have them: counters of which few move, gauges, histograms, whole and broken numbers. */
    private static HttpServer exporter() throws IOException {
        HttpServer exporter = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicInteger scrapes = new AtomicInteger();
        exporter.createContext("/", exchange -> {
            byte[] body = exposition(scrapes.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        exporter.start();
        return exporter;
    }

    private static String exposition(int scrape) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            switch (i % 4) {
                case 0 -> {
                    text.append("# HELP training_total_").append(i).append(" Counts.\n# TYPE training_total_").append(i);
                    text.append(" counter\ntraining_total_").append(i).append("{method=\"GET\",path=\"/a/").append(i);
                    text.append("\"} ").append((long) scrape * (i % 7)).append('\n');
                }
                case 1 -> {
                    text.append("training_gauge{zone=\"z\",pod=\"p-").append(i).append("\"} ");
                    text.append((scrape * 31 + i) % 1000 / 8.0).append('\n');
                }
                case 2 -> {
                    text.append("training_seconds_bucket{le=\"").append(i / 10.0).append("\"} ");
                    text.append(i + scrape / 3).append('\n');
                }
                default -> text.append("training_ratio{pod=\"p-").append(i).append("\"} ")
                        .append(Math.sin(scrape + i))
                        .append('\n');
            }
        }
        return text.toString();
    }

    /** Reads the rest of the log, so that the server never waits for somebody to do so. */
    private static void drain(BufferedReader log) {
        try {
            while (log.readLine() != null) {
                // Nobody needs it.
            }
        } catch (IOException e) {
            // The server has ended.
        }
    }

    private static int port(BufferedReader log) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            int at = line.indexOf(PORT);
            if (at >= 0) {
                return Integer.parseInt(line.substring(at + PORT.length()).strip());
            }
            seen.append(line).append('\n');
        }
        throw new IOException("AOT training: the server did not listen:\n" + seen);
    }

    private static void traffic(URI base) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            Instant limit = Instant.now().plus(READY_LIMIT);
            while (get(client, base.resolve("/-/ready")) != 200) {
                if (Instant.now().isAfter(limit)) {
                    throw new IOException("AOT training: the server was not ready in " + READY_LIMIT);
                }
                Thread.sleep(50);
            }
            HttpRequest reload = HttpRequest.newBuilder(base.resolve("/-/reload"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            client.send(reload, HttpResponse.BodyHandlers.discarding());
            Instant end = Instant.now().plus(TRAFFIC);
            while (Instant.now().isBefore(end)) {
                for (String path : REQUESTS) {
                    get(client, base.resolve(path));
                }
                for (String query : QUERIES) {
                    ask(client, base, query, Duration.ofMinutes(5), 5);
                }
                for (String query : PAST_QUERIES) {
                    ask(client, base, query, Duration.ofHours(1), 15);
                    ask(client, base, query, Duration.ofHours(6), 300);
                }
                long now = Instant.now().getEpochSecond();
                for (String path : PAST_REQUESTS) {
                    get(client, base.resolve(path + "start=" + (now - PAST.toSeconds()) + "&end=" + now));
                }
                Thread.sleep(100);
            }
        }
    }

    private static void ask(HttpClient client, URI base, String query, Duration span, int step)
            throws IOException, InterruptedException {
        String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
        long now = Instant.now().getEpochSecond();
        get(client, base.resolve("/api/v1/query?query=" + encoded));
        String range = "&start=" + (now - span.toSeconds()) + "&end=" + now + "&step=" + step;
        get(client, base.resolve("/api/v1/query_range?query=" + encoded + range));
    }

    private static int get(HttpClient client, URI uri) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(uri).header("Accept-Encoding", "gzip").build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
