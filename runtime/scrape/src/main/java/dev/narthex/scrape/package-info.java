// SPDX-License-Identifier: Apache-2.0
/**
 * Scrape pools and loops. Each loop runs in a virtual thread of its own.
 */
@NullMarked
package dev.narthex.scrape;

import org.jspecify.annotations.NullMarked;
