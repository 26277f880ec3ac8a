// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.GoFloat;
import dev.narthex.model.HistogramText;

/** A value of a series in a test file: a number, a native histogram, or nothing. */
sealed interface SequenceValue {
    /** A gap. */
    record Gap() implements SequenceValue {
        @Override
        public String toString() {
            return "nothing";
        }
    }

    record Number(double value) implements SequenceValue {
        @Override
        public String toString() {
            return GoFloat.general(value);
        }
    }

    record Histogram(FloatHistogram histogram) implements SequenceValue {
        @Override
        public String toString() {
            return HistogramText.test(histogram);
        }
    }
}
