// SPDX-License-Identifier: Apache-2.0
/**
 * Fetches expositions over HTTP. A client is safe for use by many threads; a body buffer belongs to the scrape that
 * fills it.
 */
@NullMarked
package dev.narthex.scrape.http;

import org.jspecify.annotations.NullMarked;
