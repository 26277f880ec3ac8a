// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.QuotedString;
import dev.narthex.model.Timestamps;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.Endpoint;
import dev.narthex.server.http.ErrorType;
import dev.narthex.server.http.JsonEnvelope;
import dev.narthex.server.http.Request;
import dev.narthex.server.http.Response;
import java.io.IOException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** {@code /api/v1/admin/tsdb/*}: what changes the stored data, for servers that allow it. */
public final class AdminApi {
    /** What an administrator may do to a storage. */
    public interface Storage {
        /** Deletes the samples of a time range, both ends inclusive, of the series that meet all matchers. */
        void delete(long startMs, long endMs, List<LabelMatcher> matchers) throws IOException;

        /** Gives back the room of what is deleted. */
        void cleanTombstones() throws IOException;

        /** Writes a copy below the data directory, {@code snapshots/NAME}. */
        void snapshot(String name, boolean skipHead) throws IOException;
    }

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Storage storage;
    private final boolean enabled;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** @param enabled whether the server allows it; everything is refused where not */
    public AdminApi(Storage storage, boolean enabled, InstantSource clock, RandomGenerator random) {
        this.storage = storage;
        this.enabled = enabled;
        this.clock = clock;
        this.random = random;
    }

    /** {@code match[]}, {@code start}, {@code end}. */
    public Response deleteSeries(Request request) throws InterruptedException {
        return guarded(request, this::delete);
    }

    public Response cleanTombstones(Request request) throws InterruptedException {
        return guarded(request, _ -> {
            act(storage::cleanTombstones);
            return Response.empty(204);
        });
    }

    /** {@code skip_head}. */
    public Response snapshot(Request request) throws InterruptedException {
        return guarded(request, this::copy);
    }

    /** All series too, where a selector leaves none out. */
    private Response delete(Request request) {
        Parameters.requireReadable(request);
        if (request.parameters("match[]").isEmpty()) {
            throw ApiException.badData("no match[] parameter provided");
        }
        long startMs = Parameters.time(request, "start", Timestamps.MIN_MS);
        long endMs = Parameters.time(request, "end", Timestamps.MAX_MS);
        for (List<LabelMatcher> matchers : Parameters.anySelectors(request, "invalid parameter \"match[]\": ")) {
            if (startMs <= endMs) {
                act(() -> storage.delete(startMs, endMs, matchers));
            }
        }
        return Response.empty(204);
    }

    private Response copy(Request request) {
        boolean skipHead = bool(request, "skip_head");
        String name = TIME.format(clock.instant()) + "-" + HexFormat.of().toHexDigits(random.nextLong());
        act(() -> storage.snapshot(name, skipHead));
        return JsonEnvelope.success(
                json -> json.beginObject().member("name", name).endObject());
    }

    private static boolean bool(Request request, String name) {
        return switch (request.parameter(name)) {
            case "", "0", "f", "F", "FALSE", "false", "False" -> false;
            case "1", "t", "T", "TRUE", "true", "True" -> true;
            default ->
                throw ApiException.invalidParameter(
                        name,
                        "unable to parse boolean: strconv.ParseBool: parsing "
                                + QuotedString.of(request.parameter(name)) + ": invalid syntax");
        };
    }

    private Response guarded(Request request, Endpoint endpoint) throws InterruptedException {
        // Prometheus, too, gives this one kind of error the status 500.
        return enabled
                ? endpoint.handle(request)
                : JsonEnvelope.error(ErrorType.UNAVAILABLE, "admin APIs disabled")
                        .withStatus(500);
    }

    /** Something that may fail in files. */
    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    private static void act(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new ApiException(ErrorType.INTERNAL, String.valueOf(e.getMessage()));
        }
    }
}
