// SPDX-License-Identifier: Apache-2.0
/**
 * Scrapes targets: {@link dev.narthex.scrape.ScrapeManager} keeps a pool a job and a loop a target; a loop fetches the
 * exposition, turns it into samples and appends them in one transaction. Managers, pools and loops are safe for use by
 * many threads; what a scrape works with belongs to the thread that scrapes.
 */
@NullMarked
package dev.narthex.scrape;

import org.jspecify.annotations.NullMarked;
