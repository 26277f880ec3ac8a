// SPDX-License-Identifier: Apache-2.0
package dev.narthex.benchmarks;

import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.storage.Appender;
import dev.narthex.tsdb.Tsdb;
import dev.narthex.tsdb.TsdbConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A TSDB in a directory of its own, which knows some series. For one thread. */
final class KnownSeries implements AutoCloseable {
    /** The samples are of no year in particular, and none may go because of its age. */
    private static final Duration KEPT = Duration.ofDays(100 * 365);

    private final SystemScheduler scheduler = new SystemScheduler("benchmark");
    private final Path directory;
    private final Tsdb tsdb;
    private final long[] refs;

    /**
     * Opens it.
     *
     * @param change made to the default settings
     * @param firstMs each series gets one sample at this time
     */
    KnownSeries(int series, long firstMs, Consumer<TsdbConfig.Builder> change) throws IOException {
        directory = Files.createTempDirectory("narthex-benchmark");
        tsdb = Tsdb.open(TsdbConfig.defaults(
                        directory,
                        new LocalFiles(),
                        scheduler,
                        new MemoryAccount(Runtime.getRuntime().maxMemory()))
                .with(config -> {
                    config.retention = KEPT;
                    change.accept(config);
                }));
        refs = new long[series];
        try (Appender appender = tsdb.appender()) {
            for (int i = 0; i < series; i++) {
                refs[i] = appender.series(Labels.of(
                        Labels.METRIC_NAME, "requests_total", "instance", "10.0.0." + i / 1000, "path", "/" + i));
                appender.append(refs[i], firstMs, i);
            }
            appender.commit();
        }
    }

    /** The references of the series. */
    long[] refs() {
        return refs;
    }

    Appender appender() {
        return tsdb.appender();
    }

    @Override
    public void close() throws IOException {
        tsdb.close();
        scheduler.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
