// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.model.Labels;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An alert that is pending or firing, as the API shows it.
 *
 * @param activeAt since when its expression has held
 * @param keepFiringSince since when its expression has no longer held, while it is kept firing
 * @param value of its series at the last evaluation at which the expression held
 */
public record AlertView(
        Labels labels,
        Labels annotations,
        AlertState state,
        Instant activeAt,
        @Nullable Instant keepFiringSince,
        double value) {}
