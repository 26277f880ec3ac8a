// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.yaml.MappingReader;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.PromDuration;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The kinds of values that configuration files share: durations, sizes, label sets. */
final class ConfigValues {
    private static final Pattern SIZE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([KMGTPE]i?)?B?");
    private static final String SIZE_UNITS = "KMGTPE";

    private ConfigValues() {}

    /** A duration in Prometheus' form, such as {@code 1h30m}. */
    static Duration duration(MappingReader reader, String field, Duration fallback) {
        Duration found = optionalDuration(reader, field);
        return found == null ? fallback : found;
    }

    /** A duration, null where the field is absent (or wrong, which is reported). */
    static @Nullable Duration optionalDuration(MappingReader reader, String field) {
        if (!reader.has(field)) {
            return null;
        }
        String text = reader.string(field, "");
        try {
            return Duration.ofMillis(PromDuration.parse(text));
        } catch (IllegalArgumentException _) {
            reader.report(field, "found \"" + text + "\"; a duration such as 30s, 5m or 1h30m is expected");
            return null;
        }
    }

    /** A duration greater than zero. */
    static Duration positiveDuration(MappingReader reader, String field, Duration fallback) {
        Duration found = duration(reader, field, fallback);
        if (found.isZero() && reader.has(field)) {
            reader.report(field, "found \"" + reader.string(field, "") + "\"; a duration greater than 0 is expected");
            return fallback;
        }
        return found;
    }

    /** A size in bytes, such as {@code 16MB} or {@code 16MiB}, in powers of 1024; 0 where the field is absent. */
    static long sizeBytes(MappingReader reader, String field) {
        if (!reader.has(field)) {
            return 0;
        }
        String text = reader.string(field, "");
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            reader.report(field, "found \"" + text + "\"; a size such as 512KB, 16MB or 1GB is expected");
            return 0;
        }
        String unit = matcher.group(2);
        int power = unit == null ? 0 : SIZE_UNITS.indexOf(unit.charAt(0)) + 1;
        return (long) (Double.parseDouble(matcher.group(1)) * Math.pow(1024, power));
    }

    /** A mapping from label name to value, names checked. */
    static Labels labels(MappingReader reader, String field) {
        LabelsBuilder labels = Labels.builder();
        for (Map.Entry<String, String> entry : reader.stringMap(field).entrySet()) {
            if (entry.getKey().equals(Labels.METRIC_NAME) || !LabelNames.isValidUtf8(entry.getKey())) {
                reader.report(field, "\"" + entry.getKey() + "\" is not a valid label name here");
            } else {
                labels.set(entry.getKey(), entry.getValue());
            }
        }
        return labels.build();
    }
}
