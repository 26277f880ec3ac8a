// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.promql.value.QueryException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The function {@code info}: adds to each series the data labels of the info series that share its identifying labels
 * (Prometheus documentation, "Query functions"). Which info series there are may differ from step to step, and so may the
 * labels of what comes out.
 */
final class InfoOperator extends BufferedOperator {
    private final QueryContext context;
    private final VectorOperator base;
    private final InfoSelector selector;
    private final Steps steps;
    private final SelectorTime time;
    private final SampleCounts.Part counts;

    /**
     * Adds labels of info series.
     *
     * @param time when info series are looked at: as the series that they are added to
     * @param counts where their samples are counted
     */
    InfoOperator(
            QueryContext context,
            VectorOperator base,
            InfoSelector selector,
            Steps steps,
            SelectorTime time,
            SampleCounts.Part counts) {
        this.counts = counts;
        this.context = context;
        this.base = base;
        this.selector = selector;
        this.steps = steps;
        this.time = time;
    }

    /** The labels that say which info series belong to a series. */
    private record Identity(String instance, String job) {
        static Identity of(Labels labels) {
            return new Identity(labels.getOrEmpty("instance"), labels.getOrEmpty("job"));
        }

        boolean isEmpty() {
            return instance.isEmpty() && job.isEmpty();
        }
    }

    @Override
    ArrayDeque<Column> evaluate() {
        List<Column> series = new ArrayList<>();
        Set<String> instances = new TreeSet<>();
        Set<String> jobs = new TreeSet<>();
        for (Column column = base.next(); column != null; column = base.next()) {
            context.columns().work(column);
            series.add(column);
            Identity identity = Identity.of(column.labels());
            if (!selector.isInfo(column.labels()) && !identity.isEmpty()) {
                instances.add(identity.instance());
                jobs.add(identity.job());
            }
        }
        Map<Identity, Map<String, List<Column>>> infos = instances.isEmpty() ? Map.of() : infos(instances, jobs);
        ColumnMerger merger = new ColumnMerger(context.columns());
        for (Column column : series) {
            Map<String, List<Column>> candidates = infos.getOrDefault(Identity.of(column.labels()), Map.of());
            if (selector.isInfo(column.labels())) {
                merger.add(column);
            } else {
                enrich(column, candidates, merger);
            }
        }
        return merger.drain();
    }

    /** The info series by identity and metric name; the value of a step is when its sample was taken. */
    private Map<Identity, Map<String, List<Column>>> infos(Set<String> instances, Set<String> jobs) {
        List<LabelMatcher> matchers = new ArrayList<>(selector.matchers());
        InfoSelector.oneOf("instance", instances).ifPresent(matchers::add);
        InfoSelector.oneOf("job", jobs).ifPresent(matchers::add);
        VectorOperator selected =
                new InstantSelector(context, matchers, steps, time, InstantSelector.Reading.TIMESTAMP, false, counts);
        List<Column> all = new ArrayList<>();
        for (Column column = selected.next(); column != null; column = selected.next()) {
            Identity identity = Identity.of(column.labels());
            if (!identity.isEmpty() && instances.contains(identity.instance()) && jobs.contains(identity.job())) {
                all.add(column);
            } else {
                context.columns().release(column);
            }
        }
        all.sort(context.progress().counted(Comparator.comparing(Column::labels)));
        Map<Identity, Map<String, List<Column>>> infos = new HashMap<>();
        for (Column column : all) {
            context.columns().work(column);
            infos.computeIfAbsent(Identity.of(column.labels()), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(column.labels().metricName(), _ -> new ArrayList<>())
                    .add(column);
        }
        infos.values().forEach(byName -> byName.values().forEach(this::requireOneAtATime));
        return infos;
    }

    private void requireOneAtATime(List<Column> sameIdentity) {
        for (int step = 0; sameIdentity.size() > 1 && step < steps.count(); step++) {
            context.progress().work(sameIdentity.size());
            newest(sameIdentity, step);
        }
    }

    /** The series whose sample was taken last; -1 where none has one. */
    private static int newest(List<Column> columns, int step) {
        int newest = -1;
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (!Presence.has(column.present(), step)) {
                continue;
            }
            double before =
                    newest < 0 ? Double.NEGATIVE_INFINITY : columns.get(newest).values()[step];
            if (column.values()[step] == before) {
                throw QueryException.execution("found duplicate series for info metric: existing "
                        + at(columns.get(newest), step) + ", new " + at(column, step));
            }
            newest = column.values()[step] > before ? i : newest;
        }
        return newest;
    }

    private static String at(Column column, int step) {
        return column.labels() + " @ " + Math.round(column.values()[step] * 1000);
    }

    private void enrich(Column column, Map<String, List<Column>> candidates, ColumnMerger merger) {
        Map<List<Labels>, Column> enriched = new HashMap<>();
        List<Labels> before = List.of();
        Column target = null;
        for (int step = Presence.next(column.present(), 0); step >= 0; ) {
            context.progress().work(8 + candidates.size());
            List<Labels> found = new ArrayList<>(candidates.size());
            for (List<Column> sameName : candidates.values()) {
                int newest = newest(sameName, step);
                if (newest >= 0) {
                    found.add(sameName.get(newest).labels());
                }
            }
            if (!found.isEmpty() || selector.matchesNone()) {
                if (target == null || !found.equals(before)) {
                    target = enriched.computeIfAbsent(
                            found, infos -> copy(column, selector.add(column.labels(), infos)));
                    before = found;
                }
                target.set(step, column, step);
            }
            step = Presence.next(column.present(), step + 1);
        }
        context.columns().release(column);
        for (Column one : enriched.values()) {
            context.columns().hold(one);
            merger.add(one);
        }
    }

    private Column copy(Column column, Labels labels) {
        Column copy = context.columns().take(labels, steps.count());
        copy.setNameDropped(column.isNameDropped());
        return copy;
    }

    @Override
    public boolean hasOneName() {
        return base.hasOneName();
    }

    /** The labels of a series with those of the info series that it lacks. */
    static Labels merge(Labels series, List<Labels> infos, java.util.function.Predicate<String> wanted) {
        LabelsBuilder merged = series.toBuilder();
        Map<String, String> added = new HashMap<>();
        for (Labels info : infos) {
            for (int i = 0; i < info.size(); i++) {
                String name = info.name(i);
                if (name.equals(Labels.METRIC_NAME)
                        || !wanted.test(name)
                        || !series.getOrEmpty(name).isEmpty()) {
                    continue;
                }
                String other = added.putIfAbsent(name, info.value(i));
                if (other != null && !other.equals(info.value(i))) {
                    throw QueryException.execution("conflicting label: " + name);
                }
                merged.set(name, info.value(i));
            }
        }
        return merged.build();
    }
}
