// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.ScrapeConfig;
import dev.narthex.config.ScrapeConfigBuilder;
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
        Labels discoveredLabels, Labels internalLabels, Labels labels, URI url, Duration interval, Duration timeout) {
    /** The configuration with what the labels of the target say otherwise. */
    ScrapeConfig configured(ScrapeConfig config) {
        String nativeHistograms = internalLabels.getOrEmpty(TargetLabels.NATIVE_HISTOGRAMS);
        String classic = internalLabels.getOrEmpty(TargetLabels.ALWAYS_CLASSIC_HISTOGRAMS);
        String convert = internalLabels.getOrEmpty(TargetLabels.CONVERT_CLASSIC_HISTOGRAMS);
        if (nativeHistograms.isEmpty() && classic.isEmpty() && convert.isEmpty()) {
            return config;
        }
        ScrapeConfigBuilder own = config.toBuilder();
        if (!nativeHistograms.isEmpty()) {
            own.scrapeNativeHistograms(nativeHistograms.equals("true"));
        }
        if (!classic.isEmpty()) {
            own.alwaysScrapeClassicHistograms(classic.equals("true"));
        }
        if (!convert.isEmpty()) {
            own.convertClassicHistogramsToNhcb(convert.equals("true"));
        }
        return own.build();
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
