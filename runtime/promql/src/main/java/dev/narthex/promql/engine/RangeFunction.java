// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.storage.SampleBuffer;

/** A function over the samples of ranges. It sees one series with the windows of all steps, and fills a column. */
@FunctionalInterface
interface RangeFunction {
    /**
     * Sets the value of each step whose window gives one.
     *
     * @param samples the samples of the series
     * @param windows which of them each step covers
     * @param into a column without values
     */
    void apply(SampleBuffer samples, Windows windows, Column into);
}
