// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.HistogramArithmetic;
import dev.narthex.model.Labels;
import dev.narthex.promql.engine.AnnotationCollector.Annotator;

/** What there is to say about native histograms, in Prometheus' words. */
final class HistogramNotes {
    static final String RECONCILED = "mismatched custom buckets were reconciled during ";
    static final String CONFLICT = "conflicting counter resets during histogram ";

    private HistogramNotes() {}

    static void mixedWithFloats(Annotator annotator, Labels series) {
        annotator.warn("encountered a mix of histograms and floats for metric name " + quoted(series));
    }

    static void mixedWithFloats(Annotator annotator) {
        annotator.warn("encountered a mix of histograms and floats for aggregation");
    }

    static void mixedBuckets(Annotator annotator, Labels series) {
        annotator.warn("vector contains a mix of histograms with exponential and custom buckets schemas"
                + " for metric name " + quoted(series));
    }

    static void notCounter(Annotator annotator, Labels series) {
        annotator.warn("this native histogram metric is not a counter: " + quoted(series));
    }

    static void notGauge(Annotator annotator, Labels series) {
        annotator.warn("this native histogram metric is not a gauge: " + quoted(series));
    }

    static void ignoredInRange(Annotator annotator, Labels series) {
        annotator.inform("ignored histograms in a range containing both floats and histograms for metric name "
                + quoted(series));
    }

    static void boundsReconciled(Annotator annotator, String operation) {
        annotator.inform(RECONCILED + operation);
    }

    static void resetsConflict(Annotator annotator, String operation) {
        annotator.warn(CONFLICT + operation);
    }

    /** What a sum or a difference has to say, in which counter resets are not looked at. */
    static HistogramArithmetic.Outcome noted(
            HistogramArithmetic.Outcome outcome, Annotator annotator, String operation) {
        if (outcome.boundsReconciled()) {
            boundsReconciled(annotator, operation);
        }
        return outcome;
    }

    private static String quoted(Labels series) {
        return '"' + series.metricName() + '"';
    }
}
