// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** How a body is compressed on its way (RFC 9110, section 8.4.1). */
enum ContentCoding {
    IDENTITY(""),
    GZIP("gzip"),
    DEFLATE("deflate");

    private static final int BUFFER_BYTES = 8 << 10;

    private final String text;

    ContentCoding(String text) {
        this.text = text;
    }

    /** The value of Content-Encoding, empty for a body as it is. */
    String text() {
        return text;
    }

    /** The coding to use for a client that sent this Accept-Encoding: gzip before deflate. */
    static ContentCoding accepted(@Nullable String acceptEncoding) {
        if (acceptEncoding == null || acceptEncoding.isEmpty()) {
            return IDENTITY;
        }
        ContentCoding best = IDENTITY;
        for (String item : acceptEncoding.toLowerCase(Locale.ROOT).split(",", -1)) {
            int semicolon = item.indexOf(';');
            String name = (semicolon < 0 ? item : item.substring(0, semicolon)).strip();
            if (semicolon >= 0 && isRefused(item.substring(semicolon + 1))) {
                continue;
            }
            if (name.equals(GZIP.text)) {
                return GZIP;
            }
            if (name.equals(DEFLATE.text)) {
                best = DEFLATE;
            }
        }
        return best;
    }

    /** Whether a weight says "not this one": {@code q=0}, with up to three zeros behind the point. */
    private static boolean isRefused(String parameter) {
        String weight = parameter.replace(" ", "");
        return weight.equals("q=0")
                || (weight.startsWith("q=0.") && weight.substring(4).chars().allMatch(c -> c == '0'));
    }

    OutputStream over(OutputStream out) throws IOException {
        return switch (this) {
            case IDENTITY -> out;
            case GZIP -> new GZIPOutputStream(out, BUFFER_BYTES);
            case DEFLATE -> new DeflaterOutputStream(out);
        };
    }
}
