// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import java.util.Optional;

/**
 * Says whether a text is valid in a language that is known elsewhere: PromQL, templates. Given by the program that
 * compiles, so that the resources do not depend on the engines.
 */
@FunctionalInterface
public interface ExpressionCheck {
    /** Takes every text. */
    ExpressionCheck NONE = text -> Optional.empty();

    /** What is wrong with a text and where in it, empty when it is valid. */
    Optional<String> problem(String text);
}
