// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

/**
 * One thing that is wrong with a resource.
 *
 * @param path the field, such as {@code spec.rules[2].expr}
 * @param message what is wrong, what was found, what is accepted
 */
public record FieldProblem(String path, String message) {
    /** The form of messages: {@code spec.rules[2].expr: …}. */
    @Override
    public String toString() {
        return path + ": " + message;
    }
}
