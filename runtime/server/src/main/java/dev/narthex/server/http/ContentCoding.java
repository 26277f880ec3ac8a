// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** How a body is compressed on its way (RFC 9110, section 8.4.1). */
enum ContentCoding {
    IDENTITY(""),
    GZIP("gzip"),
    DEFLATE("deflate");

    private static final int BUFFER_BYTES = 8 << 10;

    private static final Pattern WEIGHT = Pattern.compile("q=([01](?:\\.[0-9]{0,3})?)");

    private final String text;

    ContentCoding(String text) {
        this.text = text;
    }

    /** The value of Content-Encoding, empty for a body as it is. */
    String text() {
        return text;
    }

    /** The coding to use for a client that sent this Accept-Encoding. */
    static ContentCoding accepted(@Nullable String acceptEncoding, Compression compression) {
        if (acceptEncoding == null || acceptEncoding.isEmpty()) {
            return IDENTITY;
        }
        return switch (compression) {
            case NONE -> IDENTITY;
            case BY_NAME -> named(acceptEncoding);
            case BY_WEIGHT -> weighed(acceptEncoding);
        };
    }

    private static ContentCoding named(String acceptEncoding) {
        for (String item : acceptEncoding.split(",", -1)) {
            String name = item.strip();
            if (name.equals(GZIP.text)) {
                return GZIP;
            }
            if (name.equals(DEFLATE.text)) {
                return DEFLATE;
            }
        }
        return IDENTITY;
    }

    private static ContentCoding weighed(String acceptEncoding) {
        for (String item : acceptEncoding.split(",", -1)) {
            int semicolon = item.indexOf(';');
            String name = (semicolon < 0 ? item : item.substring(0, semicolon)).strip();
            if (name.equals(GZIP.text) && (semicolon < 0 || isWeight(item.substring(semicolon + 1)))) {
                return GZIP;
            }
        }
        return IDENTITY;
    }

    /** Whether it is a weight (RFC 9110, section 12.4.2), and not 0. */
    private static boolean isWeight(String parameter) {
        Matcher weight = WEIGHT.matcher(parameter.strip());
        return weight.matches() && !weight.group(1).matches("0(\\.0*)?");
    }

    OutputStream over(OutputStream out) throws IOException {
        return switch (this) {
            case IDENTITY -> out;
            case GZIP -> new GZIPOutputStream(out, BUFFER_BYTES);
            case DEFLATE -> new DeflaterOutputStream(out);
        };
    }
}
