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
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.MatchOp;
import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;
import dev.narthex.model.StalenessMarker;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.random.Seed;
import dev.narthex.tsdb.chunk.XorDecoder;
import dev.narthex.tsdb.chunk.XorEncoder;
import dev.narthex.tsdb.chunk.XorLayout;
import dev.narthex.tsdb.wal.WalCompression;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The data directory goes to a real Prometheus and comes from one. */
class PrometheusIT {
    private static final String IDLE = "global: {scrape_interval: 1h}\n";
    private static final String SCRAPES_ITSELF = """
            global: {scrape_interval: 100ms, scrape_timeout: 100ms}
            scrape_configs:
            - job_name: self
              static_configs: [{targets: ['ADDRESS']}]
            """;

    private final SystemScheduler scheduler = new SystemScheduler("test");
    private final long nowMs = scheduler.clock().millis();

    private static final String ZSTANDARD_MAGIC = "(\u00b5/\u00fd";

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

    @ParameterizedTest
    @EnumSource(WalCompression.class)
    void prometheusReadsOurLogAsWeDo(WalCompression compression) throws IOException {
        Random random = Seed.of(PrometheusIT.class).random();
        Map<Labels, List<String>> ours;
        TsdbConfig config = config().withWalSegmentBytes(32 * 1024).with(b -> b.walCompression = compression);
        try (Tsdb tsdb = Tsdb.open(config)) {
            writeOddSamples(tsdb, random);
            ours = read(tsdb);
            assertThat(tsdb.stats().walSegment()).isGreaterThan(2);
        }
        String segment = Files.readString(directory.resolve("data/wal/00000000"), StandardCharsets.ISO_8859_1);
        assertThat(segment.contains(ZSTANDARD_MAGIC)).isEqualTo(compression == WalCompression.ZSTANDARD);
        try (PeerProcess prometheus = PeerProcess.prometheus(IDLE, directory)) {
            assertThat(answer(prometheus)).isEqualTo(ours);
            assertThat(prometheus.log()).doesNotContain("level=error").doesNotContain("corrupt");
        }
        assertSameChunks(directory.resolve("data/chunks_head/000001"));
    }

    /** Its chunks have the bytes that we make of their samples (Prometheus documentation, "Head Chunks on Disk"). */
    private static void assertSameChunks(Path file) throws IOException {
        ByteBuffer chunks = ByteBuffer.wrap(Files.readAllBytes(file));
        assertThat(chunks.getInt(0)).isEqualTo(0x0130BC91);
        int compared = 0;
        int at = 8;
        while (at < chunks.limit() && chunks.getLong(at) != 0) {
            assertThat(chunks.get(at + 24)).isEqualTo((byte) XorLayout.ENCODING);
            at += 25;
            int length = 0;
            int shift = 0;
            do {
                length |= (chunks.get(at) & 0x7f) << shift;
                shift += 7;
            } while (chunks.get(at++) < 0);
            byte[] data = Arrays.copyOfRange(chunks.array(), at, at + length);
            assertThat(encodedAnew(data)).isEqualTo(data);
            compared++;
            at += length + 4;
        }
        assertThat(compared).isGreaterThan(50);
    }

    private static byte[] encodedAnew(byte[] chunk) {
        int count = XorDecoder.count(chunk, 0);
        long[] times = new long[count];
        double[] values = new double[count];
        byte[] readable = Arrays.copyOf(chunk, chunk.length + XorLayout.SLACK_BYTES);
        XorDecoder.decode(readable, 0, count, Long.MIN_VALUE, Long.MAX_VALUE, times, values, 0);
        byte[] into = new byte[chunk.length + XorLayout.MAX_SAMPLE_BYTES + XorLayout.SLACK_BYTES];
        long state = XorEncoder.first(into, 0, times[0], values[0]);
        for (int i = 1; i < count; i++) {
            long distance = times[i] - times[i - 1];
            long difference = Double.doubleToRawLongBits(values[i]) ^ Double.doubleToRawLongBits(values[i - 1]);
            state = i == 1
                    ? XorEncoder.second(into, 0, state, distance, difference)
                    : XorEncoder.next(into, 0, state, distance - (times[i - 1] - times[i - 2]), difference);
        }
        XorEncoder.writeCount(into, 0, count);
        return Arrays.copyOf(into, XorEncoder.sizeBytes(state));
    }

