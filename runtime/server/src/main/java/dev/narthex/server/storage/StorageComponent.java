// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.storage;

import dev.narthex.config.Configuration;
import dev.narthex.config.StorageConfig;
import dev.narthex.model.LabelMatcher;
import dev.narthex.server.api.AdminApi;
import dev.narthex.server.lifecycle.Component;
import dev.narthex.storage.Appendable;
import dev.narthex.storage.Appender;
import dev.narthex.storage.ExemplarQueryable;
import dev.narthex.storage.ExemplarSeries;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.tsdb.ReplayProgress;
import dev.narthex.tsdb.Retention;
import dev.narthex.tsdb.Tsdb;
import dev.narthex.tsdb.TsdbConfig;
import dev.narthex.tsdb.TsdbStats;
import dev.narthex.tsdb.block.BlockMeta;
import dev.narthex.tsdb.head.ExemplarStats;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opens the TSDB for appends when it is started; the rooms that use it are made before that. {@link #replaying} brings back
 * what the data directory holds.
 */
public final class StorageComponent implements Component, Appendable, Queryable, ExemplarQueryable, AdminApi.Storage {
    private final TsdbConfig config;
    private volatile @Nullable Tsdb tsdb;
    private volatile ReplayProgress progress = new ReplayProgress(0, 0, 0);
    private volatile Duration outOfOrderWindow = Duration.ZERO;
    private volatile double staleSeriesThreshold;
    private volatile StorageConfig.Retention retention;

    public StorageComponent(TsdbConfig config) {
        this.config = config.with(
                b -> b.replayProgress = (first, current, last) -> progress = new ReplayProgress(first, last, current));
        staleSeriesThreshold = config.staleSeriesThreshold();
        retention = ofCommandLine();
    }

    @Override
    public String name() {
        return "storage " + config.directory();
    }

    @Override
    public void start() throws IOException {
        Tsdb begun = Tsdb.begin(config);
        progress = begun.replayProgress();
        tsdb = begun;
        begun.setOutOfOrderWindow(outOfOrderWindow); // behind the line above: a reload may be under way
        begun.setStaleSeriesThreshold(staleSeriesThreshold);
        begun.setRetention(limits(retention));
    }

    /** The part that replays the log, once all that appends has been set to work; queries are answered when it is started. */
    public Component replaying() {
        return new Component() {
            @Override
            public String name() {
                return "replay of " + config.directory();
            }

            @Override
            public void start() throws IOException {
                Tsdb begun = open();
                begun.replay();
                progress = begun.replayProgress();
            }

            @Override
            public void giveUpStarting() {
                Tsdb begun = tsdb;
                if (begun != null) {
                    begun.giveUpReplay();
                }
            }

            @Override
            public void stop(Duration deadline) {
                // The storage has what it brought back.
            }
        };
    }

    /** How far the replay of the log has come. */
    public ReplayProgress replayProgress() {
        return progress;
    }

    /** Takes over what the configuration says of the storage; a window counts from the end of the replay on. */
    public void apply(Configuration configuration) {
        StorageConfig.Tsdb section = configuration.prometheus().storage().tsdb();
        outOfOrderWindow = section == null ? Duration.ZERO : section.outOfOrderTimeWindow();
        Double threshold = section == null ? null : section.staleSeriesCompactionThreshold();
        staleSeriesThreshold = threshold == null ? config.staleSeriesThreshold() : threshold;
        StorageConfig.Retention ofFile = section == null ? null : section.retention();
        retention = ofFile == null ? ofCommandLine() : ofFile;
        Tsdb current = tsdb;
        if (current != null) {
            current.setOutOfOrderWindow(outOfOrderWindow);
            current.setStaleSeriesThreshold(staleSeriesThreshold);
            current.setRetention(limits(retention));
        }
    }

    /**
     * How much of the past is kept: what the configuration says, as a whole, or the command line where that says nothing.
     * Zero for no such limit.
     */
    public StorageConfig.Retention retention() {
        return retention;
    }

    private StorageConfig.Retention ofCommandLine() {
        Duration time = config.retention().compareTo(Retention.WITHOUT_END) < 0 ? config.retention() : Duration.ZERO;
        long bytes = config.retentionBytes() == Long.MAX_VALUE ? 0 : config.retentionBytes();
        return new StorageConfig.Retention(time, bytes, config.retentionPercentage());
    }

    /** A percentage takes the place of a size, as in Prometheus. */
    private static Retention limits(StorageConfig.Retention given) {
        return new Retention(
                given.time().isZero() ? Retention.WITHOUT_END : given.time(),
                given.sizeBytes() == 0 || given.percentage() > 0 ? Long.MAX_VALUE : given.sizeBytes(),
                given.percentage());
    }

    @Override
    public Appender appender() {
        return open().appender();
    }

    @Override
    public Querier querier(long mintMs, long maxtMs) {
        return open().querier(mintMs, maxtMs);
    }

    @Override
    public List<ExemplarSeries> exemplars(long startMs, long endMs, List<List<LabelMatcher>> selectors) {
        return open().exemplars().exemplars(startMs, endMs, selectors);
    }

    @Override
    public void delete(long startMs, long endMs, List<LabelMatcher> matchers) throws IOException {
        open().delete(startMs, endMs, matchers);
    }

    @Override
    public void cleanTombstones() throws IOException {
        open().cleanTombstones();
    }

    @Override
    public void snapshot(String name, boolean skipHead) throws IOException {
        open().snapshot(config.directory().resolve("snapshots").resolve(name), skipHead);
    }

    /** The blocks on disk, in order of time; none while the TSDB is not open. */
    public List<BlockMeta> blocks() {
        Tsdb current = tsdb;
        return current == null ? List.of() : current.blocks();
    }

    /** What the TSDB holds; nothing while it is not open. */
    public Optional<TsdbStats> stats() {
        Tsdb current = tsdb;
        return current == null ? Optional.empty() : Optional.of(current.stats());
    }

    /** What exemplars are held; nothing while the TSDB is not open. */
    public Optional<ExemplarStats> exemplarStats() {
        Tsdb current = tsdb;
        return current == null ? Optional.empty() : Optional.of(current.exemplarStats());
    }

    /** Samples added since the start; 0 while the TSDB is not open. */
    public long samplesAppended() {
        return stats().map(stats -> stats.head().samplesAppended()).orElse(0L);
    }

    private Tsdb open() {
        Tsdb current = tsdb;
        if (current == null) {
            throw new IllegalStateException("storage: not open; the server is starting or has stopped");
        }
        return current;
    }

    @Override
    public void stop(Duration deadline) throws IOException {
        Tsdb current = tsdb;
        tsdb = null;
        if (current != null) {
            current.close();
        }
    }
}
