// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

/** Whether the last evaluation of a rule went well. */
public enum RuleHealth {
    UNKNOWN("unknown"),
    OK("ok"),
    ERROR("err");

    private final String text;

    RuleHealth(String text) {
        this.text = text;
    }

    /** The word of the API. */
    public String text() {
        return text;
    }
}
