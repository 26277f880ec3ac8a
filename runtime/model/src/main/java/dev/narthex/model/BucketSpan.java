// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/**
 * A run of consecutive buckets of a native histogram.
 *
 * @param offset for the first span the index of its first bucket, for every other the gap to the span before, not
 *     negative
 * @param length how many buckets the run has
 */
public record BucketSpan(int offset, int length) {
    public BucketSpan {
        if (length < 0) {
            throw new IllegalArgumentException("histogram: negative span length, found " + length);
        }
    }
}
