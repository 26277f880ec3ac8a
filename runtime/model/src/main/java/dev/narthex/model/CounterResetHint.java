// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

/** What is known about a counter reset between a native histogram and the one before it in its series. */
public enum CounterResetHint {
    UNKNOWN("unknown"),
    RESET("reset"),
    NOT_RESET("not_reset"),
    /** The histogram is a gauge, so that resets mean nothing. */
    GAUGE("gauge");

    private final String text;

    CounterResetHint(String text) {
        this.text = text;
    }

    /** The word of Prometheus' test language. */
    public String text() {
        return text;
    }
}
