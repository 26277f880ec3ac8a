// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

/** A scrape whose labels exceed a limit. */
final class LimitException extends ScrapeException {
    private static final long serialVersionUID = 1L;

    LimitException(String message) {
        super(message);
    }
}
