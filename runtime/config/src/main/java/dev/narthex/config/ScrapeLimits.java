// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/**
 * What a scrape may bring at most; a scrape that exceeds one is refused as a whole. 0 stands for no limit everywhere.
 *
 * @param bodySizeBytes most bytes of an uncompressed body
 * @param samples most samples after relabelling
 * @param targets most targets of a job after relabelling
 * @param labels most labels of a sample
 * @param labelNameLength longest label name, in bytes
 * @param labelValueLength longest label value, in bytes
 * @param keepDroppedTargets most dropped targets of a job that are kept in memory for the report
 * @param nativeHistogramBuckets most buckets of a native histogram; one that has more is merged to fewer
 * @param nativeHistogramMinBucketFactor least factor from one bucket to the next of a native histogram
 */
public record ScrapeLimits(
        long bodySizeBytes,
        long samples,
        long targets,
        long labels,
        long labelNameLength,
        long labelValueLength,
        long keepDroppedTargets,
        long nativeHistogramBuckets,
        double nativeHistogramMinBucketFactor) {
    public static final ScrapeLimits NONE = new ScrapeLimits(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** The same with a limit on samples and on the body. */
    public ScrapeLimits with(long samples, long bodySizeBytes) {
        return new ScrapeLimits(
                bodySizeBytes,
                samples,
                targets,
                labels,
                labelNameLength,
                labelValueLength,
                keepDroppedTargets,
                nativeHistogramBuckets,
                nativeHistogramMinBucketFactor);
    }
}
