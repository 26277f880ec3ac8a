// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.ScrapeConfig;

/**
 * How samples of an exposition are taken, apart from their labels.
 *
 * @param honorTimestamps whether timestamps of the target are kept
 * @param trackTimestampsStaleness whether series with timestamps of their own become stale when they disappear
 * @param sampleLimit most samples of a scrape after relabelling, 0 for no limit
 * @param nativeHistograms whether native histograms are taken in place of their classic form
 * @param alwaysClassicHistograms whether the classic form is taken even where there is another
 * @param convertClassicHistograms whether classic histograms are turned into native ones with custom buckets
 * @param bucketLimit most buckets of a native histogram, which is made coarser to keep it; 0 for no limit
 * @param minBucketFactor least growth from a bucket of a native histogram to the next, which is made coarser to have it
 * @param startTimestamps whether start timestamps are handed to the storage, and {@code _created} lines taken for them
 * @param metadata whether metadata is handed to the storage
 */
record IngestRules(
        boolean honorTimestamps,
        boolean trackTimestampsStaleness,
        int sampleLimit,
        boolean nativeHistograms,
        boolean alwaysClassicHistograms,
        boolean convertClassicHistograms,
        int bucketLimit,
        double minBucketFactor,
        boolean startTimestamps,
        boolean metadata) {
    static final IngestRules DEFAULT = new IngestRules(true, false, 0, false, false, false, 0, 0, false, false);

    static IngestRules of(ScrapeConfig config) {
        return new IngestRules(
                config.honorTimestamps(),
                config.trackTimestampsStaleness(),
                config.sampleLimit(),
                config.scrapeNativeHistograms(),
                config.alwaysScrapeClassicHistograms(),
                config.convertClassicHistogramsToNhcb(),
                (int) Math.min(config.limits().nativeHistogramBuckets(), Integer.MAX_VALUE),
                config.limits().nativeHistogramMinBucketFactor(),
                DEFAULT.startTimestamps,
                DEFAULT.metadata);
    }

    IngestRules withHonorTimestamps(boolean honor) {
        return new IngestRules(
                honor,
                trackTimestampsStaleness,
                sampleLimit,
                nativeHistograms,
                alwaysClassicHistograms,
                convertClassicHistograms,
                bucketLimit,
                minBucketFactor,
                startTimestamps,
                metadata);
    }

    IngestRules withTrackTimestampsStaleness(boolean track) {
        return new IngestRules(
                honorTimestamps,
                track,
                sampleLimit,
                nativeHistograms,
                alwaysClassicHistograms,
                convertClassicHistograms,
                bucketLimit,
                minBucketFactor,
                startTimestamps,
                metadata);
    }

    IngestRules withSampleLimit(int limit) {
        return new IngestRules(
                honorTimestamps,
                trackTimestampsStaleness,
                limit,
                nativeHistograms,
                alwaysClassicHistograms,
                convertClassicHistograms,
                bucketLimit,
                minBucketFactor,
                startTimestamps,
                metadata);
    }

    IngestRules withHistograms(boolean wantNative, boolean alwaysClassic, boolean convertClassic) {
        return new IngestRules(
                honorTimestamps,
                trackTimestampsStaleness,
                sampleLimit,
                wantNative,
                alwaysClassic,
                convertClassic,
                bucketLimit,
                minBucketFactor,
                startTimestamps,
                metadata);
    }

    IngestRules withBuckets(int limit, double minFactor) {
        return new IngestRules(
                honorTimestamps,
                trackTimestampsStaleness,
                sampleLimit,
                nativeHistograms,
                alwaysClassicHistograms,
                convertClassicHistograms,
                limit,
                minFactor,
                startTimestamps,
                metadata);
    }

    IngestRules withHandedOver(boolean handStartTimestamps, boolean handMetadata) {
        return new IngestRules(
                honorTimestamps,
                trackTimestampsStaleness,
                sampleLimit,
                nativeHistograms,
                alwaysClassicHistograms,
                convertClassicHistograms,
                bucketLimit,
                minBucketFactor,
                handStartTimestamps,
                handMetadata);
    }
}
