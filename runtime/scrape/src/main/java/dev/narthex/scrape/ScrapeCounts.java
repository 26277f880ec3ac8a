// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

/** What one scrape came to; reused from scrape to scrape. For one thread. */
final class ScrapeCounts {
    /** Samples in the exposition. */
    int scraped;
    /** Samples that relabelling left. */
    int afterRelabelling;
    /** Series that were not there before. */
    int seriesAdded;
    /** Samples tried to append, for the limit. */
    int attempted;

    boolean limitExceeded;
    boolean bucketLimitExceeded;
    int outOfOrder;
    int duplicate;
    int outOfBounds;
    int exemplarsOutOfOrder;
    /** Whether what a failed scrape brought was forgotten, as it was much. */
    boolean cacheFlushed;

    void clear() {
        scraped = 0;
        afterRelabelling = 0;
        seriesAdded = 0;
        attempted = 0;
        limitExceeded = false;
        bucketLimitExceeded = false;
        outOfOrder = 0;
        duplicate = 0;
        outOfBounds = 0;
        exemplarsOutOfOrder = 0;
        cacheFlushed = false;
    }
}
