// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.GlobalConfig;
import dev.narthex.config.NameEscapingScheme;
import dev.narthex.config.NameValidationScheme;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.ScrapeLimits;
import dev.narthex.config.ScrapeProtocol;
import dev.narthex.config.yaml.MappingReader;
import dev.narthex.config.yaml.YamlNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads an entry of {@code scrape_configs} (Prometheus documentation, "scrape_config"). */
final class ScrapeConfigReader {
    private final ReaderContext context;
    private final GlobalConfig global;

    ScrapeConfigReader(ReaderContext context, GlobalConfig global) {
        this.context = context;
        this.global = global;
    }

    ScrapeConfig read(MappingReader reader) {
        String jobName = reader.required("job_name");
        Duration interval =
                orElse(ConfigValues.duration(reader, "scrape_interval", Duration.ZERO), global.scrapeInterval());
        Duration timeout = readTimeout(reader, interval);
        boolean nativeHistograms = reader.bool("scrape_native_histograms", global.scrapeNativeHistograms());
        NameValidationScheme validation = NameSchemes.validation(reader, global.nameValidationScheme());
        String failureLog = context.path(reader, "scrape_failure_log_file");
        RelabelReader relabelling = new RelabelReader(validation);
        ScrapeConfig config = new ScrapeConfig(
                jobName,
                interval,
                timeout,
                protocols(reader, nativeHistograms),
                NameSchemes.fallback(reader).orElse(null),
                nativeHistograms,
                reader.bool("always_scrape_classic_histograms", global.alwaysScrapeClassicHistograms()),
                reader.bool("convert_classic_histograms_to_nhcb", global.convertClassicHistogramsToNhcb()),
                reader.string("metrics_path", ScrapeConfig.DEFAULT_METRICS_PATH),
                reader.string("scheme", ScrapeConfig.DEFAULT_SCHEME),
                readParams(reader),
                reader.bool("enable_compression", true),
                reader.bool("honor_labels", false),
                reader.bool("honor_timestamps", true),
                reader.bool("track_timestamps_staleness", false),
                failureLog.isEmpty() ? global.scrapeFailureLogFile() : failureLog,
                readLimits(reader),
                validation,
                escaping(reader, validation),
                reader.bool("extra_scrape_metrics", global.extraScrapeMetrics()),
                new HttpClientReader(context).readOfOnePlace(reader),
                new DiscoveryReader(context).read(reader),
                relabelling.read(reader, "relabel_configs"),
                relabelling.read(reader, "metric_relabel_configs"));
        reader.finish();
        return config;
    }

    private Duration readTimeout(MappingReader reader, Duration interval) {
        Duration given = ConfigValues.duration(reader, "scrape_timeout", Duration.ZERO);
        if (given.compareTo(interval) > 0) {
            reader.report("scrape_timeout", "is longer than the scrape interval; give at most the interval");
        }
        return given.isZero() ? PrometheusReader.shorter(global.scrapeTimeout(), interval) : given;
    }

    private List<ScrapeProtocol> protocols(MappingReader reader, boolean nativeHistograms) {
        List<ScrapeProtocol> own = NameSchemes.protocols(reader);
        if (!own.isEmpty()) {
            return own;
        }
        if (!global.scrapeProtocols().isEmpty()) {
            return global.scrapeProtocols();
        }
        return nativeHistograms ? ScrapeProtocol.DEFAULT_WITH_NATIVE_HISTOGRAMS : ScrapeProtocol.DEFAULT;
    }

    private NameEscapingScheme escaping(MappingReader reader, NameValidationScheme validation) {
        NameEscapingScheme otherwise = validation == NameValidationScheme.LEGACY
                ? NameEscapingScheme.UNDERSCORES
                : NameEscapingScheme.ALLOW_UTF_8;
        NameEscapingScheme inherited = global.nameEscapingScheme();
        // A job that says legacy itself does not inherit what does not go with that.
        boolean fits = inherited != NameEscapingScheme.ALLOW_UTF_8
                || validation != NameValidationScheme.LEGACY
                || reader.string("metric_name_validation_scheme", "").isEmpty();
        NameEscapingScheme fallback = inherited != null && fits ? inherited : otherwise;
        NameEscapingScheme escaping = NameSchemes.escaping(reader).orElse(fallback);
        if (escaping == NameEscapingScheme.ALLOW_UTF_8 && validation == NameValidationScheme.LEGACY) {
            reader.report(
                    "metric_name_escaping_scheme",
                    "allow-utf-8 does not go with metric_name_validation_scheme legacy; choose another of the two");
        }
        return escaping;
    }

    private ScrapeLimits readLimits(MappingReader reader) {
        ScrapeLimits own = limits(reader);
        ScrapeLimits all = global.limits();
        return new ScrapeLimits(
                orElse(own.bodySizeBytes(), all.bodySizeBytes()),
                orElse(own.samples(), all.samples()),
                orElse(own.targets(), all.targets()),
                orElse(own.labels(), all.labels()),
                orElse(own.labelNameLength(), all.labelNameLength()),
                orElse(own.labelValueLength(), all.labelValueLength()),
                orElse(own.keepDroppedTargets(), all.keepDroppedTargets()),
                reader.unsigned("native_histogram_bucket_limit", 0),
                reader.number("native_histogram_min_bucket_factor", 0));
    }

    /** The limits that {@code global} knows too. */
    static ScrapeLimits limits(MappingReader reader) {
        return new ScrapeLimits(
                ConfigValues.sizeBytes(reader, "body_size_limit"),
                reader.unsigned("sample_limit", 0),
                reader.unsigned("target_limit", 0),
                reader.unsigned("label_limit", 0),
                reader.unsigned("label_name_length_limit", 0),
                reader.unsigned("label_value_length_limit", 0),
                reader.unsigned("keep_dropped_targets", 0),
                0,
                0);
    }

    private static Map<String, List<String>> readParams(MappingReader reader) {
        Map<String, List<String>> params = new LinkedHashMap<>();
        MappingReader inner = reader.mapping("params");
        for (YamlNode.Entry entry : reader.allEntries("params")) {
            List<String> values = inner.strings(entry.key());
            if (!entry.nullKey()) {
                params.put(entry.key(), values);
            }
        }
        return params;
    }

    private static long orElse(long own, long global) {
        return own == 0 ? global : own;
    }

    private static Duration orElse(Duration own, Duration global) {
        return own.isZero() ? global : own;
    }
}
