// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery;

import dev.narthex.model.Labels;
import java.util.List;

/**
 * Targets that were found together, for example the containers of one pod.
 *
 * @param source names the group within its discoverer; a later group of the same source replaces this one
 * @param labels labels of all its targets, unless a target has its own of the same name
 * @param targets one label set a target, {@code __address__} among them; empty when the source has gone
 */
public record TargetGroup(String source, Labels labels, List<Labels> targets) {
    public TargetGroup {
        targets = List.copyOf(targets);
    }

    /** The group that takes away what an earlier one of this source has brought. */
    public static TargetGroup gone(String source) {
        return new TargetGroup(source, Labels.EMPTY, List.of());
    }
}
