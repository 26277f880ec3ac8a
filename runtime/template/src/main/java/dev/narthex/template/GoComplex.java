// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.GoFloat;

/** Go's {@code complex128}, which only a constant makes. */
public record GoComplex(double real, double imaginary) implements GoValue {
    @Override
    public String goType() {
        return "complex128";
    }

    boolean isZero() {
        return real == 0 && imaginary == 0;
    }

    /** The form of Go: {@code (1.5-2i)}. */
    @Override
    public String toString() {
        return "(" + GoFloat.general(real) + signed(imaginary) + "i)";
    }

    private static String signed(double value) {
        String text = GoFloat.general(value);
        return text.startsWith("-") || text.startsWith("+") ? text : "+" + text;
    }
}
