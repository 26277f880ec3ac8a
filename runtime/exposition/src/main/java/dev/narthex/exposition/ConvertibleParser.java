// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import dev.narthex.model.Exemplar;
import java.util.List;

/** A parser whose classic histograms can be converted: what {@link ClassicHistogramConverter} has to know beside samples. */
public sealed interface ConvertibleParser extends ExpositionParser permits LineParser, ProtobufParser {
    /** What the exposition is written in. */
    ExpositionFormat format();

    /**
     * Whether histograms come whole, each with what is said of it once: messages. Then histograms of gauges are there too,
     * and one whose samples do not belong together makes the exposition refused, where in a text it is left out.
     */
    boolean givesWholeHistograms();

    /** Which metric of the exposition the current sample is of, where its samples come in metrics; 0 where they do not. */
    default int metricNumber() {
        return 0;
    }

    /** Whether the current sample is the last bucket of a histogram that does not give it itself. */
    default boolean isImpliedBucket() {
        return false;
    }

    /** Whether the metric of the current sample has a native histogram, too, that was asked for. */
    default boolean hasNativeForm() {
        return false;
    }

    /** Adds the exemplars with a timestamp that the histogram of the current metric has as a whole. */
    default void addHistogramExemplars(List<Exemplar> into) {}
}
