// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The methods of times and durations that templates can call. */
final class TimeMethods {
    private TimeMethods() {}

    static Map<String, TemplateFunction> ofTime(Object receiver) {
        GoTime time = (GoTime) receiver;
        OffsetDateTime utc = time.utc();
        return Map.ofEntries(
                Map.entry(
                        "Format",
                        TemplateFunction.of(
                                arguments -> TimeLayout.format((String) arguments.getFirst(), utc), Parameter.STRING)),
                method("String", time, GoTime::toString),
                method("UTC", time, t -> t),
                method("Unix", time, t -> t.instant().getEpochSecond()),
                method("UnixMilli", time, t -> t.instant().toEpochMilli()),
                method("UnixNano", time, t -> ChronoUnit.NANOS.between(Instant.EPOCH, t.instant())),
                method("Year", utc, t -> (long) t.getYear()),
                method("Month", utc, t -> t.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH)),
                method("Day", utc, t -> (long) t.getDayOfMonth()),
                method("YearDay", utc, t -> (long) t.getDayOfYear()),
                method("Weekday", utc, t -> t.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH)),
                method("Hour", utc, t -> (long) t.getHour()),
                method("Minute", utc, t -> (long) t.getMinute()),
                method("Second", utc, t -> (long) t.getSecond()));
    }

    static Map<String, TemplateFunction> ofDuration(Object receiver) {
        GoDuration duration = (GoDuration) receiver;
        return Map.ofEntries(
                method("String", duration, GoDuration::toString),
                method("Hours", duration, d -> d.nanos() / 3.6e12),
                method("Minutes", duration, d -> d.nanos() / 6e10),
                method("Seconds", duration, d -> d.nanos() / 1e9),
                method("Milliseconds", duration, d -> d.nanos() / 1_000_000),
                method("Microseconds", duration, d -> d.nanos() / 1_000),
                method("Nanoseconds", duration, GoDuration::nanos));
    }

    private static <T> Map.Entry<String, TemplateFunction> method(String name, T receiver, Function<T, Object> body) {
        return Map.entry(name, TemplateFunction.of(_ -> body.apply(receiver)));
    }
}
