// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.random.Seed;
import dev.narthex.tsdb.block.BlockMeta;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples out of order, in log, head chunks and blocks, go to a real Prometheus and come from one. */
class OutOfOrderPeerIT {
    private static final String WITH_WINDOW = """
            global: {scrape_interval: 1h}
            storage: {tsdb: {out_of_order_time_window: 2h}}
            """;
    private static final String WITHOUT = "global: {scrape_interval: 1h}\n";
    private static final int SERIES = 20;

    private final SystemScheduler scheduler = new SystemScheduler("test");
    private final long nowMs = scheduler.clock().millis();
    private final Random random = Seed.of(OutOfOrderPeerIT.class).random();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        scheduler.close();
    }

    private TsdbConfig config() {
        return TsdbConfig.defaults(
                        directory.resolve("data"), new LocalFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE))
                .with(b -> b.outOfOrderWindow = Duration.ofHours(2));
    }

    private static Labels series(int number) {
        return Labels.of("__name__", "m" + number % 3, "s", Integer.toString(number));
    }

    /** Each series has samples in order of the last minutes, and late ones of two hours, in transactions of both. */
    private void write(Tsdb tsdb, int transactions) throws IOException {
        TreeMap<Long, Boolean> used = new TreeMap<>();
        for (int i = transactions; i >= 0; i--) {
            try (Appender appender = tsdb.appender()) {
                for (int s = 0; s < SERIES; s++) {
                    long ref = appender.series(series(s));
                    assertThat(appender.append(ref, nowMs - 1000L * i, i + s)).isEqualTo(AppendResult.ACCEPTED);
                    long late = nowMs - 600_000 - random.nextInt(6_400_000);
                    if (used.put(late, true) == null && i < transactions) {
                        assertThat(appender.append(ref, late, random.nextInt(1000)))
                                .isEqualTo(AppendResult.ACCEPTED);
                    }
                }
                if (i == transactions / 2) {
                    long only = appender.series(Labels.of("__name__", "late"));
                    appender.append(only, nowMs - 5_000_000, 1);
                    appender.append(only, nowMs - 5_100_000, 2);
                }
                appender.commit();
            }
        }
    }

    @Test
    void prometheusReadsOurLogAndHeadChunksAsWeDo() throws IOException {
        Map<Labels, List<String>> ours;
        try (Tsdb tsdb = Tsdb.open(config())) {
            write(tsdb, 150);
            tsdb.maintain(); // full chunks go to files, the log gets markers
            assertThat(tsdb.stats().headChunkBytes()).isPositive();
            write(tsdb, 0);
            ours = PrometheusIT.read(tsdb);
            assertThat(tsdb.stats().wbl().sizeBytes()).isPositive();
        }
        for (String configuration : List.of(WITH_WINDOW, WITHOUT)) {
            try (PeerProcess prometheus = PeerProcess.prometheus(configuration, directory)) {
                assertThat(PrometheusIT.answer(prometheus, nowMs)).isEqualTo(ours);
                assertThat(prometheus.log()).doesNotContain("level=ERROR").doesNotContain("corrupt");
            }
        }
        try (Tsdb tsdb = Tsdb.open(config())) {
            assertThat(PrometheusIT.read(tsdb)).isEqualTo(ours);
        }
    }

    @Test
    void prometheusReadsOurBlocksOfLateSamplesAsWeDo() throws IOException {
        Map<Labels, List<String>> ours;
        try (Tsdb tsdb = Tsdb.open(config())) {
            write(tsdb, 100);
            tsdb.snapshot(directory.resolve("snapshot"), false); // compacts what came out of order
            assertThat(tsdb.blocks()).isNotEmpty().allMatch(BlockMeta::isOutOfOrder);
            assertThat(tsdb.stats().wbl().sizeBytes()).isZero();
            write(tsdb, 0);
            ours = PrometheusIT.read(tsdb);
        }
        try (PeerProcess prometheus = PeerProcess.prometheus(WITH_WINDOW, directory)) {
            assertThat(PrometheusIT.answer(prometheus, nowMs)).isEqualTo(ours);
            assertThat(prometheus.log()).doesNotContain("level=ERROR").doesNotContain("corrupt");
        }
        try (Tsdb tsdb = Tsdb.open(config())) {
            assertThat(PrometheusIT.read(tsdb)).isEqualTo(ours);
        }
    }

    @Test
    void weReadWhatAStoppedPrometheusHas() throws IOException {
        weReadWhatPrometheusHas(false);
    }

    @Test
    void weReadWhatAKilledPrometheusHas() throws IOException {
        weReadWhatPrometheusHas(true);
    }

    private void weReadWhatPrometheusHas(boolean killed) throws IOException {
        Map<Labels, List<String>> theirs;
        try (PeerProcess prometheus =
                        PeerProcess.prometheus(WITH_WINDOW, directory, "--web.enable-remote-write-receiver");
                RemoteWriter writer = new RemoteWriter(prometheus.uri())) {
            for (int i = 60; i >= 0; i--) {
                for (int s = 0; s < SERIES; s++) {
                    writer.add(series(s), nowMs - 1000L * i, i + s);
                }
                assertThat(writer.send().statusCode()).isEqualTo(204);
                for (int s = 0; s < SERIES; s++) {
                    writer.add(series(s), nowMs - 600_000 - 10_000L * ((i * 17L) % 61) - s, i);
                    writer.add(series(s), nowMs - 2_600_000 - 10_000L * ((i * 23L) % 61) - s, i);
                }
                assertThat(writer.send().statusCode()).isEqualTo(204);
            }
            theirs = PrometheusIT.answer(prometheus, nowMs);
            if (killed) {
                prometheus.kill();
            }
        }
        assertThat(theirs).hasSize(SERIES);
        assertThat(theirs.get(series(0))).hasSize(3 * 61);
        try (Tsdb tsdb = Tsdb.open(config())) {
            assertThat(PrometheusIT.read(tsdb)).isEqualTo(theirs);
            TsdbStats stats = tsdb.stats();
            assertThat(stats.wbl().damage().damagedSegments()).isZero();
            assertThat(stats.wbl().replay().unknownSeriesSamples()).isZero();
            assertThat(stats.wbl().replay().malformedRecords()).isZero();
            try (Appender appender = tsdb.appender()) {
                appender.append(appender.series(series(0)), nowMs - 4_000_000, 7);
                appender.commit();
            }
            tsdb.snapshot(directory.resolve("snapshot"), false);
        }
        try (PeerProcess prometheus = PeerProcess.prometheus(WITH_WINDOW, directory)) {
            Map<Labels, List<String>> again = PrometheusIT.answer(prometheus, nowMs);
            assertThat(again.get(series(0))).hasSize(3 * 61 + 1);
            again.remove(series(0));
            theirs.remove(series(0));
            assertThat(again).isEqualTo(theirs);
        }
    }
}
