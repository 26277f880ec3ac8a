// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import java.util.Locale;

/** Where a silence stands in its time, in the order in which silences are shown. */
public enum SilenceState {
    ACTIVE,
    PENDING,
    EXPIRED;

    /** {@code active}, {@code pending} or {@code expired}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
