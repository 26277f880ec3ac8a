// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.ConfigException;
import dev.narthex.config.Configuration;
import dev.narthex.config.StorageConfig;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.testkit.time.ManualScheduler;
import dev.narthex.tsdb.TsdbConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfiguredRetentionTest {
    private final ManualScheduler scheduler = new ManualScheduler();

    private final StorageComponent storage = new StorageComponent(
            TsdbConfig.defaults(Path.of("/data"), new FaultyFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE))
                    .with(config -> {
                        config.retention = Duration.ofDays(5);
                        config.retentionBytes = 2L << 30;
                    }));

    private void apply(String yaml) throws ConfigException {
        storage.apply(new Configuration(
                new ConfigLoader(_ -> "").prometheus(yaml, "p.yml"), List.of(), AlertmanagerConfig.EMPTY));
    }

    private void scrapeFor(Duration time) throws IOException {
        for (int minute = 0; minute < time.toMinutes(); minute++) {
            scheduler.advance(Duration.ofMinutes(1));
            try (Appender appender = storage.appender()) {
                appender.append(
                        appender.series(Labels.of("__name__", "up")),
                        scheduler.clock().millis(),
                        minute);
                appender.commit();
            }
        }
    }

    private Duration kept() {
        long oldest = storage.stats().orElseThrow().blocks().minTimeMs();
        return Duration.ofMillis(scheduler.clock().millis() - oldest);
    }

    @Test
    void isThatOfTheConfigurationAsAWholeOrOfTheCommandLineWhereThatSaysNothing() throws Exception {
        StorageConfig.Retention ofCommandLine = new StorageConfig.Retention(Duration.ofDays(5), 2L << 30, 0);
        assertThat(storage.retention()).isEqualTo(ofCommandLine);
        apply("storage: {tsdb: {retention: {time: 3h, percentage: 50}}}");
        assertThat(storage.retention()).isEqualTo(new StorageConfig.Retention(Duration.ofHours(3), 0, 50));
        apply("storage: {tsdb: {retention: {size: 1GB}}}");
        assertThat(storage.retention()).isEqualTo(new StorageConfig.Retention(Duration.ZERO, 1L << 30, 0));
        apply("storage: {tsdb: {out_of_order_time_window: 1h}}");
        assertThat(storage.retention()).isEqualTo(ofCommandLine);
    }

    @Test
    void countsFromAReloadOn() throws Exception {
        apply("storage: {tsdb: {retention: {}}}");
        storage.start();
        try {
            storage.replaying().start();
            scrapeFor(Duration.ofHours(24));
            assertThat(kept()).isGreaterThan(Duration.ofHours(23));
            apply("storage: {tsdb: {retention: {time: 7h}}}");
            scrapeFor(Duration.ofHours(4));
            assertThat(kept()).isBetween(Duration.ofHours(7), Duration.ofHours(13));
        } finally {
            storage.stop(Duration.ofSeconds(1));
        }
    }
}
