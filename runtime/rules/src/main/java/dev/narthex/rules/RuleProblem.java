// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

/**
 * What is wrong with a rule of a group.
 *
 * @param rule which rule, from 0 on
 * @param message names group, rule and what is wrong
 */
public record RuleProblem(int rule, Field field, String message) {
    /** Where in the rule. */
    public enum Field {
        EXPR,
        LABELS,
        ANNOTATIONS
    }
}