    @Test
    void prometheusReadsOurCheckpointAsWeDo() throws IOException {
        Map<Labels, List<String>> ours;
        TsdbConfig config = config().withWalSegmentBytes(32 * 1024);
        try (Tsdb tsdb = Tsdb.open(config)) {
            for (int i = 1200; i >= 0; i--) {
                try (Appender appender = tsdb.appender()) {
                    for (int s = 0; s < 10; s++) {
                        long ref = appender.series(Labels.of("__name__", "m", "s", Integer.toString(s)));
                        appender.append(ref, nowMs - 1000L * i, i * s);
                    }
                    appender.commit();
                }
            }
        }
        try (Tsdb tsdb = Tsdb.open(config.withRetention(Duration.ofMinutes(10)).with(b -> b.compaction = false))) {
            tsdb.maintain();
            assertThat(tsdb.stats().checkpoints()).isEqualTo(1);
            assertThat(new LocalFiles().list(directory.resolve("data/wal")))
                    .anyMatch(name -> name.startsWith("checkpoint."));
            ours = read(tsdb);
        }
        try (PeerProcess prometheus = PeerProcess.prometheus(IDLE, directory)) {
            Map<Labels, List<String>> theirs = answer(prometheus);
            assertThat(theirs.keySet()).isEqualTo(ours.keySet());
            // What stands before the checkpoint's time in the segment that was kept, Prometheus shows, too.
            ours.forEach((labels, samples) -> assertThat(theirs.get(labels)).endsWith(samples.toArray(String[]::new)));
        }
    }

    /** Blocks of series that have ended end behind the time from which on the head has samples of others. */
    @Test
    void prometheusReadsSeriesThatLeftEarlyAndWhatWasAppendedDuringAReplay() throws IOException {
        Labels alive = Labels.of("__name__", "up", "pod", "alive");
        Labels ended = Labels.of("__name__", "up", "pod", "ended");
        Labels made = Labels.of("__name__", "up", "pod", "made during the replay");
        TsdbConfig config = config().with(b -> b.staleSeriesThreshold = 0.1);
        Map<Labels, List<String>> ours;
        try (Tsdb tsdb = Tsdb.open(config)) {
            for (int minute = 50; minute > 1; minute--) {
                long t = nowMs - 60_000L * minute;
                append(tsdb, alive, t, minute);
                if (minute >= 20) {
                    append(tsdb, ended, t, minute == 20 ? StalenessMarker.VALUE : minute);
                }
            }
            tsdb.maintain();
            tsdb.maintain();
            assertThat(tsdb.stats().staleSeriesLeft()).isEqualTo(1);
            assertThat(tsdb.blocks()).isNotEmpty();
        }
        try (Tsdb tsdb = Tsdb.begin(config)) {
            append(tsdb, alive, nowMs - 60_000, 1);
            append(tsdb, made, nowMs - 60_000, 1);
            tsdb.replay();
            append(tsdb, made, nowMs, 2);
            ours = read(tsdb);
            assertThat(ours.get(alive)).hasSize(50);
            assertThat(ours.get(ended)).hasSize(50 - 20);
            assertThat(ours.get(made)).hasSize(2);
        }
        try (PeerProcess prometheus = PeerProcess.prometheus(IDLE, directory)) {
            assertThat(answer(prometheus)).isEqualTo(ours);
        }
    }

    private static void append(Tsdb tsdb, Labels labels, long timestampMs, double value) throws IOException {
        try (Appender appender = tsdb.appender()) {
            appender.append(appender.series(labels), timestampMs, value);
            appender.commit();
        }
    }

    @Test
    void weReadTheLogOfAStoppedPrometheus() throws IOException {
        Map<Labels, List<String>> theirs;
        try (PeerProcess prometheus = selfScraping()) {
            theirs = answer(prometheus);
        }
        assertHasAll(theirs);
    }

    @Test
    void weReadTheLogOfAKilledPrometheusAndItReadsOurs() throws IOException {
        Map<Labels, List<String>> theirs;
        try (PeerProcess prometheus = selfScraping()) {
            theirs = answer(prometheus);
            prometheus.kill();
        }
        assertHasAll(theirs);
        Map<Labels, List<String>> ours;
        try (Tsdb tsdb = Tsdb.open(config())) {
            try (Appender appender = tsdb.appender()) {
                Labels up = theirs.keySet().stream()
                        .filter(labels -> labels.metricName().equals("up"))
                        .findFirst()
                        .orElseThrow();
                appender.append(appender.series(up), scheduler.clock().millis(), 42);
                appender.append(
                        appender.series(Labels.of("__name__", "ours")),
                        scheduler.clock().millis(),
                        1);
                appender.commit();
            }
            ours = read(tsdb);
        }
        try (PeerProcess prometheus = PeerProcess.prometheus(IDLE, directory)) {
            assertThat(answer(prometheus)).isEqualTo(ours);
        }
    }

