// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.ConfigException;
import dev.narthex.config.Configuration;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.file.ConfigurationFiles;
import dev.narthex.config.section.ConfigurationAssembler;
import dev.narthex.testkit.time.ManualScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSourceTest {
    @TempDir
    Path directory;

    private final ManualScheduler scheduler = new ManualScheduler();
    private final ConfigLoader loader = new ConfigLoader(_ -> "");
    private final ConfigurationControl control =
            new ConfigurationControl(scheduler.clock(), new ConfigurationAssembler(loader), _ -> List.of(), List.of());
    private final ConfigurationFiles files = new ConfigurationFiles(loader);
    private Path file = Path.of("");

    @BeforeEach
    void begin() throws IOException {
        file = directory.resolve("prometheus.yml");
        write("first");
    }

    private void write(String job) throws IOException {
        Files.writeString(file, "scrape_configs: [{job_name: " + job + "}]\n");
    }

    private FileSource source(@Nullable Configuration first, Duration interval) {
        return new FileSource(files, file, null, first, control, scheduler, interval);
    }

    private String job() throws ConfigException {
        return control.loaded()
                .configuration()
                .prometheus()
                .allScrapeConfigs()
                .getFirst()
                .jobName();
    }

    @Test
    void startsWithWhatWasReadBeforeAndReadsTheFilesAtAReload() throws IOException, ConfigException {
        Configuration read = files.load(file, Optional.empty());
        write("second");
        FileSource source = source(read, Duration.ZERO);
        source.start();
        assertThat(job()).isEqualTo("first");
        source.reload();
        assertThat(job()).isEqualTo("second");
    }

    @Test
    void readsTheFilesWhereNobodyHasReadThem() throws IOException, ConfigException {
        write("second");
        source(null, Duration.ZERO).start();
        assertThat(job()).isEqualTo("second");
    }

    @Test
    void readsTheFilesAgainWhereChangesAreLookedFor() throws IOException, ConfigException {
        Configuration read = files.load(file, Optional.empty());
        write("second");
        source(read, Duration.ofSeconds(30)).start();
        assertThat(job()).isEqualTo("second");
    }

    @Test
    void whatChangesWhileFilesAreReadIsReadAtTheNextLook() throws IOException, ConfigException {
        Files.writeString(file, "global: {external_labels: {a: $A}}\nscrape_configs: [{job_name: first}]\n");
        AtomicInteger readings = new AtomicInteger();
        ConfigLoader slow = new ConfigLoader(_ -> {
            // Looked for names of files first, then read to be put to work.
            if (readings.incrementAndGet() == 2) {
                writeUnchecked("second");
            }
            return "x";
        });
        Duration interval = Duration.ofSeconds(30);
        new FileSource(new ConfigurationFiles(slow), file, null, null, control, scheduler, interval).start();
        assertThat(job()).isEqualTo("first");
        scheduler.advance(interval);
        assertThat(job()).isEqualTo("second");
    }

    private void writeUnchecked(String job) {
        try {
            write(job);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFileThatWasBrokenWhenItWasFirstNamedIsReadOnceItIsMended() throws IOException, ConfigException {
        Duration interval = Duration.ofSeconds(30);
        source(null, interval).start();
        Path rules = directory.resolve("rules.yml");
        Files.writeString(rules, "groups: [\n");
        Files.writeString(file, "rule_files: [rules.yml]\nscrape_configs: [{job_name: second}]\n");
        scheduler.advance(interval);
        assertThat(job()).isEqualTo("first");
        Files.writeString(rules, "groups: []\n");
        scheduler.advance(interval);
        assertThat(job()).isEqualTo("second");
    }

    @Test
    void filesThatMatchAPatternLaterAreRead() throws IOException, ConfigException {
        Duration interval = Duration.ofSeconds(30);
        Files.writeString(file, "scrape_config_files: [more/*.yml]\nscrape_configs: [{job_name: first}]\n");
        source(null, interval).start();
        Path more = Files.createDirectory(directory.resolve("more"));
        Files.writeString(more.resolve("a.yml"), "scrape_configs: [{job_name: second}]\n");
        scheduler.advance(interval);
        assertThat(control.loaded().configuration().prometheus().allScrapeConfigs())
                .extracting(ScrapeConfig::jobName)
                .containsExactly("first", "second");
    }
}
