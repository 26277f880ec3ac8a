// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import dev.narthex.storage.SampleBuffer;

/**
 * What a function over ranges makes of a series that has native histograms, alone or beside floats. A {@link RangeFunction}
 * does the same for series that have none.
 */
@FunctionalInterface
interface MixedRangeFunction {
    /**
     * Sets the number or histogram of each step whose window gives one.
     *
     * @param series the labels of the series, for what there is to say about it
     * @param samples the samples of the series
     * @param windows which of them each step covers
     * @param into a column without values
     */
    void apply(Labels series, SampleBuffer samples, Windows windows, Column into);
}
