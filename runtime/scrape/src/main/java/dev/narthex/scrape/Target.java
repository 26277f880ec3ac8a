// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

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
    /** Whether a loop of the other target can go on with this one: the same place, the same labels. */
    boolean isContinuationOf(Target other) {
        return labels.equals(other.labels) && url.equals(other.url);
    }
}
