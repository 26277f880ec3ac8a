// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

/** How far an alert, or an alerting rule with its alerts, has come. */
public enum AlertState {
    INACTIVE("inactive"),
    PENDING("pending"),
    FIRING("firing");

    private final String text;

    AlertState(String text) {
        this.text = text;
    }

    /** The word of the API and of the label {@code alertstate}. */
    public String text() {
        return text;
    }
}
