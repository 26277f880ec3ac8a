// SPDX-License-Identifier: Apache-2.0
package dev.narthex.storage;

/** What became of a sample: accepted, or the reason why not. The words are those of Prometheus' logs. */
public enum AppendResult {
    ACCEPTED(""),
    /** The newest sample of the series is later, and no out-of-order window takes the sample. */
    OUT_OF_ORDER("out of order sample"),
    /** A sample of the same timestamp with another value is there already. */
    DUPLICATE("duplicate sample for timestamp"),
    /** Older than what the head takes. */
    OUT_OF_BOUNDS("out of bounds"),
    /** Older than the out-of-order window. */
    TOO_OLD("too old sample"),
    /** The reference names no series (any more): resolve the labels anew. */
    UNKNOWN_SERIES("unknown series reference");

    private final String text;

    AppendResult(String text) {
        this.text = text;
    }

    /** The reason in Prometheus' words, empty for an accepted sample. */
    public String text() {
        return text;
    }

    public boolean isAccepted() {
        return this == ACCEPTED;
    }
}
