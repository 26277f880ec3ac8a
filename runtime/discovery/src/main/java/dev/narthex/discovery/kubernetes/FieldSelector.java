// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.kubernetes;

import java.util.ArrayList;
import java.util.List;

/**
 * A field selector of Kubernetes: {@code name=value}, {@code name==value} or {@code name!=value}, with commas between.
 */
record FieldSelector(List<Term> terms) {
    /** One condition. */
    record Term(String name, boolean equal, String value) {}

    FieldSelector {
        terms = List.copyOf(terms);
    }

    /** @throws IllegalArgumentException when the text is no field selector */
    static FieldSelector parse(String text) {
        List<Term> terms = new ArrayList<>();
        if (!text.isBlank()) {
            for (String term : text.split(",", -1)) {
                int at = term.indexOf('=');
                if (at <= 0) {
                    throw new IllegalArgumentException("field selector: found \"" + text
                            + "\"; accepted are name=value and name!=value with commas between");
                }
                boolean not = term.charAt(at - 1) == '!';
                int value = term.startsWith("==", at) ? at + 2 : at + 1;
                terms.add(new Term(
                        term.substring(0, not ? at - 1 : at).strip(),
                        !not,
                        term.substring(value).strip()));
            }
        }
        return new FieldSelector(terms);
    }
}
