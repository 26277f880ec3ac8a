// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import java.util.Locale;

/** How a target was at its last scrape. */
public enum TargetHealth {
    /** Not scraped yet. */
    UNKNOWN,
    UP,
    DOWN;

    /** The word of the HTTP API. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
