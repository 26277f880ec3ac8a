// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.relabel.Relabeler;
import dev.narthex.discovery.TargetGroup;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.model.PromDuration;
import dev.narthex.model.QuotedString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes targets of what was discovered, by the rules of one scrape configuration. */
final class TargetResolver {
    private final ScrapeConfig config;

    TargetResolver(ScrapeConfig config) {
        this.config = config;
    }

    /** What became of a discovered target. */
    sealed interface Resolution {
        record Kept(Target target) implements Resolution {}

        record Dropped(Labels discoveredLabels) implements Resolution {}

        record Invalid(Labels discoveredLabels, String reason) implements Resolution {}
    }

    Resolution resolve(TargetGroup group, Labels targetLabels) {
        LabelsBuilder labels = group.labels().toBuilder().setAll(targetLabels);
        List<String> added = new ArrayList<>();
        addDefaults(labels, added);
        Labels discovered = labels.build();
        Labels relabelled = Relabeler.relabel(discovered, added, config.relabelConfigs());
        if (relabelled == null) {
            return new Resolution.Dropped(discovered);
        }
        try {
            return new Resolution.Kept(target(discovered, relabelled));
        } catch (IllegalArgumentException e) {
            return new Resolution.Invalid(discovered, String.valueOf(e.getMessage()));
        }
    }

    /** Adds what the configuration says of each target, in the order of Prometheus, which {@code labelmap} shows. */
    private void addDefaults(LabelsBuilder labels, List<String> added) {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put(TargetLabels.JOB, config.jobName());
        defaults.put(
                TargetLabels.SCRAPE_INTERVAL,
                PromDuration.format(config.scrapeInterval().toMillis()));
        defaults.put(
                TargetLabels.SCRAPE_TIMEOUT,
                PromDuration.format(config.scrapeTimeout().toMillis()));
        defaults.put(TargetLabels.METRICS_PATH, config.metricsPath());
        defaults.put(TargetLabels.SCHEME, config.scheme());
        defaults.put(
                TargetLabels.CONVERT_CLASSIC_HISTOGRAMS, Boolean.toString(config.convertClassicHistogramsToNhcb()));
        defaults.put(TargetLabels.ALWAYS_CLASSIC_HISTOGRAMS, Boolean.toString(config.alwaysScrapeClassicHistograms()));
        defaults.put(TargetLabels.NATIVE_HISTOGRAMS, Boolean.toString(config.scrapeNativeHistograms()));
        config.params().forEach((name, values) -> {
            if (!values.isEmpty()) {
                defaults.put(TargetLabels.PARAM_PREFIX + name, values.getFirst());
            }
        });
        defaults.forEach((name, value) -> {
            if (labels.get(name) == null) {
                labels.set(name, value);
                added.add(name);
            }
        });
    }

    private Target target(Labels discovered, Labels relabelled) {
        String address = relabelled.getOrEmpty(TargetLabels.ADDRESS);
        if (address.isEmpty()) {
            throw new IllegalArgumentException("no address");
        }
        if (address.indexOf('/') >= 0) {
            throw new IllegalArgumentException(QuotedString.of(address) + " is not a valid hostname");
        }
        Duration interval = duration(relabelled, TargetLabels.SCRAPE_INTERVAL, "interval");
        Duration timeout = duration(relabelled, TargetLabels.SCRAPE_TIMEOUT, "timeout");
        if (timeout.compareTo(interval) > 0) {
            throw new IllegalArgumentException("scrape timeout cannot be greater than scrape interval ("
                    + QuotedString.of(relabelled.getOrEmpty(TargetLabels.SCRAPE_TIMEOUT)) + " > "
                    + QuotedString.of(relabelled.getOrEmpty(TargetLabels.SCRAPE_INTERVAL)) + ")");
        }
        for (String name : List.of(
                TargetLabels.NATIVE_HISTOGRAMS,
                TargetLabels.ALWAYS_CLASSIC_HISTOGRAMS,
                TargetLabels.CONVERT_CLASSIC_HISTOGRAMS)) {
            String value = relabelled.getOrEmpty(name);
            if (!value.isEmpty() && TargetLabels.truth(value) == null) {
                throw new IllegalArgumentException(
                        name + " must be \"true\" or \"false\", found " + QuotedString.of(value));
            }
        }
        LabelsBuilder internal = Labels.builder();
        LabelsBuilder visible = Labels.builder();
        for (int i = 0; i < relabelled.size(); i++) {
            String name = relabelled.name(i);
            if (!name.startsWith(TargetLabels.META_PREFIX)) {
                internal.set(name, relabelled.value(i));
            }
            if (!name.startsWith(TargetLabels.RESERVED_PREFIX)) {
                visible.set(name, relabelled.value(i));
            }
        }
        internal.setIfAbsent(TargetLabels.INSTANCE, address);
        visible.setIfAbsent(TargetLabels.INSTANCE, address);
        return new Target(discovered, internal.build(), visible.build(), url(relabelled, address), interval, timeout);
    }

    private static Duration duration(Labels labels, String name, String word) {
        long milliseconds;
        try {
            milliseconds = PromDuration.parse(labels.getOrEmpty(name));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("error parsing scrape " + word + ": " + e.getMessage(), e);
        }
        if (milliseconds == 0) {
            throw new IllegalArgumentException("scrape " + word + " cannot be 0");
        }
        return Duration.ofMillis(milliseconds);
    }

    private TargetUrl url(Labels labels, String address) {
        Map<String, List<String>> params = new TreeMap<>();
        config.params().forEach((name, values) -> params.put(name, new ArrayList<>(values)));
        for (int i = 0; i < labels.size(); i++) {
            if (labels.name(i).startsWith(TargetLabels.PARAM_PREFIX)) {
                String name = labels.name(i).substring(TargetLabels.PARAM_PREFIX.length());
                List<String> values = params.computeIfAbsent(name, _ -> new ArrayList<>());
                if (values.isEmpty()) {
                    values.add(labels.value(i));
                } else {
                    values.set(0, labels.value(i));
                }
            }
        }
        StringBuilder text = new StringBuilder();
        String path = labels.getOrEmpty(TargetLabels.METRICS_PATH);
        if (!path.isEmpty() && !path.startsWith("/")) {
            text.append('/');
        }
        UrlEncoding.appendPath(text, path);
        char separator = '?';
        for (Map.Entry<String, List<String>> param : params.entrySet()) {
            for (String value : param.getValue()) {
                text.append(separator);
                UrlEncoding.appendQuery(text, param.getKey());
                UrlEncoding.appendQuery(text.append('='), value);
                separator = '&';
            }
        }
        return TargetUrl.of(labels.getOrEmpty(TargetLabels.SCHEME), address, text.toString());
    }
}
