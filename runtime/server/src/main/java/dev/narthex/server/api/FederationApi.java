// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.exposition.EscapingScheme;
import dev.narthex.exposition.ExpositionFormat;
import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.exposition.MetricFamilyWriter;
import dev.narthex.model.CounterResetHint;
import dev.narthex.model.FloatHistogram;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MetricType;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.StalenessMarker;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.syntax.PromqlParser;
import dev.narthex.promql.value.QueryException;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import dev.narthex.server.query.QueryWorkers;
import dev.narthex.server.query.ReadMemory;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.ReadProgress;
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
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /federate}: the newest sample of each selected series as text 0.0.4 or, where that is asked for first, as
 * protobuf, for another server to scrape (Prometheus documentation, "Federation"). The text leaves native histograms out.
 */
public final class FederationApi {
    private static final String INSTANCE = "instance";
    private static final String ACCEPT_ENCODING = "Accept-Encoding";

    /** What a series takes, each of its labels, and a line beside them. */
    private static final int SERIES_BYTES = 160;

    private static final int LABEL_BYTES = 24;
    private static final int POINT_BYTES = 48;

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

    /** The newest sample of a series; its value counts where it is no histogram. */
    private record Newest(double value, @Nullable FloatHistogram histogram, long timestampMs) {
        MetricType type() {
            if (histogram == null) {
                return MetricType.UNKNOWN;
            }
            return histogram.counterResetHint() == CounterResetHint.GAUGE
                    ? MetricType.GAUGE_HISTOGRAM
                    : MetricType.HISTOGRAM;
        }
    }

    /** What is written of a series. */
    private record Line(String name, List<String> labels, Newest newest) {
        /** Histograms by exponential buckets have no place in a text; those with custom buckets are classic ones there. */
        boolean isInText() {
            FloatHistogram histogram = newest.histogram;
            return histogram == null || histogram.layout().hasCustomBuckets();
        }
    }

    /** {@code match[]}. */
    public Response federate(Request request) throws InterruptedException {
        String problem = request.parameters().problem();
        if (!problem.isEmpty()) {
            return refusal(Parameters.UNREADABLE + problem);
        }
        List<List<LabelMatcher>> selectors = new ArrayList<>();
        for (String text : request.parameters("match[]")) {
            try {
                List<LabelMatcher> matchers = PromqlParser.parseAnySelector(text);
                if (!matchers.isEmpty()) {
                    selectors.add(matchers);
                }
            } catch (PromqlParseException e) {
                return refusal(text.isEmpty() ? Parameters.NOTHING : e.words());
            }
        }
        ReadMemory memory = workers.readMemory();
        try (ReadMemory.Held held = memory.begin()) {
            return answer(request, selectors, memory, held);
        } catch (QueryException e) {
            return failure(StorageReads.failure(e));
        } catch (ApiException e) {
            return failure(e);
        } catch (RuntimeException e) {
            errors.increment();
            throw e;
        }
    }

    private Response failure(ApiException e) {
        errors.increment();
        return Response.text(e.type().status(), e.text() + "\n").withHeader("Vary", ACCEPT_ENCODING);
    }

    private Response answer(
            Request request, List<List<LabelMatcher>> selectors, ReadMemory memory, ReadMemory.Held held)
            throws InterruptedException {
        long nowMs = clock.millis();
        Map<Labels, Newest> found = StorageReads.read(workers, () -> newest(selectors, nowMs, held), timeout);
        long pageBytes = pageBytes(found);
        held.take(held.bytes() + pageBytes); // the lines, and the page
        String accept = request.headerOrEmpty("accept");
        EscapingScheme escaping = EscapingScheme.ofAccept(accept).orElse(EscapingScheme.UNDERSCORES);
        String parameter = "; escaping=" + escaping.text();
        if (AcceptedExposition.isProtobuf(accept)) {
            MetricFamilyWriter page = new MetricFamilyWriter(escaping);
            write(found, page);
            return Response.of(
                            200,
                            MetricFamilyWriter.CONTENT_TYPE + parameter,
                            out -> memory.during(pageBytes, () -> page.writeTo(out)))
                    .withHeader("Vary", ACCEPT_ENCODING);
        }
        ExpositionWriter page = new ExpositionWriter(ExpositionFormat.TEXT, escaping);
        write(found, page);
        return Response.of(
                        200,
                        ExpositionWriter.CONTENT_TYPE + parameter,
                        out -> memory.during(pageBytes, () -> page.writeTo(out)))
                .withHeader("Vary", ACCEPT_ENCODING);
    }

