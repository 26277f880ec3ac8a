// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Moments and spans as Go writes them in JSON. */
public final class GoTime {
    /** Go's moment that stands for none. */
    private static final String NONE = "0001-01-01T00:00:00Z";

    private static final DateTimeFormatter RFC_3339 = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendLiteral('Z')
            .toFormatter(Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private GoTime() {}

    /** RFC 3339 in UTC with as many decimals as there are; year 1 for none. */
    public static String format(@Nullable Instant moment) {
        return moment == null ? NONE : RFC_3339.format(moment);
    }

    /** As {@link #format}, cut to milliseconds. */
    public static String formatMillis(Instant moment) {
        return RFC_3339.format(moment.truncatedTo(ChronoUnit.MILLIS));
    }

    /** Seconds with decimals. */
    public static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
