// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.Labels;
import java.util.List;

/** Where the template function {@code query} gets its answers. */
@FunctionalInterface
public interface TemplateQuery {
    /** Answers no query. */
    TemplateQuery NONE = (_, _) -> {
        throw new IllegalArgumentException("no queries here");
    };

    /**
     * Evaluates an instant query.
     *
     * @param expression PromQL
     * @param timestampMs the evaluation time, milliseconds since 1970
     * @return the samples; a scalar is one sample without labels
     * @throws IllegalArgumentException when it cannot be evaluated; the message says why
     */
    List<Sample> query(String expression, long timestampMs);

    /** A sample of an answer. */
    record Sample(Labels labels, double value) {}
}