    /** About what the text of some series takes. */
    private long pageBytes(Map<Labels, Newest> found) {
        Labels external = externalLabels.get();
        long added = length(external) + POINT_BYTES;
        long bytes = 0;
        for (Map.Entry<Labels, Newest> one : found.entrySet()) {
            bytes += length(one.getKey()) + added + bytes(one.getValue().histogram());
        }
        return bytes;
    }

    private static long length(Labels labels) {
        long length = 0;
        for (int i = 0; i < labels.size(); i++) {
            length += labels.name(i).length() + labels.value(i).length() + 4L;
        }
        return length;
    }

    private static long bytes(@Nullable FloatHistogram histogram) {
        return histogram == null ? 0 : histogram.sizeBytes();
    }

    private static Response refusal(String words) {
        return Response.text(400, words + "\n")
                .withHeader("X-Content-Type-Options", "nosniff")
                .withHeader("Vary", ACCEPT_ENCODING);
    }

    /** By labels, in their order. */
    private Map<Labels, Newest> newest(List<List<LabelMatcher>> selectors, long nowMs, ReadMemory.Held held) {
        // A sample that is just as old as the limit is too old.
        long startMs = nowMs - lookback.toMillis() + 1;
        SelectHints hints = SelectHints.newest(startMs, nowMs);
        Map<Labels, Newest> found = new TreeMap<>();
        ReadProgress progress = new ReadProgress();
        SampleBuffer samples = new SampleBuffer(progress);
        try (Querier querier = storage.querier(startMs, nowMs)) {
            for (List<LabelMatcher> matchers : selectors) {
                SeriesSet series = querier.select(hints, matchers);
                while (series.next()) {
                    progress.step();
                    samples.clear();
                    series.samples(samples);
                    int last = samples.size() - 1;
                    if (last >= 0) {
                        NativeHistogram histogram = samples.histogram(last);
                        double value = histogram == null ? samples.value(last) : histogram.sum();
                        if (!StalenessMarker.is(value)) {
                            FloatHistogram counts = histogram == null ? null : histogram.toFloat();
                            Labels labels = series.labels();
                            held.take(SERIES_BYTES + (long) LABEL_BYTES * labels.size() + bytes(counts));
                            found.put(labels, new Newest(value, counts, samples.timestampMs(last)));
                        }
                    }
                }
            }
        }
        return found;
    }

    private void write(Map<Labels, Newest> found, ExpositionWriter page) {
        List<Line> shown = lines(found).stream().filter(Line::isInText).toList();
        write(shown, (name, type) -> page.family(name, type, ""), line -> {
            Newest newest = line.newest;
            if (newest.histogram == null) {
                page.sample(line.name, line.labels, newest.value, newest.timestampMs);
            } else {
                page.histogram(line.name, line.labels, newest.histogram, newest.timestampMs);
            }
        });
    }

    private void write(Map<Labels, Newest> found, MetricFamilyWriter page) {
        write(lines(found), page::family, line -> {
            Newest newest = line.newest;
            if (newest.histogram == null) {
                page.sample(line.labels, newest.value, newest.timestampMs);
            } else {
                page.histogram(line.labels, newest.histogram, newest.timestampMs);
            }
        });
        page.end();
    }

    /** Begins a family wherever the name or the type is another one than that of the line before. */
    private static void write(List<Line> lines, BiConsumer<String, MetricType> family, Consumer<Line> line) {
        String name = "";
        MetricType type = MetricType.UNKNOWN;
        ReadProgress progress = new ReadProgress();
        for (Line next : lines) {
            progress.step();
            if (!next.name.equals(name) || next.newest.type() != type) {
                name = next.name;
                type = next.newest.type();
                family.accept(name, type);
            }
            line.accept(next);
        }
    }

    private List<Line> lines(Map<Labels, Newest> found) {
        Labels external = externalLabels.get();
        Map<String, String> added = new TreeMap<>();
        // Without one of its own a series is of no instance, not of the one that is scraped.
        added.put(INSTANCE, "");
        for (int i = 0; i < external.size(); i++) {
            added.put(external.name(i), external.value(i));
        }
        List<Line> lines = new ArrayList<>();
        ReadProgress progress = new ReadProgress();
        found.forEach((series, newest) -> {
            progress.step();
            String name = series.metricName();
            if (name.isEmpty()) {
                return;
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
            lines.add(new Line(name, labels, newest));
        });
        return lines;
    }
}
