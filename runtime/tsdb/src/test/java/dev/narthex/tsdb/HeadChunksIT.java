// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.peers.PeerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Full head chunks in files go to a real Prometheus and come from one. */
class HeadChunksIT {
    private static final String IDLE = "global: {scrape_interval: 1h}\n";
    private static final int SERIES = 40;
    private static final int STEP_MS = 5_000;
    private static final int STEPS = 600;

    private final SystemScheduler scheduler = new SystemScheduler("test");
    private final long nowMs = scheduler.clock().millis();
    private final long startMs = nowMs - (long) STEPS * STEP_MS;

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

    private static Labels series(int number) {
        return Labels.of("__name__", "m", "s", Integer.toString(number));
    }

    private static double value(int series, int step) {
        return series % 2 == 0 ? step * 10.0 : Math.sin(step * series) * 1e6;
    }

    private void write(Tsdb tsdb, int from, int to) throws IOException {
        for (int step = from; step < to; step++) {
            try (Appender appender = tsdb.appender()) {
                for (int s = 0; s < SERIES; s++) {
                    appender.append(appender.series(series(s)), startMs + (long) step * STEP_MS, value(s, step));
                }
                appender.commit();
            }
        }
    }

    private static List<String> chunkFiles(Path directory) throws IOException {
        return new LocalFiles().list(directory.resolve("data/chunks_head"));
    }

    @Test
    void prometheusOpensOurHeadChunksAndAnswersAsWeDo() throws IOException {
        Map<Labels, List<String>> ours;
        try (Tsdb tsdb = Tsdb.open(config())) {
            write(tsdb, 0, 400);
            tsdb.maintain();
            write(tsdb, 400, STEPS);
            tsdb.maintain();
            ours = PrometheusIT.read(tsdb);
            assertThat(chunkFiles(directory)).containsExactly("000001");
        }
        try (Tsdb tsdb = Tsdb.open(config())) {
            assertThat(PrometheusIT.read(tsdb)).isEqualTo(ours);
            assertThat(tsdb.stats().headChunkDamage().damagedFiles()).isZero();
        }
        byte[] before = Files.readAllBytes(directory.resolve("data/chunks_head/000001"));
        try (PeerProcess prometheus = PeerProcess.prometheus(IDLE, directory)) {
            assertThat(PrometheusIT.answer(prometheus, nowMs)).isEqualTo(ours);
            assertThat(prometheus.log()).doesNotContain("level=error").doesNotContainIgnoringCase("corrupt");
            assertThat(prometheus.get("/metrics").body())
                    .contains("\nprometheus_tsdb_mmap_chunk_corruptions_total 0\n")
                    .contains("\nprometheus_tsdb_data_replay_duration_seconds ");
        }
        assertThat(directory.resolve("data/chunks_head/000001")).hasBinaryContent(before);
    }

    @Test
    void samplesOfOurChunksThatTheLogDoesNotHaveAreShownByPrometheus() throws IOException {
        Map<Labels, List<String>> ours;
        try (Tsdb tsdb = Tsdb.open(config().withWalSegmentBytes(32 << 10))) {
            write(tsdb, 0, STEPS);
            tsdb.maintain();
            ours = PrometheusIT.read(tsdb);
        }
        // All but the first segment, which has the series: the rest of the samples is in the chunks alone.
        List<String> segments = new LocalFiles().list(directory.resolve("data/wal"));
        assertThat(segments).hasSizeGreaterThan(3);
        for (String segment : segments.subList(1, segments.size())) {
            Files.delete(directory.resolve("data/wal").resolve(segment));
        }
        Map<Labels, List<String>> kept = new HashMap<>();
        ours.forEach((labels, samples) -> kept.put(labels, samples.subList(0, STEPS / 120 * 120 - 120)));
        Map<Labels, List<String>> reopened;
        try (Tsdb tsdb = Tsdb.open(config())) {
            reopened = PrometheusIT.read(tsdb);
            kept.forEach(
                    (labels, samples) -> assertThat(reopened.get(labels)).startsWith(samples.toArray(String[]::new)));
        }
        try (PeerProcess prometheus = PeerProcess.prometheus(IDLE, directory)) {
            assertThat(PrometheusIT.answer(prometheus, nowMs)).isEqualTo(reopened);
        }
    }

    @Test
    void everySampleOfAPrometheusThatWasKilledUnderLoadIsThere() throws Exception {
        try (Tsdb tsdb = Tsdb.open(config())) {
            write(tsdb, 0, STEPS - 100);
        }
        Map<Labels, List<String>> theirs;
        AtomicLong acknowledged = new AtomicLong(-1);
        try (PeerProcess prometheus = PeerProcess.prometheus(IDLE, directory, "--web.enable-remote-write-receiver")) {
            theirs = PrometheusIT.answer(prometheus, nowMs);
            assertThat(theirs).hasSize(SERIES);
            AtomicBoolean killed = new AtomicBoolean();
            Thread load = Thread.ofPlatform().start(() -> load(prometheus, acknowledged, killed));
            await().atMost(Duration.ofSeconds(30)).until(() -> acknowledged.get() > 300);
            killed.set(true);
            prometheus.kill();
            load.join();
        }
        assertThat(chunkFiles(directory)).isNotEmpty();
        try (Tsdb tsdb = Tsdb.open(config())) {
            Map<Labels, List<String>> ours = PrometheusIT.read(tsdb);
            theirs.forEach(
                    (labels, samples) -> assertThat(ours.get(labels)).startsWith(samples.toArray(String[]::new)));
            assertThat(tsdb.stats().headChunkBytes()).isPositive();
            assertThat(tsdb.stats().headChunkDamage().damagedFiles()).isZero();
            for (int s = 0; s < SERIES; s++) {
                List<String> samples =
                        ours.getOrDefault(Labels.of("__name__", "load", "s", Integer.toString(s)), List.of());
                for (long step = 0; step <= acknowledged.get(); step++) {
                    assertThat(samples.get((int) step)).isEqualTo(nowMs + step + " " + (double) step);
                }
            }
            assertThat(tsdb.stats().walDamage().damagedSegments()).isZero();
        }
    }

    private void load(PeerProcess prometheus, AtomicLong acknowledged, AtomicBoolean killed) {
        try (RemoteWriter writer = new RemoteWriter(prometheus.uri())) {
            for (long step = 0; !killed.get(); step++) {
                for (int s = 0; s < SERIES; s++) {
                    writer.add(Labels.of("__name__", "load", "s", Integer.toString(s)), nowMs + step, (double) step);
                }
                if (writer.send().statusCode() == 204) {
                    acknowledged.set(step);
                }
            }
        } catch (IOException e) {
            // Killed in the middle of a request.
        }
    }

    @Test
    void aRunningPrometheusKeepsUsOut() throws IOException {
        try (PeerProcess prometheus = PeerProcess.prometheus(IDLE, directory)) {
            assertThatIOException()
                    .isThrownBy(() -> Tsdb.open(config()))
                    .withMessageContaining("another process uses this data directory");
            assertThat(prometheus.get("/-/ready").statusCode()).isEqualTo(200);
        }
        Tsdb.open(config()).close();
    }
}
