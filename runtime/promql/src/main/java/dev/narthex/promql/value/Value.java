// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.value;

import java.util.List;

/** The value of a query. */
public sealed interface Value {
    /** The type's name in the HTTP API. */
    String typeName();

    /**
     * A number.
     *
     * @param timestampMs when the query was evaluated
     */
    record Scalar(long timestampMs, double value) implements Value {
        @Override
        public String typeName() {
            return "scalar";
        }
    }

    /**
     * A string.
     *
     * @param timestampMs when the query was evaluated
     */
    record Text(long timestampMs, String value) implements Value {
        @Override
        public String typeName() {
            return "string";
        }
    }

    /** Series with one sample each, in the order of the expression where it defines one. */
    record Vector(List<VectorSample> samples) implements Value {
        public Vector {
            samples = List.copyOf(samples);
        }

        @Override
        public String typeName() {
            return "vector";
        }
    }

    /** Series with many samples each, in the order of their labels. */
    record Matrix(List<MatrixSeries> series) implements Value {
        public Matrix {
            series = List.copyOf(series);
        }

        @Override
        public String typeName() {
            return "matrix";
        }
    }
}
