// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

import dev.narthex.model.LabelMatcher;
import java.util.List;

/** Something exemplars can be read from. Safe for use by many threads. */
@FunctionalInterface
public interface ExemplarQueryable {
    /**
     * The exemplars with {@code startMs <= timestamp <= endMs} of the series that meet at least one of the selectors.
     *
     * @param selectors each a list of matchers that a series must meet all of
     * @return in the order of the labels of the series
     */
    List<ExemplarSeries> exemplars(long startMs, long endMs, List<List<LabelMatcher>> selectors);
}
