// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/**
 * Parts of a native histogram do not belong together, or its counts cannot be those of observations. The message is
 * the text with which Prometheus refuses the same histogram.
 */
public final class InvalidHistogramException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InvalidHistogramException(String message) {
        super(message);
    }
}
