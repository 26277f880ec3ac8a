// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import java.util.List;
import java.util.stream.Collectors;

/** What the compiler says about one resource at one generation. */
public sealed interface Verdict {
    /** The {@code metadata.generation} that was looked at, 0 where there is none. */
    long generation();

    /** The resource is valid; its section says what it says. */
    record Accepted(long generation) implements Verdict {}

    /**
     * The resource is invalid.
     *
     * @param reason of the first problem
     * @param problems all of them
     * @param formerRuns whether the section of an earlier generation stays in its place
     */
    record Rejected(long generation, RejectionReason reason, List<FieldProblem> problems, boolean formerRuns)
            implements Verdict {
        public Rejected {
            problems = List.copyOf(problems);
        }

        /** All problems, one a line. */
        public String message() {
            return problems.stream().map(FieldProblem::toString).collect(Collectors.joining("\n"));
        }
    }
}
