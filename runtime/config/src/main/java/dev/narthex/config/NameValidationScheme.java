// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/** Which metric and label names are accepted. */
public enum NameValidationScheme {
    LEGACY("legacy"),
    UTF8("utf8");

    private final String text;

    NameValidationScheme(String text) {
        this.text = text;
    }

    /** The name in a configuration file. */
    public String text() {
        return text;
    }
}
