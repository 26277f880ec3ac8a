// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.value;

import java.util.List;

/**
 * What a query has to say beside its value. Each text ends with the place in the query that it is about.
 *
 * @param warnings hints that the value may not be what was meant
 * @param infos hints at what may be intended or not
 */
public record Annotations(List<String> warnings, List<String> infos) {
    public static final Annotations NONE = new Annotations(List.of(), List.of());

    public Annotations {
        warnings = List.copyOf(warnings);
        infos = List.copyOf(infos);
    }
}
