// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a remote write request.
 *
 * @param status the HTTP status: 204 when all was taken; 400 and 415 when the same request will never be taken; 500
 *     and 503 when it may be tried again
 * @param text why something was not taken, empty where all was
 * @param written what was stored, for the headers of version 2; null for a request of version 1 or one that was refused
 *     before it was read
 */
public record RemoteWriteAnswer(
        int status, String text, @Nullable Written written) {
    static final int NO_CONTENT = 204;
    static final int BAD_REQUEST = 400;
    static final int UNSUPPORTED_MEDIA_TYPE = 415;
    static final int INTERNAL = 500;
    static final int UNAVAILABLE = 503;

    /**
     * What a request of version 2 has stored.
     *
     * @param samples float samples
     * @param histograms native histograms
     * @param exemplars exemplars
     */
    public record Written(long samples, long histograms, long exemplars) {}
}
