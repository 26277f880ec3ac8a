// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import java.util.List;

/** Rule groups cannot be run as they are configured. */
public final class RuleException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    RuleException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, one entry for each problem, each with file, group and rule. */
    public List<String> problems() {
        return problems;
    }
}
