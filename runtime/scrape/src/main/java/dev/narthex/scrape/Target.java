// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.ScrapeConfig;
import dev.narthex.model.Labels;
import java.net.URI;
import java.time.Duration;

/**
 * What is scraped: an address with its labels, after relabelling.
 *
 * @param discoveredLabels as the discovery gave them, with the defaults of the configuration, before relabelling
 * @param internalLabels after relabelling, those that start with two underscores among them but without {@code __meta_}
 * @param labels what every series of the target gets
 * @param interval time from scrape to scrape
 * @param timeout how long a scrape may take
 */
record Target(
        Labels discoveredLabels,
        Labels internalLabels,
        Labels labels,
        TargetUrl url,
        Duration interval,
        Duration timeout) {
    /** A target at a URL that can be asked. */
    Target(
            Labels discoveredLabels,
            Labels internalLabels,
            Labels labels,
            URI url,
            Duration interval,
            Duration timeout) {
        this(discoveredLabels, internalLabels, labels, TargetUrl.of(url), interval, timeout);
    }

    /** The configuration with what the labels of the target say otherwise. */
    ScrapeConfig configured(ScrapeConfig config) {
        boolean nativeHistograms = isOn(TargetLabels.NATIVE_HISTOGRAMS, config.scrapeNativeHistograms());
        boolean classic = isOn(TargetLabels.ALWAYS_CLASSIC_HISTOGRAMS, config.alwaysScrapeClassicHistograms());
        boolean convert = isOn(TargetLabels.CONVERT_CLASSIC_HISTOGRAMS, config.convertClassicHistogramsToNhcb());
        if (nativeHistograms == config.scrapeNativeHistograms()
                && classic == config.alwaysScrapeClassicHistograms()
                && convert == config.convertClassicHistogramsToNhcb()) {
            return config;
        }
        return config.toBuilder()
                .scrapeNativeHistograms(nativeHistograms)
                .alwaysScrapeClassicHistograms(classic)
                .convertClassicHistogramsToNhcb(convert)
                .build();
    }

    private boolean isOn(String label, boolean otherwise) {
        String value = internalLabels.getOrEmpty(label);
        return value.isEmpty() ? otherwise : Boolean.TRUE.equals(TargetLabels.truth(value));
    }

    /** The path of the socket on this machine that is asked in place of the address; empty for none. */
    String unixSocket() {
        return internalLabels.getOrEmpty(TargetLabels.UNIX_SOCKET);
    }

    /** Whether a loop of the other target can go on with this one: the same place, the same labels. */
    boolean isContinuationOf(Target other) {
        return labels.equals(other.labels)
                && url.equals(other.url)
                && unixSocket().equals(other.unixSocket());
    }
}
