// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.exposition.EscapingScheme;
import dev.narthex.exposition.ExpositionFormat;
import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import dev.narthex.model.StalenessMarker;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.syntax.PromqlParser;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import dev.narthex.server.query.QueryWorkers;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * {@code /federate}: the newest sample of each selected series as text 0.0.4, for another server to scrape (Prometheus
 * documentation, "Federation"). Native histograms are left out, as this text has none.
 */
public final class FederationApi {
    private static final String INSTANCE = "instance";

    private final LongAdder errors = new LongAdder();
    private final Queryable storage;
    private final QueryWorkers workers;
    private final InstantSource clock;
    private final Duration lookback;
    private final Duration timeout;
    private final Supplier<Labels> externalLabels;

    /**
     * Makes the endpoint.
     *
     * @param lookback how old a sample may be
     * @param timeout for one answer
     * @param externalLabels what is added to every series that has not got them itself
     */
    public FederationApi(
            Queryable storage,
            QueryWorkers workers,
            InstantSource clock,
            Duration lookback,
            Duration timeout,
            Supplier<Labels> externalLabels) {
        this.storage = storage;
        this.workers = workers;
        this.clock = clock;
        this.lookback = lookback;
        this.timeout = timeout;
        this.externalLabels = externalLabels;
    }

    /** Requests that failed while they were answered. */
    public long errors() {
        return errors.sum();
    }

    private record Newest(double value, long timestampMs) {}

    /** {@code match[]}. */
    public Response federate(Request request) throws InterruptedException {
        List<List<LabelMatcher>> selectors = new ArrayList<>();
        for (String text : request.parameters("match[]")) {
            try {
                selectors.add(PromqlParser.parseSelector(text));
            } catch (PromqlParseException e) {
                return Response.text(400, e.getMessage() + "\n");
            }
        }
        long nowMs = clock.millis();
        Map<Labels, Newest> found;
        try {
            found = workers.evaluate(() -> newest(selectors, nowMs), timeout);
        } catch (RuntimeException e) {
            errors.increment();
            throw e;
        }
        EscapingScheme escaping =
                EscapingScheme.ofAccept(request.headerOrEmpty("accept")).orElse(EscapingScheme.UNDERSCORES);
        ExpositionWriter page = new ExpositionWriter(ExpositionFormat.TEXT, escaping);
        write(found, page);
        return Response.of(200, ExpositionWriter.CONTENT_TYPE + "; escaping=" + escaping.text(), page::writeTo);
    }

    /** By labels, in their order. */
    private Map<Labels, Newest> newest(List<List<LabelMatcher>> selectors, long nowMs) {
        // A sample that is just as old as the limit is too old.
        long startMs = nowMs - lookback.toMillis() + 1;
        SelectHints hints = SelectHints.newest(startMs, nowMs);
        Map<Labels, Newest> found = new TreeMap<>();
        SampleBuffer samples = new SampleBuffer();
        try (Querier querier = storage.querier(startMs, nowMs)) {
            for (List<LabelMatcher> matchers : selectors) {
                SeriesSet series = querier.select(hints, matchers);
                while (series.next()) {
                    samples.clear();
                    series.samples(samples);
                    int last = samples.size() - 1;
                    if (last >= 0 && samples.histogram(last) == null && !StalenessMarker.is(samples.value(last))) {
                        found.put(series.labels(), new Newest(samples.value(last), samples.timestampMs(last)));
                    }
                }
            }
        }
        return found;
    }

    private void write(Map<Labels, Newest> found, ExpositionWriter page) {
        Labels external = externalLabels.get();
        Map<String, String> added = new TreeMap<>();
        // Without one of its own a series is of no instance, not of the one that is scraped.
        added.put(INSTANCE, "");
        for (int i = 0; i < external.size(); i++) {
            added.put(external.name(i), external.value(i));
        }
        String family = "";
        for (Map.Entry<Labels, Newest> entry : found.entrySet()) {
            Labels series = entry.getKey();
            String name = series.metricName();
            if (name.isEmpty()) {
                continue;
            }
            if (!name.equals(family)) {
                family = name;
                page.family(name, MetricType.UNKNOWN, "");
            }
            List<String> labels = new ArrayList<>();
            for (int i = 0; i < series.size(); i++) {
                if (!series.name(i).equals(Labels.METRIC_NAME)) {
                    labels.add(series.name(i));
                    labels.add(series.value(i));
                }
            }
            added.forEach((label, value) -> {
                if (!series.has(label)) {
                    labels.add(label);
                    labels.add(value);
                }
            });
            page.sample(name, labels, entry.getValue().value, entry.getValue().timestampMs);
        }
    }
}
