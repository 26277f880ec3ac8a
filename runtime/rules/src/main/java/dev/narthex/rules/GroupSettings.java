// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.config.RuleGroupConfig;
import dev.narthex.model.Labels;
import java.time.Duration;

/**
 * All that a group's behaviour depends on: a group whose settings are equal is left undisturbed.
 *
 * @param interval the group's own or the global one
 * @param externalLabels of the server
 */
record GroupSettings(RuleGroupConfig config, Duration interval, Labels externalLabels) {
    /** What tells groups apart. */
    record Key(String file, String name) {}

    Key key() {
        return new Key(config.file(), config.name());
    }
}
