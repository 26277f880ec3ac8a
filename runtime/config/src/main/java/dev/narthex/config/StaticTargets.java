// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config;

import dev.narthex.model.Labels;
import java.util.List;

/**
 * One entry of {@code static_configs}.
 *
 * @param targets addresses, {@code host:port}
 * @param labels labels of each of them
 */
public record StaticTargets(List<String> targets, Labels labels) {
    public StaticTargets {
        targets = List.copyOf(targets);
    }
}
