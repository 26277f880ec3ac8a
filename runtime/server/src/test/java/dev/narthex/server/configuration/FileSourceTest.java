// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.ConfigException;
import dev.narthex.config.Configuration;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.file.ConfigurationFiles;
import dev.narthex.config.section.ConfigurationAssembler;
import dev.narthex.testkit.time.ManualScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
}
