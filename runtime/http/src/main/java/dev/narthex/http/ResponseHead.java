// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The head of an HTTP/1.1 answer (RFC 9112), as far as a scrape needs it, by the rules of Go's client: of a field that
 * stands there twice the first counts, lengths that contradict each other are refused. Filled line by line; for one thread.
 */
final class ResponseHead {
    static final int UNKNOWN_LENGTH = -1;
    private static final int OK = 200;
    private static final int VERSION_BYTES = 8;
    private static final int MAX_LENGTH_DIGITS = 19;

    int status;
    String contentType = "";
    String contentEncoding = "";
    String location = "";
    long contentLength = UNKNOWN_LENGTH;
    boolean chunked;
    boolean keepAlive;

    /** Status and reason as the other end says them; empty for 200. */
    String reason = "";

    private int version;
    private boolean hasType;
    private boolean hasEncoding;
    private boolean hasLocation;
    private boolean saysClose;
    private boolean saysKeepAlive;
    private int transferEncodings;
    private String transferEncoding = "";
    private int lengths;
    private String length = "";

    /** Reads the first line, {@code HTTP/1.1 200 OK}. */
    void statusLine(byte[] bytes, int from, int to) throws IOException {
        int code = from + VERSION_BYTES;
        boolean http = to > code
                && isText(bytes, from, "HTTP/")
                && isDigit(bytes[from + 5])
                && bytes[from + 6] == '.'
                && isDigit(bytes[from + 7])
                && bytes[code] == ' ';
        if (!http) {
            throw new IOException("malformed HTTP response");
        }
        version = 10 * (bytes[from + 5] - '0') + bytes[from + 7] - '0';
        while (code < to && bytes[code] == ' ') {
            code++;
        }
        boolean number = code + 3 <= to
                && (code + 3 == to || bytes[code + 3] == ' ')
                && (isDigit(bytes[code]) || bytes[code] == '+')
                && isDigit(bytes[code + 1])
                && isDigit(bytes[code + 2]);
        if (!number) {
            throw new IOException("malformed HTTP status code");
        }
        int hundreds = bytes[code] == '+' ? 0 : bytes[code] - '0';
        status = 100 * hundreds + 10 * (bytes[code + 1] - '0') + bytes[code + 2] - '0';
        if (status != 200) {
            reason = new String(bytes, code, to - code, StandardCharsets.ISO_8859_1);
        }
    }

    /** Reads a header field; most are of no interest and cost no object. */
    void field(byte[] bytes, int from, int to) throws IOException {
        int colon = from;
        while (colon < to && bytes[colon] != ':') {
            if (!isNameByte(bytes[colon])) {
                throw malformedField();
            }
            colon++;
        }
        if (colon == to || colon == from || isBlank(bytes[from])) {
            throw malformedField();
        }
        for (int i = colon + 1; i < to; i++) {
            if ((bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') || bytes[i] == 0x7f) {
                throw malformedField();
            }
        }
        switch (colon - from) {
            case 8 -> {
                if (!hasLocation && isName(bytes, from, "location")) {
                    location = value(bytes, colon, to);
                    hasLocation = true;
                }
            }
            case 10 -> {
                if (isName(bytes, from, "connection")) {
                    connection(value(bytes, colon, to));
                }
            }
            case 12 -> {
                if (!hasType && isName(bytes, from, "content-type")) {
                    contentType = value(bytes, colon, to);
                    hasType = true;
                }
            }
            case 14 -> {
                if (isName(bytes, from, "content-length")) {
                    length(value(bytes, colon, to));
                }
            }
            case 16 -> {
                if (!hasEncoding && isName(bytes, from, "content-encoding")) {
                    contentEncoding = value(bytes, colon, to);
                    hasEncoding = true;
                }
            }
            case 17 -> {
                if (isName(bytes, from, "transfer-encoding")) {
                    transferEncoding = value(bytes, colon, to);
                    transferEncodings++;
                }
            }
            default -> {}
        }
    }

    private static IOException malformedField() {
        return new IOException("malformed HTTP response header");
    }

    private void connection(String value) {
        for (String token : value.split(",", -1)) {
            saysClose |= token.strip().equalsIgnoreCase("close");
            saysKeepAlive |= token.strip().equalsIgnoreCase("keep-alive");
        }
    }

    private void length(String value) throws IOException {
        if (lengths > 0 && !value.equals(length)) {
            throw new IOException("bad Content-Length: two of them, " + length + " and " + value);
        }
        length = value;
        lengths++;
    }

    /** All fields have been read: says how long the body is, and whether the connection stays. */
    void end() throws IOException {
        keepAlive = version >= 10 && !saysClose && (version != 10 || saysKeepAlive);
        long given = lengths > 0 ? parsed(length) : UNKNOWN_LENGTH;
        if (transferEncodings > 0 && version > 10) {
            if (transferEncodings > 1 || !transferEncoding.equalsIgnoreCase("chunked")) {
                throw new IOException("unsupported transfer encoding " + transferEncoding);
            }
            chunked = true;
        } else {
            contentLength = given;
        }
    }

    private static long parsed(String length) throws IOException {
        boolean digits = !length.isEmpty();
        for (int i = 0; i < length.length(); i++) {
            digits &= length.charAt(i) >= '0' && length.charAt(i) <= '9';
        }
        int from = 0;
        while (from < length.length() - 1 && length.charAt(from) == '0') {
            from++;
        }
        if (!digits || length.length() - from > MAX_LENGTH_DIGITS) {
            throw new IOException("bad Content-Length " + length);
        }
        try {
            return Long.parseLong(length, from, length.length(), 10);
        } catch (NumberFormatException e) {
            throw new IOException("bad Content-Length " + length, e);
        }
    }

    /** Whether no body can follow, whatever the header says. */
    boolean isWithoutBody() {
        return status == 204 || status == 304;
    }

    /** Whether the status says all that anybody wants to know of the answer, so that nobody reads its body. */
    boolean saysAll() {
        return status != OK && !Redirects.isRedirect(status);
    }

    /** Whether another answer follows. */
    boolean isInformational() {
        return status >= 100 && status < 200 && status != 101;
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    /** Letters, digits and most signs; a blank too, since some servers have it before the colon. */
    private static boolean isNameByte(byte c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || isDigit(c)
                || (c > 0 && "!#$%&'*+-.^_`|~ ".indexOf(c) >= 0);
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
        int start = colon + 1;
        int end = to;
        while (start < end && isBlank(bytes[start])) {
            start++;
        }
        while (end > start && isBlank(bytes[end - 1])) {
            end--;
        }
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
