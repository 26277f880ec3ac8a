// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.yaml.MappingReader;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.PromDuration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds of values that configuration files share: durations, sizes, label sets. */
final class ConfigValues {
    private ConfigValues() {}

    /** A duration that stands in the code. */
    static Duration parsedDuration(String text) {
        return Duration.ofMillis(PromDuration.parse(text));
    }

    /** A duration in Prometheus' form, such as {@code 1h30m}. */
    static Duration duration(MappingReader reader, String field, Duration fallback) {
        if (reader.isWritten(field) && !reader.has(field)) {
            return Duration.ZERO;
        }
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
        try {
            return ByteSize.parse(text);
        } catch (IllegalArgumentException e) {
            reader.report(
                    field,
                    "found \"" + text + "\", " + e.getMessage() + "; a size such as 512KB, 16MB or 1GB is expected");
            return 0;
        }
    }

    /** Reports a text that is no URL; absent is none. */
    static void checkUrl(MappingReader reader, String field) {
        try {
            GoUrl.parse(reader.string(field, ""));
        } catch (IllegalArgumentException e) {
            reader.report(field, "is not a URL: " + e.getMessage() + "; one such as http://host:port/path is expected");
        }
    }

    /** A URL that must be there, of scheme http or https and with a host. */
    static String httpUrl(MappingReader reader, String field) {
        String text = reader.string(field, "");
        if (text.isEmpty()) {
            reader.report(field, "is missing; give a URL such as http://host:port/path");
            return text;
        }
        try {
            GoUrl url = GoUrl.parse(text);
            if (!url.scheme().equals("http") && !url.scheme().equals("https")) {
                reader.report(field, "has no scheme http or https; give a URL such as http://host:port/path");
            } else if (url.host().isEmpty()) {
                reader.report(field, "names no host; give a URL such as http://host:port/path");
            }
        } catch (IllegalArgumentException e) {
            reader.report(field, "is not a URL: " + e.getMessage() + "; one such as http://host:port/path is expected");
        }
        return text;
    }

    /** One of some words; the fallback where the field is absent. */
    static <T> T oneOf(MappingReader reader, String field, T fallback, List<T> values, Function<T, String> text) {
        if (!reader.has(field)) {
            return fallback;
        }
        String found = reader.string(field, "");
        for (T value : values) {
            if (text.apply(value).equals(found)) {
                return value;
            }
        }
        String names = values.stream().map(text).collect(Collectors.joining(", "));
        reader.report(field, "found \"" + found + "\"; one of " + names + " is expected");
        return fallback;
    }

    /** A mapping from label name to value, names checked. */
    static Labels labels(MappingReader reader, String field) {
        LabelsBuilder labels = Labels.builder();
        for (Map.Entry<String, String> entry : reader.stringMap(field).entrySet()) {
            if (!LabelNames.isValidUtf8(entry.getKey())) {
                reader.report(
                        field,
                        "\"" + entry.getKey()
                                + "\" is not a valid label name here; a text in UTF-8 that is not empty is accepted");
            } else {
                labels.set(entry.getKey(), entry.getValue());
            }
        }
        return labels.build();
    }

    /** The same; values, too, have to be UTF-8, which those of a tag of YAML need not be. */
    static Labels textLabels(MappingReader reader, String field) {
        Labels labels = labels(reader, field);
        for (int i = 0; i < labels.size(); i++) {
            if (!labels.value(i).isEmpty() && !LabelNames.isValidUtf8(labels.value(i))) {
                reader.report(field, "found a value of " + labels.name(i) + " that is no UTF-8; give a text");
            }
        }
        return labels;
    }
}
