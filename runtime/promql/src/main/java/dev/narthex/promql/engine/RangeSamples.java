// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.Labels;
import dev.narthex.storage.SampleBuffer;

/** Series with all samples that a function over ranges may look at, one series at a time. */
interface RangeSamples {
    /** Moves to the next series that has samples; false at the end. */
    boolean next();

    Labels labels();

    /** Whether the metric name goes from the result of the query, under delayed name removal. */
    boolean isNameDropped();

    /** The samples of the current series, in order of time, without staleness markers; valid until the next one. */
    SampleBuffer samples();

    /** See {@link VectorOperator#hasOneName()}. */
    boolean hasOneName();
}
