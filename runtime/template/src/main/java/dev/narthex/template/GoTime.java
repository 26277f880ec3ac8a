// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Go's {@code time.Time} in UTC, as templates get it.
 *
 * @param instant the moment
 */
public record GoTime(Instant instant) implements GoValue {
    @Override
    public String goType() {
        return "*time.Time";
    }

    OffsetDateTime utc() {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** The form of Go: {@code 2015-07-01 20:10:51.78 +0000 UTC}. */
    @Override
    public String toString() {
        return TimeLayout.format("2006-01-02 15:04:05.999999999 -0700 MST", utc());
    }
}
