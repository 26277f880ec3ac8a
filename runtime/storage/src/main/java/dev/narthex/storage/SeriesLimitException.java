// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

/** A new series was refused since the memory for series is used up; existing series go on. */
public final class SeriesLimitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SeriesLimitException(String message) {
        super(message);
    }
}
