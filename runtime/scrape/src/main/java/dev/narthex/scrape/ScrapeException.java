// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

/** A scrape that failed, with the text that the target's last error shows. Has no stack trace. */
sealed class ScrapeException extends RuntimeException
        permits LimitException, BucketLimitException, RepeatedLabelException {
    private static final long serialVersionUID = 1L;

    ScrapeException(String message) {
        super(message, null, false, false);
    }
}
