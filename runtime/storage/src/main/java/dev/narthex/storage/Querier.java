// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

import dev.narthex.model.LabelMatcher;
import java.util.List;

/** A consistent view of the samples of a time range. For one thread; close it soon, it holds memory. */
public interface Querier extends AutoCloseable {
    /**
     * The series that meet all matchers and may have samples in the range.
     *
     * @param hints what the reader is going to do; the answer must be right whatever they say
     * @param matchers at least one; a series must meet every one of them
     */
    SeriesSet select(SelectHints hints, List<LabelMatcher> matchers);

    /**
     * The chunks of the series that meet all matchers, those that overlap merged into new ones.
     *
     * @param matchers at least one; a series must meet every one of them
     * @throws UnsupportedOperationException where the storage has no chunks
     */
    default ChunkSeriesSet chunks(SelectHints hints, List<LabelMatcher> matchers) {
        throw new UnsupportedOperationException("this storage has no chunks");
    }

    /** The distinct label names of the series that meet all matchers (all series where there are none), sorted. */
    List<String> labelNames(List<LabelMatcher> matchers);

    /** The distinct values of a label over the series that meet all matchers (all where there are none), sorted. */
    List<String> labelValues(String name, List<LabelMatcher> matchers);

    @Override
    void close();
}
