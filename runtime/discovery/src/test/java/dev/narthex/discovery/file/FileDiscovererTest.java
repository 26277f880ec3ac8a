// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.FileDiscoveryConfig;
import dev.narthex.discovery.DiscoveryMetrics;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.testkit.time.ManualScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDiscovererTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    private Path directory;

    private final ManualScheduler scheduler = new ManualScheduler();
    private final DiscoveryMetrics metrics = new DiscoveryMetrics();
    private final List<List<TargetGroup>> updates = new ArrayList<>();
    private FileDiscoverer discoverer;
    private long writes;

    @BeforeEach
    void make() {
        discoverer = new FileDiscoverer(
                new FileDiscoveryConfig(List.of(directory + "/*.json", directory + "/more.yml"), Duration.ofMinutes(5)),
                scheduler,
                metrics);
    }

    @AfterEach
    void close() {
        discoverer.close();
    }

    private void write(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        // Each has a time of its own, however fast they follow each other.
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_700_000_000 + writes++)));
    }

    private void start() {
        discoverer.start(updates::add);
        scheduler.advance(Duration.ZERO);
    }

    /** What all updates so far come to: targets by source. */
    private Map<String, String> state() {
        Map<String, String> state = new TreeMap<>();
        for (List<TargetGroup> update : updates) {
            for (TargetGroup group : update) {
                String source = group.source().replace(directory + "/", "");
                if (group.targets().isEmpty()) {
                    state.remove(source);
                } else {
                    state.put(source, (group.labels() + " " + group.targets()).replace(directory + "/", ""));
                }
            }
        }
        return state;
    }

    @Test
    void readsJsonAndYaml() throws IOException {
        write(
                "a.json",
                "[\t{\"targets\": [\"a:1\", \"b:2\"], \"labels\": {\"x\": \"y\\u0041\"}},\n{\"targets\":[\"c:3\"]}]");
        write("more.yml", "- targets: ['d:4']\n  labels: {n: 5, e: ''}\n");
        write("ignored.yml", "- targets: ['e:5']\n");
        start();
        assertThat(state())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "a.json:0",
                                "{__meta_filepath=\"a.json\", x=\"yA\"} [{__address__=\"a:1\"}, {__address__=\"b:2\"}]",
                        "a.json:1", "{__meta_filepath=\"a.json\"} [{__address__=\"c:3\"}]",
                        "more.yml:0", "{__meta_filepath=\"more.yml\", n=\"5\"} [{__address__=\"d:4\"}]"));
        assertThat(metrics.fileTimes()).hasSize(2).containsEntry(directory + "/a.json", 1.7e9);
        assertThat(metrics.fileScans.count()).isEqualTo(1);
    }

    @Test
    void seesWithinASecondWhatHasComeChangedAndGone() throws IOException {
        start();
        assertThat(updates).containsExactly(List.of());
        write("a.json", "[{\"targets\": [\"a:1\"]}, {\"targets\": [\"b:1\"]}]");
        scheduler.advance(SECOND);
        assertThat(state()).containsOnlyKeys("a.json:0", "a.json:1");
        write("a.json", "[{\"targets\": [\"c:1\"]}]");
        scheduler.advance(SECOND);
        assertThat(state()).containsOnlyKeys("a.json:0");
        assertThat(state().get("a.json:0")).contains("c:1");
        int before = updates.size();
        scheduler.advance(Duration.ofSeconds(10));
        assertThat(updates).as("updates where nothing has changed").hasSize(before);
        Files.delete(directory.resolve("a.json"));
        scheduler.advance(SECOND);
        assertThat(state()).isEmpty();
        assertThat(metrics.fileTimes()).isEmpty();
    }

    @Test
    void keepsTheLastGoodTargetsOfABadFile() throws IOException {
        write("a.json", "[{\"targets\": [\"a:1\"]}]");
        start();
        for (String bad : List.of(
                "",
                "{",
                "{}",
                "[{\"targets\": [1]}]",
                "[{\"targets\": \"a:1\"}]",
                "[null]",
                "[{\"targets\": [\"a\"], \"labels\": []}]",
                "[{\"targets\": [\"b:1\"], \"labels\": {\"a\": 1}}]")) {
            long errors = metrics.fileReadErrors.sum();
            write("a.json", bad);
            scheduler.advance(Duration.ofSeconds(3));
            assertThat(metrics.fileReadErrors.sum()).as("errors of " + bad).isEqualTo(errors + 1);
            assertThat(state().get("a.json:0")).as("targets after " + bad).contains("a:1");
        }
        write("a.json", "[{\"targets\": [\"d:1\"]}]");
        scheduler.advance(SECOND);
        assertThat(state().get("a.json:0")).contains("d:1");
    }

    @Test
    void refusesUnknownKeysInYaml() throws IOException {
        write("more.yml", "- targets: ['a:1']\n  label: {}\n");
        start();
        assertThat(state()).isEmpty();
        assertThat(metrics.fileReadErrors.sum()).isEqualTo(1);
    }

    @Test
    void readsAllAgainAfterTheInterval() throws IOException {
        write("a.json", "[{\"targets\": [\"a:1\"]}]");
        start();
        scheduler.advance(Duration.ofMinutes(5).plusSeconds(1));
        assertThat(metrics.fileScans.count()).isEqualTo(2);
        discoverer.close();
        int before = updates.size();
        write("a.json", "[]");
        scheduler.advance(Duration.ofMinutes(10));
        assertThat(updates).hasSize(before);
    }
}
