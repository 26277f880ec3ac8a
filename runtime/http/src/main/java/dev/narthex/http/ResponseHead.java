// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The head of an HTTP/1.1 answer (RFC 9112), as far as a scrape needs it. Filled line by line; for one thread.
 */
final class ResponseHead {
    static final int UNKNOWN_LENGTH = -1;
    private static final int MAX_STATUS_LINE = 12;

    int status;
    String contentType = "";
    String contentEncoding = "";
    String location = "";
    long contentLength = UNKNOWN_LENGTH;
    boolean chunked;
    boolean keepAlive;

    /** Reads the first line, {@code HTTP/1.1 200 OK}. */
    void statusLine(byte[] bytes, int from, int to) throws IOException {
        boolean http = to - from >= MAX_STATUS_LINE
                && isText(bytes, from, "HTTP/1.")
                && isDigit(bytes[from + 7])
                && bytes[from + 8] == ' '
                && isDigit(bytes[from + 9])
                && isDigit(bytes[from + 10])
                && isDigit(bytes[from + 11]);
        if (!http) {
            throw new IOException("malformed HTTP response");
        }
        status = 100 * (bytes[from + 9] - '0') + 10 * (bytes[from + 10] - '0') + bytes[from + 11] - '0';
        keepAlive = bytes[from + 7] != '0';
    }

    /** Reads a header field; most are of no interest and cost no object. */
    void field(byte[] bytes, int from, int to) throws IOException {
        int colon = from;
        while (colon < to && bytes[colon] != ':') {
            colon++;
        }
        if (colon == to || colon == from) {
            throw new IOException("malformed HTTP response header");
        }
        switch (colon - from) {
            case 8 -> {
                if (isName(bytes, from, "location")) {
                    location = value(bytes, colon, to);
                }
            }
            case 10 -> {
                if (isName(bytes, from, "connection")) {
                    String value = value(bytes, colon, to).toLowerCase(Locale.ROOT);
                    keepAlive = keepAlive ? !value.contains("close") : value.contains("keep-alive");
                }
            }
            case 12 -> {
                if (isName(bytes, from, "content-type")) {
                    contentType = value(bytes, colon, to);
                }
            }
            case 14 -> {
                if (isName(bytes, from, "content-length")) {
                    length(value(bytes, colon, to));
                }
            }
            case 16 -> {
                if (isName(bytes, from, "content-encoding")) {
                    contentEncoding = value(bytes, colon, to);
                }
            }
            case 17 -> {
                if (isName(bytes, from, "transfer-encoding")) {
                    chunked = value(bytes, colon, to).toLowerCase(Locale.ROOT).endsWith("chunked");
                }
            }
            default -> {}
        }
    }

    private void length(String value) throws IOException {
        long length;
        try {
            length = Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IOException("bad Content-Length " + value, e);
        }
        if (length < 0 || (contentLength != UNKNOWN_LENGTH && contentLength != length)) {
            throw new IOException("bad Content-Length " + value);
        }
        contentLength = length;
    }

    /** Whether no body can follow, whatever the header says. */
    boolean isWithoutBody() {
        return status == 204 || status == 304;
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isText(byte[] bytes, int from, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (bytes[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isName(byte[] bytes, int from, String lowerCase) {
        for (int i = 0; i < lowerCase.length(); i++) {
            byte c = bytes[from + i];
            if ((c >= 'A' && c <= 'Z' ? c + 0x20 : c) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static String value(byte[] bytes, int colon, int to) {
        return new String(bytes, colon + 1, to - colon - 1, StandardCharsets.ISO_8859_1).strip();
    }
}
