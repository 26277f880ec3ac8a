// SPDX-License-Identifier: Apache-2.0
/**
 * The HTTP client of all that the server asks: scrapes, discovery, token servers. {@link dev.narthex.http.HttpFetchers}
 * keeps connections; {@link dev.narthex.http.HttpFetcher#configured} gives a client that goes by an {@code http_config}.
 * Clients are safe for use by many threads; a body buffer belongs to the one that fills it.
 */
@NullMarked
package dev.narthex.http;

import org.jspecify.annotations.NullMarked;
