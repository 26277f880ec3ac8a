// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.ScrapeConfig;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.model.Labels;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a job makes of a target that was discovered, without scraping it.
 *
 * @param discoveredLabels before relabelling
 * @param labels after relabelling, those that start with two underscores among them but without {@code __meta_}; empty
 *     where the target is dropped or none
 * @param error why it is no target, empty where it is one or is dropped
 */
public record DiscoveredTarget(Labels discoveredLabels, Labels labels, String error) {
    /** What a job makes of groups of targets, in their order, each different result once. */
    public static List<DiscoveredTarget> of(ScrapeConfig config, List<TargetGroup> groups) {
        TargetResolver resolver = new TargetResolver(config);
        Set<DiscoveredTarget> found = new LinkedHashSet<>();
        for (TargetGroup group : groups) {
            for (Labels labels : group.targets()) {
                found.add(
                        switch (resolver.resolve(group, labels)) {
                            case TargetResolver.Resolution.Kept(Target target) ->
                                new DiscoveredTarget(target.discoveredLabels(), target.internalLabels(), "");
                            case TargetResolver.Resolution.Dropped(Labels discovered) ->
                                new DiscoveredTarget(discovered, Labels.EMPTY, "");
                            case TargetResolver.Resolution.Invalid(Labels discovered, String reason) ->
                                new DiscoveredTarget(discovered, Labels.EMPTY, reason);
                        });
            }
        }
        return List.copyOf(found);
    }
}
