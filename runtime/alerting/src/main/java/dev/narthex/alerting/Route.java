// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.config.RouteConfig;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A node of the routing tree with all that it inherits (Alertmanager documentation, "Route-related settings").
 * Immutable.
 */
final class Route {
    private final List<LabelMatcher> matchers;
    private final boolean continueMatching;
    private final List<Route> children;
    private final Settings settings;

    /**
     * What the groups of a route depend on. Groups live on under a new configuration where their route has equal
     * settings.
     *
     * @param key the matchers on the way from the root, in Alertmanager's form {@code {}/{severity="page"}}
     * @param number tells routes of the same key apart
     * @param groupBy labels that alerts are grouped by
     * @param groupByAll whether every label set is its own group
     */
    record Settings(
            String key,
            int number,
            String receiver,
            Set<String> groupBy,
            boolean groupByAll,
            Duration groupWait,
            Duration groupInterval,
            Duration repeatInterval) {
        /** The labels by which an alert is grouped. */
        Labels groupLabels(Labels labels) {
            return groupByAll ? labels : labels.keep(groupBy);
        }
    }

    private Route(List<LabelMatcher> matchers, boolean continueMatching, List<Route> children, Settings settings) {
        this.matchers = matchers;
        this.continueMatching = continueMatching;
        this.children = children;
        this.settings = settings;
    }

    /** The tree of a configuration. */
    static Route tree(RouteConfig root) {
        return make(root, null, new HashMap<>());
    }

    private static Route make(RouteConfig config, @Nullable Settings parent, Map<String, Integer> numbers) {
        String key = (parent == null ? "" : parent.key() + "/") + text(config.matchers());
        List<String> groupBy = config.groupBy();
        Settings settings = new Settings(
                key,
                numbers.merge(key, 1, Integer::sum),
                config.receiver().isEmpty() && parent != null ? parent.receiver() : config.receiver(),
                groupBy != null ? Set.copyOf(groupBy) : parent == null ? Set.of() : parent.groupBy(),
                config.groupByAll() || (groupBy == null && parent != null && parent.groupByAll()),
                inherited(config.groupWait(), parent == null ? RouteConfig.DEFAULT_GROUP_WAIT : parent.groupWait()),
                inherited(
                        config.groupInterval(),
                        parent == null ? RouteConfig.DEFAULT_GROUP_INTERVAL : parent.groupInterval()),
                inherited(
                        config.repeatInterval(),
                        parent == null ? RouteConfig.DEFAULT_REPEAT_INTERVAL : parent.repeatInterval()));
        List<Route> children = new ArrayList<>();
        for (RouteConfig child : config.routes()) {
            children.add(make(child, settings, numbers));
        }
        return new Route(config.matchers(), config.continueMatching(), List.copyOf(children), settings);
    }

    private static Duration inherited(@Nullable Duration own, Duration otherwise) {
        return own == null ? otherwise : own;
    }

    private static String text(List<LabelMatcher> matchers) {
        return matchers.stream()
                .sorted(Comparator.comparing(LabelMatcher::name)
                        .thenComparing(LabelMatcher::value)
                        .thenComparing(LabelMatcher::op))
                .map(LabelMatcher::toString)
                .collect(Collectors.joining(",", "{", "}"));
    }

    Settings settings() {
        return settings;
    }

    /** This route and all below it. */
    List<Route> all() {
        List<Route> all = new ArrayList<>();
        all.add(this);
        children.forEach(child -> all.addAll(child.all()));
        return all;
    }

    /** The routes that take an alert, none where this one does not match. */
    List<Route> match(Labels labels) {
        if (!LabelMatcher.allMatch(matchers, labels)) {
            return List.of();
        }
        List<Route> taking = new ArrayList<>();
        for (Route child : children) {
            List<Route> below = child.match(labels);
            taking.addAll(below);
            if (!below.isEmpty() && !child.continueMatching) {
                break;
            }
        }
        return taking.isEmpty() ? List.of(this) : taking;
    }
}
