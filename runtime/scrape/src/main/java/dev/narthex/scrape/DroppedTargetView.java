// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.model.Labels;

/**
 * A target that relabelling dropped, or that is not valid.
 *
 * @param discoveredLabels before relabelling
 * @param reason why it is not valid, empty where relabelling dropped it
 */
public record DroppedTargetView(String scrapePool, Labels discoveredLabels, String reason) {}
