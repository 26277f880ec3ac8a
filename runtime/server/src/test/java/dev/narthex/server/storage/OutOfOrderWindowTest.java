// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.ConfigException;
import dev.narthex.config.Configuration;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.tsdb.TsdbConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutOfOrderWindowTest {
    private static final long NOW_MS = 1_767_225_600_000L;

    @TempDir
    private Path directory;

    private static Configuration configuration(String yaml) throws ConfigException {
        return new Configuration(
                new ConfigLoader(_ -> "").prometheus(yaml, "p.yml"), List.of(), AlertmanagerConfig.EMPTY);
    }

    private static AppendResult append(StorageComponent storage, long timestampMs) throws IOException {
        try (Appender appender = storage.appender()) {
            AppendResult result = appender.append(appender.series(Labels.of("__name__", "a")), timestampMs, 1);
            appender.commit();
            return result;
        }
    }

    @Test
    void theWindowIsThatOfTheConfigurationAndChangesWithIt() throws IOException, ConfigException, InterruptedException {
        try (SystemScheduler scheduler = new SystemScheduler("test")) {
            StorageComponent storage = new StorageComponent(
                    TsdbConfig.defaults(directory, new LocalFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE)));
            storage.apply(configuration("storage: {tsdb: {out_of_order_time_window: 30m}}"));
            storage.start();
            try {
                storage.replaying().start();
                append(storage, NOW_MS);
                assertThat(append(storage, NOW_MS - 1_000)).isEqualTo(AppendResult.ACCEPTED);
                assertThat(append(storage, NOW_MS - 1_900_000)).isEqualTo(AppendResult.TOO_OLD);
                storage.apply(configuration("global: {}"));
                assertThat(append(storage, NOW_MS - 2_000)).isEqualTo(AppendResult.OUT_OF_ORDER);
                storage.apply(configuration("storage: {tsdb: {out_of_order_time_window: 1h}}"));
                assertThat(append(storage, NOW_MS - 1_900_000)).isEqualTo(AppendResult.ACCEPTED);
            } finally {
                storage.stop(Duration.ofSeconds(1));
            }
        }
    }
}
