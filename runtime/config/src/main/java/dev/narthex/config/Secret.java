// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/** A value that must not be shown: it prints as {@code <secret>}. */
public record Secret(String value) {
    public static final String SHOWN = "<secret>";

    @Override
    public String toString() {
        return SHOWN;
    }
}
