// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.model.Labels;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An active target as it is now, for the HTTP API and for status reports.
 *
 * @param discoveredLabels before relabelling
 * @param labels what its series get
 * @param scrapePool the job that it belongs to
 * @param globalUrl the URL as seen from other machines
 * @param lastError why the last scrape failed, empty where it did not
 * @param lastScrape when the last scrape began, null before the first
 * @param lastScrapeDuration how long the last scrape took
 * @param writtenInterval the interval as the labels of the target have it, so that {@code 1500ms} stays that
 * @param writtenTimeout the timeout in the same way
 * @param samples of the last scrape after metric relabelling, 0 where it failed
 * @param downSince when the first of the failed scrapes in a row began, null where the last one did not fail
 */
public record TargetView(
        Labels discoveredLabels,
        Labels labels,
        String scrapePool,
        String scrapeUrl,
        String globalUrl,
        String lastError,
        @Nullable Instant lastScrape,
        Duration lastScrapeDuration,
        TargetHealth health,
        Duration scrapeInterval,
        Duration scrapeTimeout,
        String writtenInterval,
        String writtenTimeout,
        int samples,
        @Nullable Instant downSince) {}
