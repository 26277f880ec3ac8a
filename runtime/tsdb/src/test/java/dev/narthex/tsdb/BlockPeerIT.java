// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.StalenessMarker;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks go to a real Prometheus and its promtool, and come from them. */
class BlockPeerIT {
    private static final String IDLE = "global: {scrape_interval: 1h}\n";

    /** What the newest Prometheus wants to be told to scrape native histograms with their start timestamps. */
    private static final String NATIVE = "  scrape_protocols: [PrometheusProto]\n  scrape_native_histograms: true\n";

    private final SystemScheduler scheduler = new SystemScheduler("test");
    private final long nowMs = scheduler.clock().millis();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        scheduler.close();
    }

    private TsdbConfig config(Path data) {
        return TsdbConfig.defaults(data, new LocalFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE));
    }

    /** Fourteen hours of samples, of which all but the last hours come to blocks, some of them merged. */
    private Tsdb withBlocks() throws IOException {
        Tsdb tsdb = Tsdb.open(config(directory.resolve("data")));
        for (int i = 14 * 60; i >= 0; i--) {
            try (Appender appender = tsdb.appender()) {
                for (int s = 0; s < 12; s++) {
                    Labels labels =
                            Labels.of("__name__", "m" + s % 3, "s", "ü" + s, "gone", i > 300 && s > 8 ? "1" : "");
                    appender.append(appender.series(labels), nowMs - 60_000L * i, i * 7 % 100 + s);
                }
                appender.commit();
            }
            if (i % 60 == 0) {
                tsdb.maintain();
            }
        }
        tsdb.maintain();
        assertThat(tsdb.stats().blocks().cuts()).isGreaterThan(4);
        assertThat(tsdb.stats().blocks().compactions()).isPositive();
        assertThat(tsdb.stats().blocks().failedCompactions()).isZero();
        return tsdb;
    }

    @Test
    void prometheusReadsOurBlocksAsWeDo() throws IOException {
        Map<Labels, List<String>> ours;
        try (Tsdb tsdb = withBlocks()) {
            long hour = Duration.ofHours(1).toMillis();
            tsdb.delete(nowMs - 10 * hour, nowMs - 9 * hour, List.of(LabelMatcher.equal("__name__", "m1")));
            tsdb.delete(nowMs - hour / 2, nowMs, List.of(LabelMatcher.equal("s", "ü2")));
            ours = read(tsdb);
        }
        try (PeerProcess prometheus = PeerProcess.prometheus(IDLE, directory)) {
            assertThat(answer(prometheus)).isEqualTo(ours);
            assertThat(prometheus.log()).doesNotContain("level=ERROR").doesNotContain("corrupt");
        }
    }

    @Test
    void promtoolIsContentWithOurBlocks() throws IOException, InterruptedException {
        int blocks;
        List<String> ours = new ArrayList<>();
        try (Tsdb tsdb = withBlocks()) {
            blocks = tsdb.blocks().size();
            read(tsdb).forEach((labels, samples) -> {
                for (String sample : samples) {
                    String[] parts = sample.split(" ", 2);
                    ours.add(labels + " " + (long) Double.parseDouble(parts[1]) + " " + parts[0]);
                }
            });
        }
        String data = directory.resolve("data").toString();
        assertThat(promtool("tsdb", "list", data)).hasSize(blocks + 1);
        assertThat(promtool("tsdb", "analyze", data)).anyMatch(line -> line.startsWith("Total Series:"));
        assertThat(promtool("tsdb", "dump", data)).containsExactlyInAnyOrderElementsOf(ours);
    }

    @Test
    void weReadTheBlocksOfPromtoolSampleForSample() throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder("# TYPE m gauge\n");
        Map<Labels, List<String>> expected = new TreeMap<>();
        for (int s = 0; s < 5; s++) {
            List<String> samples = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                long t = nowMs / 1000 - 60L * (400 - i);
                double value = i % 17 == 0 ? Double.POSITIVE_INFINITY : i / 8.0;
                text.append("m{s=\"" + s + "\"} ")
                        .append(Double.isInfinite(value) ? "+Inf" : Double.toString(value))
                        .append(" " + t + "\n");
                samples.add(t * 1000 + " " + value);
            }
            expected.put(Labels.of("__name__", "m", "s", Integer.toString(s)), samples);
        }
        Path input = directory.resolve("in.om");
        Files.writeString(input, text.append("# EOF\n"));
        Path data = directory.resolve("data");
        promtool("tsdb", "create-blocks-from", "openmetrics", input.toString(), data.toString());
        try (Tsdb tsdb = Tsdb.open(config(data))) {
            assertThat(tsdb.blocks()).hasSizeGreaterThan(3);
            assertThat(read(tsdb)).isEqualTo(expected);
        }
    }

    @Test
    void weReadASnapshotOfPrometheusAndItOneOfOurs() throws IOException, InterruptedException {
        exchangeSnapshots(Peers.prometheus());
    }

    @Test
    void weReadChunksWithStartTimestampsOfTheNewestPrometheus() throws IOException, InterruptedException {
        Optional<Path> built = Peers.newestPrometheus();
        Assumptions.assumeTrue(built.isPresent(), "no newest Prometheus here; e2e/peers --newest builds one");
        exchangeSnapshots(built.orElseThrow(), "--enable-feature=xor2-encoding,st-storage,histograms-st-encoding");
    }

    private void exchangeSnapshots(Path program, String... flags) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(flags));
        all.add("--web.enable-admin-api");
        Map<Labels, List<String>> theirs;
        Path snapshot;
        try (PeerProcess prometheus = PeerProcess.prometheus(program, IDLE, directory, all.toArray(String[]::new))) {
            String address = prometheus.uri().getAuthority();
            Files.writeString(
                    directory.resolve("prometheus.yml"),
                    "global: {scrape_interval: 100ms, scrape_timeout: 100ms}\nscrape_configs:\n- job_name: self\n"
                            + (flags.length > 0 ? NATIVE : "")
                            + "  static_configs: [{targets: ['" + address + "']}]\n");
            prometheus.reload();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> answer(prometheus).size() > 100);
            Files.writeString(directory.resolve("prometheus.yml"), IDLE);
            prometheus.reload();
            theirs = answer(prometheus);
            URI uri =
                    URI.create(prometheus.uri() + "/api/v1/admin/tsdb/snapshot").normalize();
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpResponse<String> made = client.send(
                        HttpRequest.newBuilder(uri)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                String name = new ObjectMapper()
                        .readTree(made.body())
                        .path("data")
                        .path("name")
                        .asText();
                snapshot = directory.resolve("data/snapshots").resolve(name);
            }
        }
        Map<Labels, List<String>> ours;
        Path other = directory.resolve("other");
        try (Tsdb tsdb = Tsdb.open(config(snapshot))) {
            ours = read(tsdb);
            theirs.forEach((labels, samples) ->
                    assertThat(ours.get(labels)).as("%s", labels).startsWith(samples.toArray(String[]::new)));
            assertThat(startTimestamps(tsdb) > 0).isEqualTo(flags.length > 0);
            tsdb.snapshot(other.resolve("data"), false);
        }
        try (PeerProcess prometheus = PeerProcess.prometheus(program, IDLE, other)) {
            assertThat(answer(prometheus)).isEqualTo(ours);
        }
    }

    private List<String> promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Peers.promtool().toString());
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(directory, "promtool", ".out");
        Path err = Files.createTempFile(directory, "promtool", ".err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(err)).isZero();
        return Files.readAllLines(out);
    }

    /** The floats that we have, staleness markers left out, since no query shows them. */
    private static Map<Labels, List<String>> read(Tsdb tsdb) {
        Map<Labels, List<String>> found = new TreeMap<>();
        EverySeries.read(tsdb, (labels, buffer) -> {
            List<String> samples = new ArrayList<>();
            for (int i = 0; i < buffer.size(); i++) {
                if (buffer.histogram(i) == null && !StalenessMarker.is(buffer.value(i))) {
                    samples.add(buffer.timestampMs(i) + " " + buffer.value(i));
                }
            }
            if (!samples.isEmpty()) {
                found.put(labels, samples);
            }
        });
        return found;
    }

    /** How many samples have a start timestamp. */
    private static int startTimestamps(Tsdb tsdb) {
        AtomicInteger found = new AtomicInteger();
        EverySeries.read(tsdb, (_, buffer) -> {
            for (int i = 0; i < buffer.size(); i++) {
                found.addAndGet(buffer.startTimestampMs(i) == 0 ? 0 : 1);
            }
        });
        return found.get();
    }

    /** What a Prometheus has of the last day. */
    private Map<Labels, List<String>> answer(PeerProcess prometheus) throws IOException {
        double time = (scheduler.clock().millis() + 1000) / 1000.0;
        String path = "/api/v1/query?time=" + time + "&query="
                + URLEncoder.encode("{__name__=~\".+\"}[1d]", StandardCharsets.UTF_8);
        JsonNode body = new ObjectMapper().readTree(prometheus.get(path).body());
        assertThat(body.path("status").asText()).isEqualTo("success");
        Map<Labels, List<String>> found = new TreeMap<>();
        for (JsonNode series : body.path("data").path("result")) {
            Map<String, String> labels = new TreeMap<>();
            series.path("metric")
                    .properties()
                    .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
            List<String> samples = new ArrayList<>();
            for (JsonNode sample : series.path("values")) {
                long timestampMs = Math.round(sample.get(0).asDouble() * 1000);
                samples.add(timestampMs + " " + parse(sample.get(1).asText()));
            }
            if (!samples.isEmpty()) {
                found.put(Labels.of(labels), samples);
            }
        }
        return found;
    }

    private static double parse(String value) {
        return switch (value) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(value);
        };
    }
}
