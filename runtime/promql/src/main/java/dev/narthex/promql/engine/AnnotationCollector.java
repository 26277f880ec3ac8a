// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.promql.syntax.PositionRange;
import dev.narthex.promql.value.Annotations;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects annotations, each once. */
final class AnnotationCollector {
    /** So many of each kind are shown; the rest is counted. */
    private static final int MAX_SHOWN = 10;

    private final String query;
    private final Set<String> warnings = new LinkedHashSet<>();
    private final Set<String> infos = new LinkedHashSet<>();

    AnnotationCollector(String query) {
        this.query = query;
    }

    void warn(PositionRange position, String text) {
        warnings.add("PromQL warning: " + text + " (" + position.lineAndColumn(query) + ")");
    }

    void inform(PositionRange position, String text) {
        infos.add("PromQL info: " + text + " (" + position.lineAndColumn(query) + ")");
    }

    Annotations annotations() {
        return warnings.isEmpty() && infos.isEmpty()
                ? Annotations.NONE
                : new Annotations(capped(warnings, "warning"), capped(infos, "info"));
    }

    private static List<String> capped(Set<String> texts, String kind) {
        if (texts.size() <= MAX_SHOWN) {
            return List.copyOf(texts);
        }
        List<String> shown = new ArrayList<>(texts).subList(0, MAX_SHOWN);
        shown.add((texts.size() - MAX_SHOWN) + " more " + kind + " annotations omitted");
        return shown;
    }
}
