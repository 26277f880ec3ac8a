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
    UNKNOWN_SERIES("unknown series reference"),
    /** The histogram breaks a rule of native histograms; {@link dev.narthex.model.NativeHistogram} says which. */
    INVALID_HISTOGRAM("invalid native histogram"),
    /** The storage takes no native histograms. */
    HISTOGRAMS_UNSUPPORTED("native histograms are not taken by this storage"),
    /** A start timestamp that is not before its sample. */
    START_TIMESTAMP_AFTER_SAMPLE("start timestamp is at or after the timestamp of the sample"),
    /** An exemplar that the series had last, once more: nothing to report. */
    DUPLICATE_EXEMPLAR("duplicate exemplar"),
    /** An exemplar older than the newest one of its series. */
    OUT_OF_ORDER_EXEMPLAR("out of order exemplar"),
    /** An exemplar whose labels are longer than 128 characters in all. */
    EXEMPLAR_TOO_LONG("label length for exemplar exceeds maximum"),
    /** Exemplars are not kept. */
    EXEMPLARS_DISABLED("exemplar storage is disabled");

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
