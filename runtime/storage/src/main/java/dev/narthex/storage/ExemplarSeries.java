// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

import dev.narthex.model.Exemplar;
import dev.narthex.model.Labels;
import java.util.List;

/**
 * The exemplars of one series.
 *
 * @param labels of the series
 * @param exemplars in ascending order of time
 */
public record ExemplarSeries(Labels labels, List<Exemplar> exemplars) {
    public ExemplarSeries {
        exemplars = List.copyOf(exemplars);
    }
}
