// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

/** A native histogram has more buckets than allowed, however coarse it is made. */
final class BucketLimitException extends ScrapeException {
    private static final long serialVersionUID = 1L;

    BucketLimitException() {
        super("histogram bucket limit exceeded");
    }
}
