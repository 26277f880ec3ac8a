// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narthex.testkit.peers.PeerProcess;
import dev.narthex.testkit.peers.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What dashboards read of scraping and discovery: the server tells it under the names, types, texts and labels of a real
 * Prometheus, the newest where it is built.
 */
class SelfMetricsDifferentialIT {
    private static final Pattern FAMILY = Pattern.compile("# (HELP|TYPE) (prometheus_(?:target|sd)_\\S+) (.*)");
    private static final Pattern SAMPLE = Pattern.compile("(prometheus_(?:target|sd)_\\w+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\",?");

    /** Of mechanisms of discovery that are not here, and of a table of symbols that no scrape pool has here. */
    private static final Pattern ABSENT = Pattern.compile(
            "prometheus_sd_(azure|consul|kuma|linode|nomad)_.*|prometheus_target_scrape_pool_symboltable_items");

    private static final String CONFIG = """
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs:
            - {job_name: self, static_configs: [{targets: ['ADDRESS']}]}
            - {job_name: files, file_sd_configs: [{files: ['FILE']}]}
            - {job_name: http, http_sd_configs: [{url: 'http://ADDRESS/sd', refresh_interval: 1s}]}
            - {job_name: dns, dns_sd_configs: [{names: [localhost], type: A, port: 80, refresh_interval: 1s}]}
            """;

    @TempDir
    Path directory;

    /** Type and text of each family, and the names of the samples with those of their labels. */
    private record Page(Map<String, String> types, Map<String, String> texts, Set<String> samples) {
        static Page of(String body) {
            Page page = new Page(new TreeMap<>(), new TreeMap<>(), new TreeSet<>());
            body.lines().forEach(line -> {
                Matcher family = FAMILY.matcher(line);
                if (family.matches()) {
                    (family.group(1).equals("TYPE") ? page.types : page.texts).put(family.group(2), family.group(3));
                }
                Matcher sample = SAMPLE.matcher(line);
                if (sample.matches()) {
                    Set<String> labels = new TreeSet<>();
                    Optional.ofNullable(sample.group(2))
                            .ifPresent(
                                    text -> LABEL.matcher(text).results().forEach(label -> labels.add(label.group(1))));
                    page.samples.add(sample.group(1) + labels);
                }
            });
            page.types.keySet().removeIf(name -> ABSENT.matcher(name).matches());
            page.texts.keySet().removeIf(name -> ABSENT.matcher(name).matches());
            page.samples.removeIf(
                    name -> ABSENT.matcher(name.replaceFirst("\\[.*", "")).matches());
            return page;
        }

        /** Whether each mechanism was used and a target scraped twice. */
        boolean isComplete() {
            return samples.contains("prometheus_target_interval_length_seconds_count[interval]")
                    && samples.contains("prometheus_sd_file_mtime_seconds[filename]")
                    && samples.contains("prometheus_sd_refresh_duration_seconds_count[config, mechanism]");
        }
    }

    private interface MetricsPage {
        String read() throws IOException;
    }

    private static Page complete(MetricsPage page) {
        return await().atMost(ServerProcess.LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> Page.of(page.read()), Page::isComplete);
    }

    private String config(String address) throws IOException {
        Path file = directory.resolve("targets.json");
        Files.writeString(file, "[{\"targets\": [\"127.0.0.1:1\"]}]");
        return CONFIG.replace("ADDRESS", address).replace("FILE", file.toString());
    }

    @Test
    void tellsOfScrapingAndDiscoveryUnderPrometheusNames() throws Exception {
        Optional<Path> newest = Peers.newestPrometheus();
        Path program = newest.orElseGet(Peers::prometheus);
        Path place = Files.createDirectories(directory.resolve("peer"));
        // Its own address is not known before it starts: it scrapes nothing that answers, and its intervals count.
        Page theirs;
        try (PeerProcess peer = PeerProcess.prometheus(program, config("127.0.0.1:1"), place, "--log.level=error")) {
            theirs = complete(() -> peer.get("/metrics").body());
        }
        int port = ServerProcess.freePort();
        Path own = Files.createDirectories(directory.resolve("own"));
        Files.writeString(own.resolve("prometheus.yml"), config("127.0.0.1:" + port));
        Page ours;
        try (ServerProcess server = ServerProcess.start(
                own,
                port,
                "run",
                "--config.file=" + own.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + own.resolve("data"))) {
            ours = complete(() -> server.get("/metrics").body());
        }
        assertThat(theirs.types).hasSizeGreaterThan(30);
        assertThat(ours.types).containsAllEntriesOf(theirs.types);
        assertThat(ours.samples).containsAll(theirs.samples);
        if (newest.isPresent()) {
            assertThat(ours.types).isEqualTo(theirs.types);
            assertThat(ours.texts).isEqualTo(theirs.texts);
        }
    }
}