    @Test
    void histogramsAndMetadataOfPrometheusAreReadAndSurviveUs() throws IOException {
        try (PeerProcess prometheus =
                selfScraping("--enable-feature=native-histograms,metadata-wal-records,exemplar-storage")) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> !answer(prometheus).isEmpty());
        }
        try (Tsdb tsdb = Tsdb.open(config())) {
            assertThat(tsdb.stats().replay().unusedRecords()).isZero();
            assertThat(tsdb.metadata(List.of(LabelMatcher.of(MatchOp.EQUAL, "__name__", "go_goroutines"))))
                    .containsValue(new Metadata(MetricType.GAUGE, "", "Number of goroutines that currently exist."));
            assertThat(tsdb.stats().replay().malformedRecords()).isZero();
            assertThat(read(tsdb)).isNotEmpty();
        }
        try (PeerProcess prometheus = PeerProcess.prometheus(IDLE, directory)) {
            String histogram = "histogram_count(prometheus_http_request_duration_seconds)";
            JsonNode result = query(prometheus, "last_over_time(" + histogram + "[10m:100ms])");
            assertThat(result).isNotEmpty();
        }
    }

    private PeerProcess selfScraping(String... flags) throws IOException {
        PeerProcess prometheus = PeerProcess.prometheus(IDLE, directory, flags);
        String address = prometheus.uri().getAuthority();
        Files.writeString(directory.resolve("prometheus.yml"), SCRAPES_ITSELF.replace("ADDRESS", address));
        prometheus.reload();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            JsonNode result = query(prometheus, "count_over_time(up[10m])");
            return !result.isEmpty() && result.get(0).get("value").get(1).asInt() > 10;
        });
        return prometheus;
    }

    private void assertHasAll(Map<Labels, List<String>> theirs) throws IOException {
        try (Tsdb tsdb = Tsdb.open(config())) {
            assertThat(theirs).isNotEmpty();
            Map<Labels, List<String>> ours = read(tsdb);
            theirs.forEach(
                    (labels, samples) -> assertThat(ours.get(labels)).startsWith(samples.toArray(String[]::new)));
            assertThat(tsdb.stats().walDamage().damagedSegments()).isZero();
            assertThat(tsdb.stats().replay().unknownSeriesSamples()).isZero();
        }
    }

    private void writeOddSamples(Tsdb tsdb, Random random) throws IOException {
        double[] odd = {
            0.0,
            -0.0,
            1,
            Double.NaN,
            StalenessMarker.VALUE,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            Double.longBitsToDouble(-1L >>> 1),
            1e-300,
            Math.PI
        };
        List<Labels> series = new ArrayList<>();
        for (int s = 0; s < 40; s++) {
            LabelsBuilder labels = Labels.builder().set("__name__", "metric_" + s % 5);
            for (int l = random.nextInt(6); l >= 0; l--) {
                labels.set("label" + random.nextInt(10), "wert ü€😀 \"\\\n" + random.nextInt(100));
            }
            series.add(labels.set("id", Integer.toString(s)).build());
        }
        series.add(Labels.of("__name__", "long", "value", "x".repeat(100_000)));
        long[] last = new long[series.size()];
        long start = nowMs - Duration.ofMinutes(50).toMillis();
        Arrays.fill(last, start);
        for (int scrape = 0; scrape < 400; scrape++) {
            try (Appender appender = tsdb.appender()) {
                for (int s = 0; s < series.size(); s++) {
                    if (random.nextInt(10) == 0) {
                        continue;
                    }
                    last[s] += random.nextInt(20) == 0 ? 1 + random.nextInt(100_000) : 5_000;
                    if (last[s] > nowMs) {
                        continue;
                    }
                    double value = switch (s % 4) {
                        case 0 -> scrape * 10.0;
                        case 1 -> Math.round(1000 * Math.sin(scrape)) / 8.0;
                        case 2 -> Double.longBitsToDouble(random.nextLong());
                        default -> odd[random.nextInt(odd.length)];
                    };
                    appender.append(appender.series(series.get(s)), last[s], value);
                }
                appender.commit();
            }
        }
    }

    /** What we have, staleness markers left out, since no query shows them. */
    static Map<Labels, List<String>> read(Tsdb tsdb) {
        Map<Labels, List<String>> found = new HashMap<>();
        EverySeries.read(tsdb, (labels, buffer) -> {
            List<String> samples = new ArrayList<>();
            for (int i = 0; i < buffer.size(); i++) {
                if (!StalenessMarker.is(buffer.value(i))) {
                    samples.add(buffer.timestampMs(i) + " " + buffer.value(i));
                }
            }
            if (!samples.isEmpty()) {
                found.put(labels, samples);
            }
        });
        return found;
    }

    /** What a Prometheus has of the last hours. */
    private Map<Labels, List<String>> answer(PeerProcess prometheus) throws IOException {
        return answer(prometheus, scheduler.clock().millis());
    }

    static Map<Labels, List<String>> answer(PeerProcess prometheus, long timeMs) throws IOException {
        Map<Labels, List<String>> found = new HashMap<>();
        for (JsonNode series : query(prometheus, timeMs, "{__name__=~\".+\"}[3h]")) {
            Map<String, String> labels = new TreeMap<>();
            series.get("metric")
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

    private JsonNode query(PeerProcess prometheus, String query) throws IOException {
        return query(prometheus, scheduler.clock().millis(), query);
    }

    private static JsonNode query(PeerProcess prometheus, long timeMs, String query) throws IOException {
        double time = (timeMs + 1000) / 1000.0;
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
