// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.config.GlobalConfig;
import dev.narthex.config.NameEscapingScheme;
import dev.narthex.config.NameValidationScheme;
import dev.narthex.config.ScrapeProtocol;
import dev.narthex.config.yaml.MappingReader;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import java.time.Duration;
import java.util.List;

/** Reads the {@code global} section (Prometheus documentation, "Configuration file"). */
final class GlobalReader {
    private final ReaderContext context;

    GlobalReader(ReaderContext context) {
        this.context = context;
    }

    /**
     * Reads the section.
     *
     * @param isThere whether it stands in the file; where it does not, Prometheus shows an escaping scheme
     * @param hasJobs whether the file itself has jobs; where it has none, Prometheus does not look at that scheme
     */
    GlobalConfig read(MappingReader reader, boolean isThere, boolean hasJobs) {
        GlobalConfig defaults = GlobalConfig.DEFAULT;
        Duration interval = orElse(reader, "scrape_interval", defaults.scrapeInterval());
        Duration given = ConfigValues.duration(reader, "scrape_timeout", Duration.ZERO);
        if (given.compareTo(interval) > 0) {
            reader.report("scrape_timeout", "is longer than the scrape interval; give at most the interval");
        }
        NameValidationScheme validation = NameSchemes.validation(reader, NameValidationScheme.UTF8);
        NameEscapingScheme escaping =
                NameSchemes.escaping(reader, hasJobs).orElse(isThere ? null : NameEscapingScheme.ALLOW_UTF_8);
        GlobalConfig config = new GlobalConfig(
                interval,
                given.isZero() ? PrometheusReader.shorter(defaults.scrapeTimeout(), interval) : given,
                orElse(reader, "evaluation_interval", defaults.evaluationInterval()),
                ConfigValues.duration(reader, "rule_query_offset", Duration.ZERO),
                context.path(reader, "query_log_file"),
                context.path(reader, "scrape_failure_log_file"),
                externalLabels(reader, validation),
                protocols(reader),
                ScrapeConfigReader.limits(reader),
                validation,
                escaping,
                reader.bool("scrape_native_histograms", false),
                reader.bool("always_scrape_classic_histograms", false),
                reader.bool("convert_classic_histograms_to_nhcb", false),
                reader.bool("extra_scrape_metrics", false));
        SupportedByThisBuild.global(reader, config);
        reader.finish();
        return config;
    }

    private static Duration orElse(MappingReader reader, String field, Duration fallback) {
        Duration given = ConfigValues.duration(reader, field, Duration.ZERO);
        return given.isZero() ? fallback : given;
    }

    private Labels externalLabels(MappingReader reader, NameValidationScheme validation) {
        LabelsBuilder external = Labels.builder();
        reader.refuseNullKeys("external_labels");
        Labels written = ConfigValues.textLabels(reader, "external_labels");
        for (int i = 0; i < written.size(); i++) {
            if (validation == NameValidationScheme.LEGACY && !LabelNames.isClassic(written.name(i))) {
                reader.report(
                        "external_labels",
                        "\"" + written.name(i)
                                + "\" is not a valid legacy label name; letters, digits and _ are accepted, no digit first");
            }
            external.set(written.name(i), EnvironmentReferences.expand(written.value(i), context.environment()));
        }
        return external.build();
    }

    private List<ScrapeProtocol> protocols(MappingReader reader) {
        List<ScrapeProtocol> given = NameSchemes.protocols(reader);
        return given.isEmpty() && context.protobufFirst() ? ScrapeProtocol.DEFAULT_WITH_NATIVE_HISTOGRAMS : given;
    }
}
