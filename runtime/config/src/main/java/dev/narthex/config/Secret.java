// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

/** A value that must not be shown: it prints as {@code <secret>}. */
public record Secret(String value) {
    public static final String SHOWN = "<secret>";

    /** No secret at all. */
    public static final Secret NONE = new Secret("");

    public boolean isEmpty() {
        return value.isEmpty();
    }

    @Override
    public String toString() {
        return SHOWN;
    }
}
