// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

/**
 * A verb of a format with its flags.
 *
 * @param code the code point of the verb
 * @param plus whether positive numbers get a sign
 * @param minus whether to pad on the right
 * @param sharp whether the alternate form is wanted
 * @param space whether positive numbers get a space
 * @param zero whether to pad numbers with zeros
 * @param width the least number of characters, 0 where none is given
 * @param precision -1 where none is given
 */
record Verb(
        int code, boolean plus, boolean minus, boolean sharp, boolean space, boolean zero, int width, int precision) {
    char verb() {
        return (char) code;
    }

    String shown() {
        return Character.toString(code);
    }

    String plusSign() {
        return plus ? "+" : space ? " " : "";
    }

    Verb withoutZeros() {
        return new Verb(code, plus, minus, sharp, space, false, width, precision);
    }

    /** Pads with spaces to the width. */
    String padded(String text) {
        int missing = width - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return text;
        }
        return minus ? text + " ".repeat(missing) : (zero ? "0" : " ").repeat(missing) + text;
    }

    /** Pads with spaces before the sign or zeros after it. */
    String paddedNumber(String sign, String digits) {
        int missing = width - sign.length() - digits.length();
        if (zero && !minus && missing > 0 && (precision < 0 || isFloat())) {
            return sign + "0".repeat(missing) + digits;
        }
        String text = sign + digits;
        return missing <= 0 ? text : minus ? text + " ".repeat(missing) : " ".repeat(missing) + text;
    }

    private boolean isFloat() {
        return "eEfFgG".indexOf(code) >= 0;
    }
}
