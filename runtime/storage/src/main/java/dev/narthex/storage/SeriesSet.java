// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

import dev.narthex.model.Labels;

/** A cursor over selected series, before the first one at the start. For one thread. */
public interface SeriesSet {
    /** Moves to the next series; false at the end. */
    boolean next();

    /** The labels of the current series. */
    Labels labels();

    /**
     * Appends the samples of the current series in the querier's range to a buffer, in ascending order of time, each
     * timestamp once. Staleness markers are samples. Decodes each chunk once; allocates only where the buffer grows.
     */
    void samples(SampleBuffer into);
}
