// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.promql.value.QueryException;
import dev.narthex.server.http.ApiException;
import dev.narthex.server.http.ErrorType;
import dev.narthex.server.query.QueryWorkers;
import dev.narthex.storage.ReadCanceledException;
import dev.narthex.storage.ReadMemoryException;
import java.time.Duration;
import java.util.function.Supplier;

/** Runs what reads the storage as queries do: in its turn, and no longer than a query may take. */
final class StorageReads {
    private StorageReads() {}

    /**
     * Reads, and waits for the outcome.
     *
     * @throws ApiException where that takes too long or is not wanted any more, in the words that queries have for it
     */
    static <T> T read(QueryWorkers workers, Supplier<T> read, Duration timeout) throws InterruptedException {
        try {
            return workers.evaluate(read, timeout);
        } catch (QueryException e) {
            throw failure(e);
        } catch (ReadMemoryException e) {
            throw new ApiException(ErrorType.EXECUTION, String.valueOf(e.getMessage()), e);
        } catch (ReadCanceledException e) {
            throw new ApiException(ErrorType.CANCELED, String.valueOf(e.getMessage()), e);
        }
    }

    /** What a query that could not be answered is to a client. */
    static ApiException failure(QueryException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case BAD_QUERY -> ApiException.invalidParameter("query", message);
            case EXECUTION -> new ApiException(ErrorType.EXECUTION, message, e);
            case TIMEOUT -> new ApiException(ErrorType.TIMEOUT, message, e);
            case CANCELED -> new ApiException(ErrorType.CANCELED, message, e);
        };
    }
}
