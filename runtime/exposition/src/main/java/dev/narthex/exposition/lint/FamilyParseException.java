// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition.lint;

/** A text that is no exposition. */
public final class FamilyParseException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param line counted from 1 */
    FamilyParseException(int line, String problem) {
        super("text format parsing error in line " + line + ": " + problem);
    }
}
