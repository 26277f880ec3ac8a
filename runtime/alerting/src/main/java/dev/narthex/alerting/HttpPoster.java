// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** Sends HTTP requests for integrations. Safe for use by many threads. */
public interface HttpPoster {
    /**
     * An answer.
     *
     * @param status the HTTP status code
     * @param body the beginning of the body, for messages
     */
    record Answer(int status, String body) {}

    /**
     * Posts JSON and waits for the answer.
     *
     * @throws java.net.http.HttpTimeoutException when there is no answer within the limit
     * @throws IOException when the server cannot be reached or breaks off
     */
    Answer post(URI uri, byte[] json, Duration limit) throws IOException, InterruptedException;
}
