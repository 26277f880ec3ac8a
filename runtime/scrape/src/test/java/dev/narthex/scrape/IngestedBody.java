// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.GlobalConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.exposition.ExpositionException;
import dev.narthex.exposition.ExpositionFormat;
import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.storage.Appender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * A body that was scraped once, as a loop would do it, into a storage of its own.
 *
 * @param error why it was refused; empty where it was taken
 */
record IngestedBody(MemoryStorage storage, String error, ScrapeCounts counts, Map<String, Metadata> metadata) {
    static IngestedBody of(
            ScrapeWorkspace work, ExpositionFormat format, byte[] body, IngestRules rules, Labels labels, long timeMs) {
        Target target = new Target(
                labels, labels, labels, URI.create("http://a:1"), Duration.ofSeconds(1), Duration.ofSeconds(1));
        SeriesLabeler labeler = new SeriesLabeler(target, ScrapeConfig.of("j", GlobalConfig.DEFAULT));
        SampleIngester ingester = new SampleIngester(labeler, rules);
        ReportSeries report = new ReportSeries(labeler);
        MemoryStorage storage = new MemoryStorage();
        storage.refuseBefore(timeMs - 3_600_000);
        String error = "";
        try (Appender appender = storage.appender()) {
            ingester.ingest(work, format, body, body.length, appender, timeMs);
            report.append(appender, timeMs, true, 0, work.counts, 0);
            appender.commit();
        } catch (ExpositionException | ScrapeException e) {
            error = String.valueOf(e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!error.isEmpty()) {
            storage = new MemoryStorage();
            try (Appender appender = storage.appender()) {
                new ReportSeries(labeler).append(appender, timeMs, false, 0, work.counts, 0);
                appender.commit();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new IngestedBody(storage, error, work.counts, ingester.metadata());
    }
}
