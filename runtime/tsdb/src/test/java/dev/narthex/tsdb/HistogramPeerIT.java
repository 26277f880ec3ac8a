// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Exemplar;
import dev.narthex.model.HistogramBucket;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.storage.ExemplarSeries;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import dev.narthex.testkit.random.Seed;
import dev.narthex.tsdb.chunk.ChunkBuilder;
import dev.narthex.tsdb.chunk.RandomHistograms;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Native histograms go to a real Prometheus and come from one. */
class HistogramPeerIT {
    private static final String IDLE = "global: {scrape_interval: 1h}\n";
    private static final String FEATURES = "--enable-feature=native-histograms,metadata-wal-records,exemplar-storage";
    private static final String SCRAPES_ITSELF = """
            global: {scrape_interval: 200ms, scrape_timeout: 200ms}
            scrape_configs:
            - job_name: self
              static_configs: [{targets: ['ADDRESS']}]
            """;
    /** What the newest Prometheus wants to be told to scrape native histograms with their start timestamps. */
    private static final String NATIVE = "  scrape_protocols: [PrometheusProto]\n  scrape_native_histograms: true\n";

    /** Fewer than a chunk must have before its size matters, so that all that is cut is cut for another reason. */
    private static final int SAMPLES = 9;

    private static final int SERIES = 400;

