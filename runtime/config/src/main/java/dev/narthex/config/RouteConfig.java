// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import dev.narthex.model.LabelMatcher;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of the routing tree. What is null or empty is inherited from the parent, as in Alertmanager.
 *
 * @param receiver the receiver's name, empty to inherit
 * @param matchers an alert must meet all of them
 * @param groupBy labels that alerts are grouped by; null to inherit, empty for one group of all
 * @param groupByAll whether every label set is its own group ({@code group_by: ['...']})
 * @param groupWait how long a new group waits for more alerts; null to inherit
 * @param groupInterval how long after a notification news of a group are held back; null to inherit
 * @param repeatInterval how long until an unchanged group is notified again; null to inherit
 * @param continueMatching whether siblings behind this route are tried too
 */
public record RouteConfig(
        String receiver,
        List<LabelMatcher> matchers,
        @Nullable List<String> groupBy,
        boolean groupByAll,
        @Nullable Duration groupWait,
        @Nullable Duration groupInterval,
        @Nullable Duration repeatInterval,
        boolean continueMatching,
        List<RouteConfig> routes) {
    public static final Duration DEFAULT_GROUP_WAIT = Duration.ofSeconds(30);
    public static final Duration DEFAULT_GROUP_INTERVAL = Duration.ofMinutes(5);
    public static final Duration DEFAULT_REPEAT_INTERVAL = Duration.ofHours(4);

    public RouteConfig {
        matchers = List.copyOf(matchers);
        groupBy = groupBy == null ? null : List.copyOf(groupBy);
        routes = List.copyOf(routes);
    }

    /** A root that sends every alert to one receiver, with the default timers. */
    public static RouteConfig root(String receiver) {
        return new RouteConfig(receiver, List.of(), null, false, null, null, null, false, List.of());
    }

    /** The same route with other children. */
    public RouteConfig withRoutes(List<RouteConfig> children) {
        return new RouteConfig(
                receiver,
                matchers,
                groupBy,
                groupByAll,
                groupWait,
                groupInterval,
                repeatInterval,
                continueMatching,
                children);
    }
}
