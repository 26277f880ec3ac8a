// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.narthex.config.ConfigException;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.config.section.ConfigurationAssembler;
import dev.narthex.config.section.ResourceId;
import dev.narthex.config.section.ResourceSection;
import dev.narthex.config.section.SectionBuckets;
import dev.narthex.discovery.kubernetes.KubernetesAccess;
import dev.narthex.testkit.time.ManualScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source of Secrets while the API server is away; with one, the operator's tests show it. */
class SecretSourceIT {
    private static final ResourceId VOLUME = new ResourceId(ResourceId.STORAGE_VOLUME, "monitoring", "main");

    private final ManualScheduler scheduler = new ManualScheduler();
    private final ConfigurationControl control = new ConfigurationControl(
            scheduler.clock(), new ConfigurationAssembler(new ConfigLoader(_ -> "")), _ -> List.of(), List.of());

    private SecretSource source(Path mountedCopy) {
        return new SecretSource(
                "monitoring",
                "main",
                mountedCopy,
                control,
                scheduler,
                KubernetesAccess.apiServer("http://127.0.0.1:1"));
    }

    private static void mount(Path directory) throws IOException {
        List<byte[]> buckets =
                SectionBuckets.pack(List.of(new ResourceSection(VOLUME, 3, "global: {scrape_interval: 7s}\n")));
        for (int i = 0; i < buckets.size(); i++) {
            Files.write(directory.resolve("main-config-" + i), buckets.get(i));
        }
    }

    @Test
    void usesTheMountedCopyWhereTheApiServerDoesNotAnswerSoon(@TempDir Path directory) throws Exception {
        mount(directory);
        SecretSource source = source(directory);
        source.start();
        assertThat(control.loaded().loadedAt()).isNull();

        scheduler.advance(Duration.ofSeconds(3));

        assertThat(control.loaded().running()).containsOnlyKeys(VOLUME);
        assertThat(control.loaded().configuration().prometheus().global().scrapeInterval())
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(source.storageVolume()).contains(VOLUME);
        source.reload();
        source.stop(Duration.ofSeconds(5));
    }

    @Test
    void runsNothingWhileTheCopyIsNotComplete(@TempDir Path directory) throws Exception {
        mount(directory);
        Files.delete(directory.resolve("main-config-7"));
        SecretSource source = source(directory);
        source.start();
        scheduler.advance(Duration.ofSeconds(3));

        assertThat(control.loaded().loadedAt()).isNull();
        source.stop(Duration.ofSeconds(5));
    }

    @Test
    void tellsOnReloadWhatKeepsTheConfigurationFromLoading(@TempDir Path directory) {
        SecretSource source = source(directory);
        control.failed("a bucket is no gzip");

        assertThat(catchThrowableOfType(ConfigException.class, source::reload))
                .hasMessageContaining("StorageVolume monitoring/main: a bucket is no gzip");
        source.stop(Duration.ofSeconds(5));
    }
}
