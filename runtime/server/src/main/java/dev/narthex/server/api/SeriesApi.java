// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.QuotedString;
import dev.narthex.model.Timestamps;
import dev.narthex.model.Utf8Order;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import dev.narthex.server.query.QueryWorkers;
import dev.narthex.server.query.ReadMemory;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.ReadProgress;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/** {@code /api/v1/series}, {@code /api/v1/labels} and {@code /api/v1/label/<name>/values}. */
public final class SeriesApi {
    private static final String TRUNCATED = "results truncated due to limit";

    /** What a series takes in an answer, and each of its labels; texts are mostly those of the index. */
    private static final int SERIES_BYTES = 64;

    private static final int LABEL_BYTES = 24;
    private static final int NAME_BYTES = 40;

    private final Queryable storage;
    private final QueryWorkers workers;
    private final Duration timeout;

    /** @param timeout for one answer */
    public SeriesApi(Queryable storage, QueryWorkers workers, Duration timeout) {
        this.storage = storage;
        this.workers = workers;
        this.timeout = timeout;
    }

    /** {@code match[]}, {@code start}, {@code end}, {@code limit}. */
    public Response series(Request request) throws InterruptedException {
        Parameters.requireReadable(request);
        if (request.parameters("match[]").isEmpty()) {
            throw ApiException.badData("no match[] parameter provided");
        }
        int limit = Parameters.limit(request);
        Range range = range(request);
        List<List<LabelMatcher>> selectors = Parameters.selectors(request, "invalid parameter \"match[]\": ");
        ReadMemory memory = workers.readMemory();
        Collection<Labels> found;
        long bytes;
        try (ReadMemory.Held held = memory.begin()) {
            found = StorageReads.read(workers, () -> select(range, selectors, held), timeout);
            bytes = held.bytes();
        }
        List<Labels> shown =
                found.stream().limit(limit == 0 ? Long.MAX_VALUE : limit).toList();
        return JsonEnvelope.success(
                json -> memory.during(bytes, () -> {
                    json.beginArray();
                    for (Labels labels : shown) {
                        json.labels(labels);
                    }
                    json.endArray();
                }),
                shown.size() < found.size() ? List.of(TRUNCATED) : List.of(),
                List.of());
    }

    private Collection<Labels> select(Range range, List<List<LabelMatcher>> selectors, ReadMemory.Held held) {
        SelectHints hints = new SelectHints(range.startMs(), range.endMs(), 0, 0, "series", true);
        try (Querier querier = storage.querier(range.startMs(), range.endMs())) {
            Collection<Labels> found = selectors.size() == 1 ? new ArrayList<>() : new TreeSet<>();
            ReadProgress progress = new ReadProgress();
            for (List<LabelMatcher> matchers : selectors) {
                SeriesSet series = querier.select(hints, matchers);
                while (series.next()) {
                    progress.step();
                    Labels labels = series.labels();
                    held.take(SERIES_BYTES + (long) LABEL_BYTES * labels.size());
                    found.add(labels);
                }
            }
            return found;
        }
    }

    /** {@code match[]}, {@code start}, {@code end}, {@code limit}. */
    public Response labelNames(Request request) throws InterruptedException {
        return names(request, querier -> querier::labelNames);
    }

    /** The placeholder {@code name}, {@code match[]}, {@code start}, {@code end}, {@code limit}. */
    public Response labelValues(Request request) throws InterruptedException {
        String name = LabelNameEscaping.unescape(request.pathParameter("name"));
        if (name.isEmpty()) {
            throw ApiException.badData("invalid label name: " + QuotedString.of(name));
        }
        return names(request, querier -> matchers -> querier.labelValues(name, matchers));
    }

    private Response names(Request request, Function<Querier, Function<List<LabelMatcher>, List<String>>> lookup)
            throws InterruptedException {
        int limit = Parameters.limit(request);
        Range range = range(request);
        List<List<LabelMatcher>> selectors = Parameters.selectors(request, "");
        ReadMemory memory = workers.readMemory();
        ReadMemory.Held held = memory.begin();
        Supplier<List<String>> search = () -> {
            try (Querier querier = storage.querier(range.startMs(), range.endMs())) {
                Function<List<LabelMatcher>, List<String>> ofMatchers = lookup.apply(querier);
                if (selectors.size() <= 1) {
                    return counted(held, ofMatchers.apply(selectors.isEmpty() ? List.of() : selectors.getFirst()));
                }
                TreeSet<String> union = new TreeSet<>(new ReadProgress().counted(Utf8Order.COMPARATOR));
                selectors.forEach(matchers -> union.addAll(counted(held, ofMatchers.apply(matchers))));
                return List.copyOf(union);
            }
        };
        List<String> found;
        long bytes;
        try (held) {
            found = StorageReads.read(workers, search, timeout);
            bytes = held.bytes();
        }
        boolean truncated = limit > 0 && found.size() > limit;
        List<String> shown = truncated ? found.subList(0, limit) : found;
        return JsonEnvelope.success(
                json -> memory.during(bytes, () -> json.strings(shown)),
                truncated ? List.of(TRUNCATED) : List.of(),
                List.of());
    }

    private static List<String> counted(ReadMemory.Held held, List<String> names) {
        held.take((long) NAME_BYTES * names.size());
        return names;
    }

    private record Range(long startMs, long endMs) {}

    private static Range range(Request request) {
        return new Range(
                Parameters.time(request, "start", Timestamps.MIN_MS),
                Parameters.time(request, "end", Timestamps.MAX_MS));
    }
}
