// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.QuotedString;
import dev.narthex.promql.syntax.PositionRange;
import dev.narthex.promql.value.Annotations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects annotations. Each text is kept once, with the place that comes last in the order of planning: which is the
 * order in which Prometheus evaluates, while operators here run as they are asked.
 */
final class AnnotationCollector {
    /** So many of each kind are shown; the rest is counted. */
    private static final int MAX_SHOWN = 10;

    private final String query;
    private final Map<String, Note> warnings = new HashMap<>();
    private final Map<String, Note> infos = new HashMap<>();
    private final Map<String, NonMonotonicBuckets> nonMonotonic = new HashMap<>();
    private int lastRank;

    AnnotationCollector(String query) {
        this.query = query;
    }

    private record Note(int rank, PositionRange position, String text) {}

    /** What a part of a query has to say, which stands at one place and is planned at one time. */
    final class Annotator {
        private final PositionRange position;
        private final int rank = ++lastRank;

        private Annotator(PositionRange position) {
            this.position = position;
        }

        void warn(String text) {
            add(warnings, text);
        }

        void inform(String text) {
            add(infos, text);
        }

        /** Notes that counts of buckets fell where they may not; all such notes of a metric are one, at the first place. */
        void inform(String metricName, NonMonotonicBuckets found) {
            String key = NonMonotonicBuckets.KEY + forMetric(metricName);
            nonMonotonic.merge(key, found, NonMonotonicBuckets::with);
            infos.merge(key, new Note(rank, position, ""), (a, b) -> a.rank() <= b.rank() ? a : b);
        }

        private void add(Map<String, Note> notes, String text) {
            notes.merge(text, new Note(rank, position, text), (a, b) -> a.rank() >= b.rank() ? a : b);
        }
    }

    /** How texts name a metric. */
    static String forMetric(String name) {
        return name.isEmpty() ? "" : " for metric name " + QuotedString.of(name);
    }

    Annotator annotator(PositionRange position) {
        return new Annotator(position);
    }

    Annotations annotations() {
        return warnings.isEmpty() && infos.isEmpty()
                ? Annotations.NONE
                : new Annotations(texts(warnings, "warning"), texts(infos, "info"));
    }

    private List<String> texts(Map<String, Note> notes, String kind) {
        List<Map.Entry<String, Note>> sorted = new ArrayList<>(notes.entrySet());
        sorted.sort(Comparator.comparingInt(
                        (Map.Entry<String, Note> entry) -> entry.getValue().rank())
                .thenComparing(Map.Entry::getKey));
        List<String> texts = new ArrayList<>();
        for (Map.Entry<String, Note> entry : sorted.subList(0, Math.min(MAX_SHOWN, sorted.size()))) {
            Note note = entry.getValue();
            NonMonotonicBuckets buckets = nonMonotonic.get(entry.getKey());
            String text = buckets == null ? note.text() : entry.getKey() + buckets.text();
            texts.add("PromQL " + kind + ": " + text + " (" + note.position().lineAndColumn(query) + ")");
        }
        if (sorted.size() > MAX_SHOWN) {
            texts.add((sorted.size() - MAX_SHOWN) + " more " + kind + " annotations omitted");
        }
        return texts;
    }
}
