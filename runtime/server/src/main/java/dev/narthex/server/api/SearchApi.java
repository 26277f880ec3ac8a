// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.Metadata;
import dev.narthex.model.QuotedString;
import dev.narthex.model.Utf8Order;
import dev.narthex.scrape.TargetMetadata;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.ErrorType;
import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.JsonWriter;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import dev.narthex.server.query.QueryWorkers;
import dev.narthex.server.search.SearchTerms;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.ReadProgress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/search/metric_names}, {@code label_names} and {@code label_values}: names and values that meet terms, as
 * lines of JSON, a batch each, and a last one that says how it ended.
 */
public final class SearchApi {
    /** How much more than a step it is to compare a text with the terms. */
    private static final int SCORE = 16;

    private final Queryable storage;
    private final QueryWorkers workers;
    private final Duration timeout;
    private final InstantSource clock;
    private final Supplier<List<TargetMetadata>> targets;
    private final int maxLimit;
    private final boolean isOn;

    /**
     * Makes the endpoints.
     *
     * @param timeout for one search
     * @param targets what targets say of their metrics
     * @param maxLimit results that may be asked for, 0 for any number
     * @param isOn whether they answer at all
     */
    public SearchApi(
            Queryable storage,
            QueryWorkers workers,
            Duration timeout,
            InstantSource clock,
            Supplier<List<TargetMetadata>> targets,
            int maxLimit,
            boolean isOn) {
        this.storage = storage;
        this.workers = workers;
        this.timeout = timeout;
        this.clock = clock;
        this.targets = targets;
        this.maxLimit = maxLimit;
        this.isOn = isOn;
    }

    /** {@code match[]}, {@code search[]} and the parameters of {@link SearchRequest}; {@code include_metadata}. */
    public Response metricNames(Request request) throws InterruptedException {
        if (!isOn) {
            return disabled();
        }
        SearchRequest wanted = SearchRequest.of(request, SearchRequest.Subject.METRIC_NAMES, clock.millis(), maxLimit);
        return answer(wanted, "name", (querier, matchers) -> querier.labelValues(Labels.METRIC_NAME, matchers));
    }

    /** The same without {@code include_metadata}. */
    public Response labelNames(Request request) throws InterruptedException {
        if (!isOn) {
            return disabled();
        }
        SearchRequest wanted = SearchRequest.of(request, SearchRequest.Subject.LABEL_NAMES, clock.millis(), maxLimit);
        return answer(wanted, "name", Querier::labelNames);
    }

    /** The same of the values of {@code label}. */
    public Response labelValues(Request request) throws InterruptedException {
        if (!isOn) {
            return disabled();
        }
        SearchRequest wanted = SearchRequest.of(request, SearchRequest.Subject.LABEL_VALUES, clock.millis(), maxLimit);
        String label = request.parameter("label");
        if (label.isEmpty()) {
            throw ApiException.badData("missing required parameter " + QuotedString.of("label"));
        }
        return answer(wanted, "value", (querier, matchers) -> querier.labelValues(label, matchers));
    }

    private static Response disabled() {
        // Prometheus answers 500 where an API is off, though the type of the error stands for 503.
        return JsonEnvelope.error(ErrorType.UNAVAILABLE, "search API disabled")
                .withStatus(500)
                .withHeader("Vary", "Origin");
    }

    /** What is searched through: names or values of the series that meet some matchers. */
    private interface Source {
        List<String> of(Querier querier, List<LabelMatcher> matchers);
    }

    private record Found(String text, double score) {}

    private Response answer(SearchRequest wanted, String member, Source source) throws InterruptedException {
        List<Found> found = StorageReads.read(workers, () -> search(wanted, source), timeout);
        boolean hasMore = found.size() > wanted.limit();
        List<Found> shown = hasMore ? found.subList(0, wanted.limit()) : found;
        List<TargetMetadata> metadata = wanted.includeMetadata() ? targets.get() : List.of();
        return Response.of(200, Response.JSON_LINES, out -> {
            for (int from = 0; from < Math.max(1, shown.size()); from += wanted.batchSize()) {
                int to = (int) Math.min(shown.size(), from + (long) wanted.batchSize());
                writeBatch(out, shown.subList(from, to), member, wanted, metadata);
            }
            JsonWriter last = new JsonWriter(out);
            last.beginObject()
                    .member("status", "success")
                    .member("has_more", hasMore)
                    .endObject()
                    .flush();
            out.write('\n');
        });
    }

    private List<Found> search(SearchRequest wanted, Source source) {
        SearchTerms terms = wanted.terms();
        List<Found> found = new ArrayList<>();
        ReadProgress progress = new ReadProgress();
        for (String text : candidates(wanted, source)) {
            progress.steps(SCORE);
            double score = terms.score(text);
            if (score > 0) {
                found.add(new Found(text, score));
            }
        }
        switch (wanted.order()) {
            case UP -> {} // as they come
            case DOWN -> Collections.reverse(found);
            case BEST_FIRST ->
                found.sort(progress.counted(
                        Comparator.comparingDouble(Found::score).reversed()));
        }
        return found;
    }

    /** In the order of their bytes. */
    private Collection<String> candidates(SearchRequest wanted, Source source) {
        try (Querier querier = storage.querier(wanted.startMs(), wanted.endMs())) {
            if (wanted.selectors().isEmpty()) {
                return source.of(querier, List.of());
            }
            TreeSet<String> union = new TreeSet<>(new ReadProgress().counted(Utf8Order.COMPARATOR));
            for (List<LabelMatcher> matchers : wanted.selectors()) {
                union.addAll(source.of(querier, matchers));
            }
            return union;
        }
    }

    private static void writeBatch(
            OutputStream out, List<Found> batch, String member, SearchRequest wanted, List<TargetMetadata> metadata)
            throws IOException {
        JsonWriter json = new JsonWriter(out);
        json.beginObject().name("results").beginArray();
        for (Found found : batch) {
            json.beginObject().member(member, found.text());
            if (wanted.includeScore()) {
                json.member("score", found.score());
            }
            Metadata of = metadata(metadata, found.text());
            if (of != null) {
                json.member("type", of.type().text()).member("help", of.help());
                if (!of.unit().isEmpty()) {
                    json.member("unit", of.unit());
                }
            }
            json.endObject();
        }
        json.endArray().endObject().flush();
        out.write("\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static @Nullable Metadata metadata(List<TargetMetadata> targets, String metric) {
        for (TargetMetadata target : targets) {
            Metadata found = target.families().get(metric);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
