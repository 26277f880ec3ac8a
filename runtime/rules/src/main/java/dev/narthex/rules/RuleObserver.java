// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

/** Is told of evaluations. Safe for use by many threads. */
public interface RuleObserver {
    /** One that is told in vain. */
    RuleObserver NONE = new RuleObserver() {
        @Override
        public void ruleEvaluated(long nanos) {}

        @Override
        public void groupEvaluated(long nanos) {}
    };

    /** A template of a label or an annotation has been expanded, or has failed. */
    default void templateExpanded(boolean well) {}

    /** A rule has been evaluated, or has failed. */
    void ruleEvaluated(long nanos);

    /** All rules of a group have been. */
    void groupEvaluated(long nanos);
}
