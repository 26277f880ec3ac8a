// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.RuntimeConfig;
import dev.narthex.config.StorageConfig;
import dev.narthex.config.yaml.MappingReader;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Reads the sections {@code storage} and {@code runtime} (Prometheus documentation). */
final class StorageReader {
    private static final List<String> LOG_LEVELS = List.of("debug", "info", "warn", "error");
    private static final List<String> FLOAT_ENCODINGS = List.of("", "xor", "xor2");

    private StorageReader() {}

    static StorageConfig read(MappingReader root) {
        MappingReader reader = root.mapping("storage");
        StorageConfig.Tsdb tsdb = reader.has("tsdb") ? readTsdb(reader.mapping("tsdb")) : null;
        Long maxExemplars = null;
        if (reader.has("exemplars")) {
            MappingReader exemplars = reader.mapping("exemplars");
            maxExemplars = exemplars.integer("max_exemplars", 0, Long.MIN_VALUE, Long.MAX_VALUE);
            exemplars.finish();
        }
        reader.finish();
        return new StorageConfig(tsdb, maxExemplars);
    }

    private static StorageConfig.Tsdb readTsdb(MappingReader reader) {
        // A field that Prometheus shows, and therefore takes, and that its next line overrides.
        reader.integer("outofordertimewindow", 0, Long.MIN_VALUE, Long.MAX_VALUE);
        MappingReader encoding = reader.mapping("chunk_encoding");
        String floats = encoding.string("floats", "");
        if (!FLOAT_ENCODINGS.contains(floats)) {
            encoding.report("floats", "found \"" + floats + "\"; xor or xor2 is expected");
        }
        encoding.finish();
        StorageConfig.Tsdb tsdb = new StorageConfig.Tsdb(
                ConfigValues.duration(reader, "out_of_order_time_window", Duration.ZERO),
                reader.has("stale_series_compaction_threshold")
                        ? reader.number("stale_series_compaction_threshold", 0)
                        : null,
                floats,
                reader.has("retention") ? readRetention(reader.mapping("retention")) : null);
        reader.finish();
        return tsdb;
    }

    private static StorageConfig.Retention readRetention(MappingReader reader) {
        StorageConfig.Retention retention = new StorageConfig.Retention(
                ConfigValues.duration(reader, "time", Duration.ZERO),
                ConfigValues.sizeBytes(reader, "size"),
                reader.number("percentage", 0));
        if (retention.sizeBytes() < 0) {
            reader.report("size", "is negative; give a size such as 512MB, or 0 for no limit");
        }
        if (retention.percentage() < 0 || retention.percentage() > 100) {
            reader.report("percentage", "found " + retention.percentage() + "; a number from 0 to 100 is expected");
        }
        reader.finish();
        return retention;
    }

    static RuntimeConfig readRuntime(MappingReader root) {
        MappingReader reader = root.mapping("runtime");
        String level = reader.string("log_level", RuntimeConfig.DEFAULT.logLevel());
        if (!level.isEmpty() && !LOG_LEVELS.contains(level.toLowerCase(Locale.ROOT))) {
            reader.report(
                    "log_level", "found \"" + level + "\"; one of " + String.join(", ", LOG_LEVELS) + " is expected");
        }
        RuntimeConfig runtime = new RuntimeConfig(
                Math.clamp(
                        reader.integer("gogc", RuntimeConfig.DEFAULT.gogc(), Long.MIN_VALUE, Long.MAX_VALUE),
                        Integer.MIN_VALUE,
                        Integer.MAX_VALUE),
                level);
        reader.finish();
        return runtime;
    }
}
