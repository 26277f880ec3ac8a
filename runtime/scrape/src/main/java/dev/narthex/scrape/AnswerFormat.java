// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.config.ScrapeProtocol;
import dev.narthex.exposition.ExpositionFormat;
import org.jspecify.annotations.Nullable;

/**
 * The format of a target's answers, by {@link ContentTypes}: read once for answers that say the same as the one before.
 * For one thread at a time.
 */
final class AnswerFormat {
    private @Nullable Known last;

    private record Known(String contentType, @Nullable ScrapeProtocol fallback, ExpositionFormat format) {}

    /**
     * The format that an answer says it is in.
     *
     * @param contentType its header field of that name, perhaps empty
     * @param fallback the protocol where the answer names none that is known; null where it is then not to be read
     * @throws ScrapeException when the answer cannot be read
     */
    ExpositionFormat of(String contentType, @Nullable ScrapeProtocol fallback) {
        Known known = last;
        if (known == null || known.fallback != fallback || !known.contentType.equals(contentType)) {
            known = new Known(contentType, fallback, ContentTypes.format(contentType, ContentTypes.format(fallback)));
            last = known;
        }
        return known.format;
    }
}
