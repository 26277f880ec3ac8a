// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.BucketSpan;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.HistogramLayout;
import dev.narthex.model.IntegerHistogram;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.StalenessMarker;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus starts from our snapshots, and we from those of one; the log before them is not there any more. */
class HeadSnapshotIT {
    private static final String IDLE = "global: {scrape_interval: 1h}\n";
    private static final String FEATURE = "--enable-feature=memory-snapshot-on-shutdown";

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
                        directory.resolve("data"), new LocalFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE))
                .with(b -> b.headSnapshot = true);
    }

    private static List<Path> prometheuses() {
        List<Path> all = new ArrayList<>(List.of(Peers.prometheus()));
        Peers.newestPrometheus().ifPresent(all::add);
        return all;
    }

    private List<Path> snapshots() throws IOException {
        try (Stream<Path> all = Files.list(directory.resolve("data"))) {
            return all.filter(path -> path.getFileName().toString().startsWith("chunk_snapshot."))
                    .toList();
        }
    }

    /** A Prometheus with a new directory scrapes itself, and no more, and is stopped. */
    private void scrapeItself(Path program) throws IOException {
        new LocalFiles().delete(directory.resolve("data"));
        try (PeerProcess prometheus = PeerProcess.prometheus(program, IDLE, directory, FEATURE)) {
            String address = prometheus.uri().getAuthority();
            Files.writeString(
                    directory.resolve("prometheus.yml"),
                    "global: {scrape_interval: 100ms, scrape_timeout: 100ms}\nscrape_configs:\n- job_name: self\n"
                            + "  scrape_protocols: [PrometheusProto]\n"
                            + "  static_configs: [{targets: ['" + address + "']}]\n");
            prometheus.reload();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> PrometheusIT.answer(
                                    prometheus, scheduler.clock().millis())
                            .values()
                            .stream()
                            .anyMatch(samples -> samples.size() > 10));
            Files.writeString(directory.resolve("prometheus.yml"), IDLE);
            prometheus.reload();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> prometheus.get("/api/v1/targets").body().contains("\"activeTargets\":[]"));
        }
    }

    private static IntegerHistogram histogram(int n) {
        HistogramLayout layout = HistogramLayout.exponential(1, 0.001, List.of(new BucketSpan(0, 2)), List.of());
        return new IntegerHistogram(
                CounterResetHint.UNKNOWN, layout, 2L * n + 1, 0L, 0.5 * n, new long[] {n, n + 1}, new long[0]);
    }

    /** Floats with closed chunks and without, histograms, a deletion. */
    private void write(Tsdb tsdb) throws IOException {
        for (int i = 170; i > 0; i--) {
            try (Appender appender = tsdb.appender()) {
                long t = nowMs - 10_000L * i;
                for (int s = 0; s < 5; s++) {
                    appender.append(
                            appender.series(Labels.of("__name__", "m", "s", "ü" + s)),
                            t,
                            i % 40 == 3 ? StalenessMarker.VALUE : s == 0 ? i : Math.sin(i + s));
                }
                appender.append(appender.series(Labels.of("__name__", "h")), t, histogram(200 - i));
                appender.append(appender.series(Labels.of("__name__", "churn", "i", "" + i / 30)), t, i);
                appender.commit();
            }
        }
        tsdb.delete(nowMs - 300_000, nowMs - 100_000, List.of(LabelMatcher.equal("s", "ü1")));
    }

    @Test
    void prometheusStartsFromOursAndAnswersAsWeDo() throws IOException {
        for (Path program : prometheuses()) {
            new LocalFiles().delete(directory.resolve("data"));
            Map<Labels, List<String>> ours;
            try (Tsdb tsdb = Tsdb.open(config())) {
                write(tsdb);
                ours = PrometheusIT.read(tsdb);
            }
            assertThat(snapshots()).hasSize(1);
            Files.delete(directory.resolve("data/wal/00000000"));
            try (PeerProcess prometheus = PeerProcess.prometheus(program, IDLE, directory, FEATURE)) {
                assertThat(prometheus.log()).contains("chunk snapshot loaded").doesNotContain("level=ERROR");
                Map<Labels, List<String>> theirs = PrometheusIT.answer(prometheus, nowMs);
                assertThat(theirs.keySet()).contains(Labels.of("__name__", "m", "s", "ü4"));
                ours.forEach((labels, samples) -> {
                    if (!labels.getOrEmpty("__name__").equals("h")) {
                        assertThat(theirs.get(labels)).as(labels.toString()).isEqualTo(samples);
                    }
                });
                assertThat(count(prometheus)).isEqualTo(170);
            }
            // And back again, from theirs.
            Map<Labels, List<String>> back;
            try (Tsdb tsdb = Tsdb.open(config())) {
                back = PrometheusIT.read(tsdb);
            }
            assertThat(back).isEqualTo(ours);
        }
    }

    private int count(PeerProcess prometheus) throws IOException {
        return prometheus
                        .get("/api/v1/query?query=count_over_time(h%5B1h%5D)&time=" + nowMs / 1000)
                        .body()
                        .contains("\"170\"")
                ? 170
                : -1;
    }

    @Test
    void weStartFromThoseOfPrometheusAndEachServesOneStart() throws IOException {
        for (Path program : prometheuses()) {
            // A Prometheus that is told to stop behind a reload may hang, and is killed then before its snapshot.
            for (int attempt = 0; attempt < 3 && (attempt == 0 || snapshots().isEmpty()); attempt++) {
                scrapeItself(program);
            }
            Map<Labels, List<String>> theirs;
            try (PeerProcess prometheus = PeerProcess.prometheus(program, IDLE, directory, FEATURE)) {
                assertThat(prometheus.log()).contains("chunk snapshot loaded");
                theirs = PrometheusIT.answer(prometheus, scheduler.clock().millis());
                assertThat(theirs).hasSizeGreaterThan(50);
            }
            assertThat(snapshots()).hasSize(1);
            new LocalFiles().delete(directory.resolve("data/wal")); // the snapshot has all of it
            Map<Labels, List<String>> ours;
            try (Tsdb tsdb = Tsdb.open(config())) {
                assertThat(snapshots()).isEmpty();
                ours = PrometheusIT.read(tsdb);
                theirs.forEach((labels, samples) ->
                        assertThat(ours.get(labels)).as(labels.toString()).startsWith(samples.toArray(String[]::new)));
                try (Appender appender = tsdb.appender()) {
                    appender.append(
                            appender.series(Labels.of("__name__", "ours")),
                            scheduler.clock().millis(),
                            1);
                    appender.commit();
                }
            }
            try (PeerProcess prometheus = PeerProcess.prometheus(program, IDLE, directory, FEATURE)) {
                assertThat(prometheus.log()).contains("chunk snapshot loaded");
                assertThat(PrometheusIT.answer(prometheus, scheduler.clock().millis()))
                        .containsKey(Labels.of("__name__", "ours"));
            }
        }
    }
}
