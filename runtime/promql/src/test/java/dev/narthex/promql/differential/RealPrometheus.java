// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.narthex.model.FloatSample;
import dev.narthex.model.GoFloat;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.Sample;
import dev.narthex.model.StalenessMarker;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.promqltest.MemoryStorage;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.value.QueryException;
import dev.narthex.storage.Queryable;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A real Prometheus that holds the same samples as a storage in memory. */
public final class RealPrometheus implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Queries take milliseconds, but for a few that never end, and that no time limit of its own stops. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PeerProcess process;
    private final Path directory;
    private final HttpClient http = HttpClient.newHttpClient();

    private RealPrometheus(PeerProcess process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /**
     * Starts one of version 3.15, or of the packages where there is none; skips the calling test without any.
     *
     * @param directory an existing one for its data
     */
    public static RealPrometheus start(Path directory, Set<PromqlFeature> features) throws IOException {
        PeerProcess process = PeerProcess.prometheus(
                Peers.newestPrometheus().orElseGet(Peers::prometheus),
                "global: {evaluation_interval: 1m}\n",
                directory,
                "--web.enable-remote-write-receiver",
                "--web.enable-admin-api",
                "--storage.tsdb.retention.time=100y",
                "--enable-feature=native-histograms,"
                        + features.stream().map(PromqlFeature::flag).collect(Collectors.joining(",")));
        return new RealPrometheus(process, directory);
    }

    /** Its version, empty where it was built without one. */
    public String version() throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(process.uri().resolve("/api/v1/status/buildinfo"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(response.body()).path("data").path("version").asText();
    }

    /** Takes the samples; returns the directory of a {@link #snapshot} of them. */
    Path load(MemoryStorage storage) throws IOException, InterruptedException {
        send(beginnings(storage));
        write(storage);
        return snapshot();
    }

    /** Takes the samples, and nothing beside them. */
    public void write(MemoryStorage storage) throws IOException, InterruptedException {
        for (Piece piece : Piece.of(storage)) {
            RemoteWriteBody body = new RemoteWriteBody();
            piece.series().forEach(body::add);
            send(body);
        }
    }

    /**
     * A staleness marker for each series before all samples: its database has series in the order in which they came, and
     * where results depend on it, this has to be the order of ours, which is that of their labels.
     */
    private static RemoteWriteBody beginnings(MemoryStorage storage) {
        long firstMs = storage.series().values().stream()
                .filter(samples -> !samples.isEmpty())
                .mapToLong(NavigableMap::firstKey)
                .min()
                .orElse(0);
        RemoteWriteBody body = new RemoteWriteBody();
        NavigableMap<Long, Sample> beginning = new TreeMap<>();
        beginning.put(firstMs - 1, new FloatSample(firstMs - 1, StalenessMarker.VALUE));
        storage.series().keySet().stream().sorted().forEach(labels -> body.add(labels, beginning));
        return body;
    }

    /**
     * A directory with blocks of all samples as they lie in its chunks: what is known of counter resets, and which empty
     * buckets a histogram has, depends on where chunks begin.
     */
    private Path snapshot() throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(process.uri().resolve("/api/v1/admin/tsdb/snapshot"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        String name = JSON.readTree(response.body()).path("data").path("name").asText();
        if (name.isEmpty()) {
            throw new IOException("snapshot: " + response.statusCode() + " " + response.body());
        }
        return directory.resolve("data").resolve("snapshots").resolve(name);
    }

    private void send(RemoteWriteBody body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(process.uri().resolve("/api/v1/write"))
                .header("Content-Encoding", "snappy")
                .header("Content-Type", "application/x-protobuf")
                .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toSnappy()))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException("remote write: " + response.statusCode() + " " + response.body());
        }
    }

    Answer instant(String query, long timestampMs) throws IOException, InterruptedException {
        return answer(ask(query, timestampMs, timestampMs, 0));
    }

    Answer range(String query, long startMs, long endMs, long stepMs) throws IOException, InterruptedException {
        return answer(ask(query, startMs, endMs, stepMs));
    }

    /** What {@code stats=all} says of samples, {@code name -> figure} or {@code name -> step -> figure}. */
    JsonNode statistics(String query, long startMs, long endMs, long stepMs) throws IOException, InterruptedException {
        String path = stepMs == 0
                ? "/api/v1/query?time=" + seconds(startMs)
                : "/api/v1/query_range?start=" + seconds(startMs) + "&end=" + seconds(endMs) + "&step="
                        + seconds(stepMs);
        URI uri = URI.create(process.uri() + path + "&stats=all&query=" + encode(query));
        HttpResponse<String> response =
                http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(response.body()).path("data").path("stats").path("samples");
    }

    /**
     * The document of the HTTP API that answers a query.
     *
     * @param stepMs 0 for an instant query at {@code startMs}
     */
    public JsonNode ask(String query, long startMs, long endMs, long stepMs) throws IOException, InterruptedException {
        return document(
                stepMs == 0
                        ? "/api/v1/query?query=" + encode(query) + "&time=" + seconds(startMs)
                        : "/api/v1/query_range?query=" + encode(query) + "&start=" + seconds(startMs) + "&end="
                                + seconds(endMs) + "&step=" + seconds(stepMs));
    }

    /**
     * In what the answer of an engine differs from the one here, in values, labels, errors and annotations; empty where it
     * does not.
     *
     * @param stepMs 0 for an instant query at {@code startMs}
     */
    public Optional<String> difference(
            PromqlEngine engine, Queryable storage, String query, long startMs, long endMs, long stepMs)
            throws IOException, InterruptedException {
        JsonNode right = ask(query, startMs, endMs, stepMs);
        if (right.path("data").path("resultType").asText().equals("string")) {
            return Optional.empty();
        }
        Answer ours;
        try {
            ours = Answer.of(
                    stepMs == 0
                            ? engine.instant(storage, query, startMs)
                            : engine.range(storage, query, startMs, endMs, stepMs));
        } catch (PromqlParseException | QueryException e) {
            ours = Answer.failed(String.valueOf(e.getMessage()));
        }
        return ours.differenceFrom(answer(right), stepMs == 0 && query.startsWith("sort"), true);
    }

    private JsonNode document(String path) throws IOException, InterruptedException {
        URI uri = URI.create(process.uri() + path);
        HttpResponse<String> response =
                http.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(response.body());
    }

    private static Answer answer(JsonNode root) {
        if (!root.path("status").asText().equals("success")) {
            return Answer.failed(root.path("error").asText());
        }
        JsonNode data = root.path("data");
        String type = data.path("resultType").asText();
        Map<Labels, NavigableMap<Long, Double>> series = new TreeMap<>();
        List<Double> order = new ArrayList<>();
        if (type.equals("scalar")) {
            point(series, Labels.EMPTY, data.path("result"));
        }
        for (JsonNode one : data.path("result")) {
            Labels labels = labels(one.path("metric"));
            if (one.has("value")) {
                order.add(GoFloat.parse(one.path("value").path(1).asText()));
                point(series, labels, one.path("value"));
            }
            one.path("values").forEach(point -> point(series, labels, point));
            if (one.has("histogram")) {
                order.add(Double.NaN);
                histogram(series, labels, one.path("histogram"));
            }
            one.path("histograms").forEach(point -> histogram(series, labels, point));
        }
        Set<String> annotations = new TreeSet<>();
        root.path("warnings").forEach(text -> annotations.add(text.asText()));
        root.path("infos").forEach(text -> annotations.add(text.asText()));
        return new Answer("", type, series, order, annotations);
    }

    private static void point(Map<Labels, NavigableMap<Long, Double>> series, Labels labels, JsonNode point) {
        Answer.point(
                series,
                labels,
                Math.round(point.path(0).asDouble() * 1000),
                GoFloat.parse(point.path(1).asText()));
    }

    private static void histogram(Map<Labels, NavigableMap<Long, Double>> series, Labels labels, JsonNode point) {
        JsonNode histogram = point.path(1);
        Map<String, Double> buckets = new TreeMap<>();
        for (JsonNode bucket : histogram.path("buckets")) {
            buckets.put(
                    Answer.bucket(
                            bucket.path(0).asInt(),
                            bucket.path(1).asText(),
                            bucket.path(2).asText()),
                    GoFloat.parse(bucket.path(3).asText()));
        }
        Answer.histogram(
                series,
                labels,
                Math.round(point.path(0).asDouble() * 1000),
                GoFloat.parse(histogram.path("count").asText()),
                GoFloat.parse(histogram.path("sum").asText()),
                buckets);
    }

    private static Labels labels(JsonNode metric) {
        LabelsBuilder labels = Labels.builder();
        metric.propertyStream()
                .forEach(label -> labels.set(label.getKey(), label.getValue().asText()));
        return labels.build();
    }

    private static String encode(String query) {
        return URLEncoder.encode(query, StandardCharsets.UTF_8);
    }

    private static String seconds(long ms) {
        return GoFloat.fixed(ms / 1000.0);
    }

    @Override
    public void close() {
        http.close();
        process.close();
    }
}