    private final SystemScheduler scheduler = new SystemScheduler("test");
    private final long nowMs = scheduler.clock().millis();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        scheduler.close();
    }

    private TsdbConfig config() {
        return TsdbConfig.defaults(
                directory.resolve("data"), new LocalFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE));
    }

    @Test
    void prometheusMakesOfOurLogTheChunksThatWeMake() throws IOException {
        Random random = Seed.of(HistogramPeerIT.class).random();
        // One range of two hours, so that none of the chunks is cut by time.
        long start = Math.floorDiv(nowMs - 60_000, 7_200_000) * 7_200_000;
        long step = (nowMs - start) / (SAMPLES + 2);
        Map<Long, List<String>> chunks = new TreeMap<>();
        Map<String, List<String>> ours;
        try (Tsdb tsdb = Tsdb.open(config())) {
            List<RandomHistograms> histograms = new ArrayList<>();
            List<ChunkBuilder> builders = new ArrayList<>();
            for (int s = 0; s < SERIES; s++) {
                histograms.add(new RandomHistograms(random, s % 2 == 0).withGrowingBuckets());
                builders.add(new ChunkBuilder());
            }
            for (int i = 0; i <= SAMPLES; i++) {
                long t = start + i * step;
                try (Appender appender = tsdb.appender()) {
                    for (int s = 0; s < SERIES; s++) {
                        long ref = appender.series(Labels.of("__name__", "h", "s", Integer.toString(s)));
                        if (i == SAMPLES) {
                            // A float behind them ends the last chunk of histograms.
                            appender.append(ref, t, 1);
                            chunks.put(
                                    ref,
                                    builders.get(s).chunks().stream()
                                            .map(HistogramPeerIT::text)
                                            .toList());
                        } else {
                            NativeHistogram histogram = histograms.get(s).next();
                            assertThat(appender.append(ref, t, histogram)).isEqualTo(AppendResult.ACCEPTED);
                            builders.get(s).add(t, histogram);
                        }
                    }
                    appender.commit();
                }
            }
            ours = read(tsdb);
        }
        try (PeerProcess prometheus = PeerProcess.prometheus(IDLE, directory, FEATURES)) {
            assertSame(answer(prometheus), ours);
            assertThat(prometheus.log()).doesNotContain("level=error").doesNotContain("corrupt");
        }
        assertSame(chunksHead(directory.resolve("data/chunks_head/000001")), chunks);
    }

    private static <K> void assertSame(Map<K, List<String>> found, Map<K, List<String>> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        found.forEach((key, list) -> assertThat(list).as("%s", key).isEqualTo(expected.get(key)));
    }

    private static String text(ChunkBuilder.Chunk chunk) {
        return chunk.encoding().number() + " " + HexFormat.of().formatHex(chunk.bytes());
    }

    /** Chunks of histograms by series (Prometheus documentation, "Head Chunks on Disk"). */
    private static Map<Long, List<String>> chunksHead(Path file) throws IOException {
        Map<Long, List<String>> found = new TreeMap<>();
        ByteBuffer chunks = ByteBuffer.wrap(Files.readAllBytes(file));
        int at = 8;
        while (at + 25 < chunks.limit() && chunks.getLong(at) != 0) {
            long ref = chunks.getLong(at);
            int encoding = chunks.get(at + 24);
            at += 25;
            int length = 0;
            int shift = 0;
            do {
                length |= (chunks.get(at) & 0x7f) << shift;
                shift += 7;
            } while (chunks.get(at++) < 0);
            if (encoding != 1) {
                found.computeIfAbsent(ref, _ -> new ArrayList<>())
                        .add(encoding + " "
                                + HexFormat.of().formatHex(Arrays.copyOfRange(chunks.array(), at, at + length)));
            }
            at += length + 4;
        }
        return found;
    }

    @Test
    void prometheusReadsOurExemplarsAsWeDo() throws IOException {
        List<String> ours = new ArrayList<>();
        try (Tsdb tsdb = Tsdb.open(config())) {
            for (int i = 0; i < 20; i++) {
                try (Appender appender = tsdb.appender()) {
                    for (int s = 0; s < 3; s++) {
                        long ref = appender.series(Labels.of("__name__", "counter", "s", Integer.toString(s)));
                        long t = nowMs - 60_000 + 1000L * i;
                        appender.append(ref, t, i);
                        Labels labels = i == 3 ? Labels.EMPTY : Labels.of("trace_id", "ü" + i, "span", "s" + s);
                        assertThat(appender.append(ref, new Exemplar(labels, i * 0.5, t - 3)))
                                .isEqualTo(AppendResult.ACCEPTED);
                    }
                    appender.commit();
                }
            }
            for (ExemplarSeries series : tsdb.exemplars()
                    .exemplars(
                            Long.MIN_VALUE,
                            Long.MAX_VALUE,
                            List.of(List.of(LabelMatcher.of(MatchOp.EQUAL, "__name__", "counter"))))) {
                for (Exemplar exemplar : series.exemplars()) {
                    ours.add(series.labels() + " " + exemplar);
                }
            }
        }
        assertThat(ours).hasSize(60);
        List<String> theirs = new ArrayList<>();
        try (PeerProcess prometheus = PeerProcess.prometheus(IDLE, directory, FEATURES)) {
            String path = "/api/v1/query_exemplars?query=counter&start=" + (nowMs / 1000 - 3600) + "&end="
                    + (nowMs / 1000 + 60);
            JsonNode answer = new ObjectMapper().readTree(prometheus.get(path).body());
            for (JsonNode series : answer.get("data")) {
                for (JsonNode exemplar : series.get("exemplars")) {
                    theirs.add(labels(series.get("seriesLabels")) + " "
                            + new Exemplar(
                                    labels(exemplar.get("labels")),
                                    parse(exemplar.get("value").asText()),
                                    Math.round(exemplar.get("timestamp").asDouble() * 1000)));
                }
            }
        }
        assertThat(theirs).containsExactlyInAnyOrderElementsOf(ours);
    }

    private static Labels labels(JsonNode node) {
        Map<String, String> labels = new TreeMap<>();
        node.properties().forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        return Labels.of(labels);
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy", "zstd"})
    void weReadTheLogOfAPrometheusThatScrapesHistograms(String compression) throws IOException {
        readALogOf(Peers.prometheus(), SCRAPES_ITSELF, FEATURES, "--storage.tsdb.wal-compression-type=" + compression);
    }

    @Test
    void weReadALogWithStartTimestampsOfTheNewestPrometheus() throws IOException {
        Optional<Path> built = Peers.newestPrometheus();
        Assumptions.assumeTrue(built.isPresent(), "no newest Prometheus here; e2e/peers --newest builds one");
        readALogOf(
                built.orElseThrow(),
                SCRAPES_ITSELF + NATIVE,
                "--enable-feature=st-storage,histograms-st-encoding,xor2-encoding");
    }

    private void readALogOf(Path program, String scrapesItself, String... flags) throws IOException {
        Map<String, List<String>> theirs;
        try (PeerProcess prometheus = PeerProcess.prometheus(program, IDLE, directory, flags)) {
            String address = prometheus.uri().getAuthority();
            Files.writeString(directory.resolve("prometheus.yml"), scrapesItself.replace("ADDRESS", address));
            prometheus.reload();
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                JsonNode result = query(prometheus, "count_over_time(up[10m])");
                return !result.isEmpty() && result.get(0).get("value").get(1).asInt() > 10;
            });
            prometheus.kill();
            theirs = Map.of();
        }
        try (PeerProcess prometheus = PeerProcess.prometheus(program, IDLE, directory, flags)) {
            theirs = answer(prometheus);
            prometheus.kill();
        }
        Map<String, List<String>> ours;
        try (Tsdb tsdb = Tsdb.open(config())) {
            ours = read(tsdb);
            assertThat(tsdb.stats().replay().malformedRecords()).isZero();
            assertThat(tsdb.stats().replay().unknownSeriesSamples()).isZero();
        }
        assertThat(theirs.toString())
                .contains("prometheus_http_request_duration_seconds")
                .contains("histogram");
        assertSame(ours, theirs);
    }

    private static Map<String, List<String>> read(Tsdb tsdb) {
        Map<String, List<String>> found = new TreeMap<>();
        EverySeries.read(tsdb, (labels, buffer) -> {
            List<String> samples = new ArrayList<>();
            for (int i = 0; i < buffer.size(); i++) {
                NativeHistogram histogram = buffer.histogram(i);
                String text = histogram == null ? HistogramMeaning.of(buffer.value(i)) : text(histogram);
                if (!text.equals("stale")) {
                    samples.add(buffer.timestampMs(i) + " " + text);
                }
            }
            samples.sort(null);
            if (!samples.isEmpty()) {
                found.put(labels.toString(), samples);
            }
        });
        return found;
    }

    private static String text(NativeHistogram histogram) {
        if (histogram.isStale()) {
            return "stale";
        }
        StringBuilder text = new StringBuilder("histogram");
        text.append(" count=").append(histogram.toFloat().count());
        text.append(" sum=").append(histogram.sum());
        for (HistogramBucket bucket : histogram.buckets()) {
            text.append(bucket(bucket.count()));
        }
        return text.toString();
    }

    /**
     * A bucket by its count. Its bounds follow from the layout, which the bytes of the chunks show; where a wide zero
     * bucket covers it, they are for the reader to judge.
     */
    private static String bucket(double count) {
        return " [" + count + "]";
    }

    /** What a Prometheus has of the last hours. */
    private Map<String, List<String>> answer(PeerProcess prometheus) throws IOException {
        Map<String, List<String>> found = new TreeMap<>();
        for (JsonNode series : query(prometheus, "{__name__=~\".+\"}[3h]")) {
            Map<String, String> labels = new TreeMap<>();
            series.get("metric")
                    .properties()
                    .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
            List<String> samples = new ArrayList<>();
            for (JsonNode sample : series.path("values")) {
                samples.add(timestampMs(sample) + " "
                        + HistogramMeaning.of(parse(sample.get(1).asText())));
            }
            for (JsonNode sample : series.path("histograms")) {
                JsonNode histogram = sample.get(1);
                StringBuilder text = new StringBuilder("histogram");
                text.append(" count=").append(parse(histogram.get("count").asText()));
                text.append(" sum=").append(parse(histogram.get("sum").asText()));
                for (JsonNode bucket : histogram.path("buckets")) {
                    text.append(bucket(parse(bucket.get(3).asText())));
                }
                samples.add(timestampMs(sample) + " " + text);
            }
            samples.sort(null);
            if (!samples.isEmpty()) {
                found.put(Labels.of(labels).toString(), samples);
            }
        }
        return found;
    }

    private static long timestampMs(JsonNode sample) {
        return Math.round(sample.get(0).asDouble() * 1000);
    }

    private JsonNode query(PeerProcess prometheus, String query) throws IOException {
        double time = (scheduler.clock().millis() + 1000) / 1000.0;
        String path = "/api/v1/query?time=" + time + "&query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
        JsonNode answer = new ObjectMapper().readTree(prometheus.get(path).body());
        assertThat(answer.get("status").asText()).as(answer.toString()).isEqualTo("success");
        return answer.get("data").get("result");
    }

    private static double parse(String value) {
        return switch (value) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(value);
        };
    }
}
