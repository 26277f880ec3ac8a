// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import dev.narthex.promql.syntax.PromqlFeature;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --enable-feature} switches on, by Prometheus' names.
 *
 * @param promql experimental parts of the language
 * @param startTimestampZeros whether a zero is stored where the counting of a sample began
 * @param startTimestamps whether start timestamps of samples are stored
 * @param metadataRecords whether what targets say of their metrics is stored
 * @param search whether {@code /api/v1/search/*} answers
 * @param autoReload whether files of a configuration that have changed are read anew
 * @param extraScrapeMetrics whether every job writes the series of {@code extra_scrape_metrics}
 * @param headSnapshot whether a stop leaves a snapshot of the samples in memory
 * @param withoutEffect names that change nothing here: what they ask for is on, or is not there
 */
public record FeatureFlags(
        Set<PromqlFeature> promql,
        boolean startTimestampZeros,
        boolean startTimestamps,
        boolean metadataRecords,
        boolean search,
        boolean autoReload,
        boolean extraScrapeMetrics,
        boolean headSnapshot,
        List<String> withoutEffect) {
    static final String FLAG = "enable-feature";

    private static final String START_TIMESTAMP_ZEROS = "created-timestamp-zero-ingestion";
    private static final String START_TIMESTAMPS = "st-storage";
    private static final String METADATA_RECORDS = "metadata-wal-records";
    private static final String SEARCH = "search-api";
    private static final String EXTRA_SCRAPE_METRICS = "extra-scrape-metrics";
    private static final String HEAD_SNAPSHOT = "memory-snapshot-on-shutdown";
    private static final String AUTO_RELOAD = "auto-reload-config";
    /** On anyway. */
    private static final Set<String> ALWAYS_ON =
            Set.of("exemplar-storage", "native-histograms", "promql-duration-expr");

    public FeatureFlags {
        promql = Set.copyOf(promql);
        withoutEffect = List.copyOf(withoutEffect);
    }

    /** Whether start timestamps are to be read from targets and from remote writes. */
    public boolean readsStartTimestamps() {
        return startTimestampZeros || startTimestamps;
    }

    static Flag flag() {
        return Flag.repeated(
                FLAG,
                "",
                "Names of experimental features, separated by commas: promql-experimental-functions,"
                        + " promql-extended-range-selectors, promql-binop-fill-modifiers, promql-delayed-name-removal,"
                        + " promql-per-step-stats, type-and-unit-labels, use-start-timestamps,"
                        + " created-timestamp-zero-ingestion, st-storage, metadata-wal-records, extra-scrape-metrics,"
                        + " search-api, auto-reload-config, memory-snapshot-on-shutdown.");
    }

    static FeatureFlags read(FlagValues values) {
        Set<PromqlFeature> promql = EnumSet.noneOf(PromqlFeature.class);
        boolean zeros = false;
        boolean starts = false;
        boolean metadata = false;
        boolean search = false;
        boolean reload = false;
        boolean extra = false;
        boolean snapshot = false;
        List<String> others = new ArrayList<>();
        for (String given : values.all(FLAG)) {
            for (String name : given.split(",", -1)) {
                PromqlFeature feature = feature(name);
                if (feature != null) {
                    promql.add(feature);
                } else if (name.equals(START_TIMESTAMP_ZEROS)) {
                    zeros = true;
                } else if (name.equals(START_TIMESTAMPS)) {
                    starts = true;
                } else if (name.equals(METADATA_RECORDS)) {
                    metadata = true;
                } else if (name.equals(SEARCH)) {
                    search = true;
                } else if (name.equals(AUTO_RELOAD)) {
                    reload = true;
                } else if (name.equals(EXTRA_SCRAPE_METRICS)) {
                    extra = true;
                } else if (name.equals(HEAD_SNAPSHOT)) {
                    snapshot = true;
                } else if (!name.isEmpty() && !ALWAYS_ON.contains(name)) {
                    others.add(FLAG + "=" + name);
                }
            }
        }
        return new FeatureFlags(promql, zeros, starts, metadata, search, reload, extra, snapshot, others);
    }

    private static @Nullable PromqlFeature feature(String name) {
        for (PromqlFeature feature : PromqlFeature.values()) {
            if (feature.flag().equals(name)) {
                return feature;
            }
        }
        return null;
    }
}
