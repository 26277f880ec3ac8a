// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/** How names that the legacy scheme does not allow are asked for from a target. */
public enum NameEscapingScheme {
    ALLOW_UTF_8("allow-utf-8"),
    UNDERSCORES("underscores"),
    DOTS("dots"),
    VALUES("values");

    private final String text;

    NameEscapingScheme(String text) {
        this.text = text;
    }

    /** The name in a configuration file and in the {@code escaping} parameter of a content type. */
    public String text() {
        return text;
    }
}
