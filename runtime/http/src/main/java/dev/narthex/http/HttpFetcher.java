// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.config.HttpClientConfig;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Sends requests and waits for their answers. Safe for use by many threads. */
@FunctionalInterface
public interface HttpFetcher {
    /**
     * Sends a request and waits for the whole answer.
     *
     * @param into takes the body as it came, compressed where the answer says so; not touched any more once this
     *     returns or throws
     * @throws BodyTooLargeException when the body is larger than the buffer takes
     * @throws java.net.http.HttpTimeoutException when the answer is not complete in time
     * @throws IOException when there is no answer; the message says why
     */
    HttpAnswer fetch(HttpCall call, BodyBuffer into) throws IOException, InterruptedException;

    /**
     * A call that needs no thread that waits.
     *
     * @param into takes the bodies, as for {@link #fetch}
     * @return null where this client cannot ask for this without one
     */
    default @Nullable RepeatedCall repeated(HttpCall call, BodyBuffer into, RepeatedCall.Listener listener) {
        return null;
    }

    /** The same client by other options; one that has none gives itself. It is closed with this one. */
    default HttpFetcher configured(HttpClientConfig config) {
        return this;
    }
}
