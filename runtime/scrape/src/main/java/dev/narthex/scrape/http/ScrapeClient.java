// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape.http;

import java.io.IOException;

/** Fetches expositions. Safe for use by many threads. */
@FunctionalInterface
public interface ScrapeClient {
    /**
     * Sends a request and waits for the whole answer.
     *
     * @param into takes the body as it came, compressed where the answer says so; not touched any more once this
     *     returns or throws
     * @throws BodyTooLargeException when the body is larger than the buffer takes
     * @throws java.net.http.HttpTimeoutException when the answer is not complete in time
     * @throws IOException when there is no answer; the message says why
     */
    ScrapeResponse fetch(ScrapeRequest request, BodyBuffer into) throws IOException, InterruptedException;
}
