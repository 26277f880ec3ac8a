// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.model.QuotedString;
import java.util.Locale;

/** Which answers are expositions that can be read, told by their Content-Type. */
final class ContentTypes {
    /** What is asked for: the text format, with names in UTF-8 where the target can. */
    static final String ACCEPT =
            "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.2";

    private ContentTypes() {}

    /** @throws ScrapeException when an answer of this type cannot be read */
    static void check(String contentType) {
        if (contentType.isEmpty()) {
            throw new ScrapeException("non-compliant scrape target sending blank Content-Type and no"
                    + " fallback_scrape_protocol specified for target");
        }
        int end = contentType.indexOf(';');
        String mediaType =
                (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        if (!mediaType.equals("text/plain")) {
            throw new ScrapeException("received unsupported Content-Type " + QuotedString.of(contentType)
                    + " and no fallback_scrape_protocol specified for target; accepted is text/plain");
        }
    }
}
