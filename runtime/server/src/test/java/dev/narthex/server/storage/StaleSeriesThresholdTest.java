// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.ConfigException;
import dev.narthex.config.Configuration;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.testkit.time.ManualScheduler;
import dev.narthex.tsdb.TsdbConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StaleSeriesThresholdTest {
    private final ManualScheduler scheduler = new ManualScheduler();

    private final StorageComponent storage = new StorageComponent(
            TsdbConfig.defaults(Path.of("/data"), new FaultyFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE))
                    .with(config -> config.staleSeriesThreshold = 0.3));

    private void apply(String yaml) throws ConfigException {
        storage.apply(new Configuration(
                new ConfigLoader(_ -> "").prometheus(yaml, "p.yml"), List.of(), AlertmanagerConfig.EMPTY));
    }

    private void scrape(int from, int to, double value) throws IOException {
        try (Appender appender = storage.appender()) {
            for (int i = from; i < to; i++) {
                Labels labels = Labels.of("__name__", "up", "i", Integer.toString(i));
                appender.append(appender.series(labels), scheduler.clock().millis(), value);
            }
            appender.commit();
        }
    }

    private long seriesAfter(int minutes) throws IOException {
        for (int i = 0; i < minutes; i++) {
            scheduler.advance(Duration.ofMinutes(1));
            scrape(5, 10, i);
        }
        return storage.stats().orElseThrow().head().series();
    }

    @Test
    void itIsThatOfTheConfigurationOrOurOwnWhereThatSaysNothing() throws Exception {
        apply("storage: {tsdb: {stale_series_compaction_threshold: 0}}");
        storage.start();
        try {
            storage.replaying().start();
            scrape(0, 10, 1);
            scheduler.advance(Duration.ofMinutes(1));
            scrape(0, 5, StalenessMarker.VALUE);
            scrape(5, 10, 1);
            assertThat(seriesAfter(20)).isEqualTo(10);
            apply("storage: {tsdb: {stale_series_compaction_threshold: 0.6}}");
            assertThat(seriesAfter(5)).isEqualTo(10);
            apply("global: {}");
            assertThat(seriesAfter(5)).isEqualTo(5);
        } finally {
            storage.stop(Duration.ofSeconds(1));
        }
    }
}
