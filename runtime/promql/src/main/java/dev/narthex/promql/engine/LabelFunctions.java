// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.narthex.model.AnchoredRegex;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import dev.narthex.model.RegexTemplate;
import dev.narthex.promql.value.QueryException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The functions {@code label_replace} and {@code label_join}. */
final class LabelFunctions extends BufferedOperator {
    /** How many units it takes to match and to build labels. */
    private static final int LABELS_WORK = 256;

    private final QueryContext context;
    private final VectorOperator inner;
    private final String target;
    private final LabelChange change;
    private final boolean showsPairs;

    /** What becomes of a label set. */
    @FunctionalInterface
    private interface LabelChange {
        Labels apply(Labels labels);
    }

    private LabelFunctions(
            QueryContext context, VectorOperator inner, String target, boolean showsPairs, LabelChange change) {
        this.showsPairs = showsPairs;
        this.context = context;
        this.inner = inner;
        this.target = target;
        this.change = change;
    }

    /** @param showsPairs see {@link ColumnMerger#ofChangedLabels} */
    static VectorOperator replace(
            QueryContext context,
            VectorOperator inner,
            String target,
            String replacement,
            String source,
            String regex,
            boolean showsPairs) {
        Pattern pattern;
        try {
            pattern = AnchoredRegex.compile(regex);
        } catch (IllegalArgumentException _) {
            throw QueryException.execution("invalid regular expression in label_replace(): " + regex);
        }
        if (!LabelNames.isValidUtf8(target)) {
            throw QueryException.execution("invalid destination label name in label_replace(): " + target);
        }
        // Many series have the same value: each is looked at once.
        Map<String, Optional<String>> replacements = new HashMap<>();
        return new LabelFunctions(context, inner, target, showsPairs, labels -> {
            Optional<String> value = replacements.computeIfAbsent(labels.getOrEmpty(source), text -> {
                Matcher matcher = pattern.matcher(text);
                return matcher.matches() ? Optional.of(RegexTemplate.expand(replacement, matcher)) : Optional.empty();
            });
            return value.isEmpty()
                    ? labels
                    : labels.toBuilder().set(target, value.get()).build();
        });
    }

    /** @param showsPairs see {@link ColumnMerger#ofChangedLabels} */
    static VectorOperator join(
            QueryContext context,
            VectorOperator inner,
            String target,
            String separator,
            List<String> sources,
            boolean showsPairs) {
        for (String source : sources) {
            if (!LabelNames.isValidUtf8(source)) {
                throw QueryException.execution("invalid source label name in label_join(): " + source);
            }
        }
        if (!LabelNames.isValidUtf8(target)) {
            throw QueryException.execution("invalid destination label name in label_join(): " + target);
        }
        return new LabelFunctions(context, inner, target, showsPairs, labels -> {
            StringBuilder joined = new StringBuilder();
            for (int i = 0; i < sources.size(); i++) {
                joined.append(i > 0 ? separator : "").append(labels.getOrEmpty(sources.get(i)));
            }
            return labels.toBuilder().set(target, joined.toString()).build();
        });
    }

    @Override
    ArrayDeque<Column> evaluate() {
        ColumnMerger merger = ColumnMerger.ofChangedLabels(context.columns(), showsPairs);
        for (Column column = inner.next(); column != null; column = inner.next()) {
            context.progress().work(LABELS_WORK);
            context.columns().relabel(column, change.apply(column.labels()));
            if (target.equals(Labels.METRIC_NAME)) {
                // A name that was given on purpose stays.
                column.setNameDropped(false);
            }
            merger.add(column);
        }
        return merger.drain();
    }

    @Override
    public boolean hasOneName() {
        return inner.hasOneName() && !target.equals(Labels.METRIC_NAME);
    }
}
