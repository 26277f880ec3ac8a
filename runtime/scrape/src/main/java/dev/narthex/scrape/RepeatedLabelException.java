// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.model.QuotedString;

/** A series that has a label twice. */
final class RepeatedLabelException extends ScrapeException {
    private static final long serialVersionUID = 1L;

    RepeatedLabelException(String name) {
        super("label name " + QuotedString.of(name) + " is not unique: invalid sample");
    }
}
