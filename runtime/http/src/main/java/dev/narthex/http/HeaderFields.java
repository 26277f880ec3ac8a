// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** Reads header fields of HTTP/2 as one connection packs them (RFC 7541), one block after the other. For one thread. */
final class HeaderFields {
    /** What the table of a connection may hold, as long as nobody says otherwise. */
    private static final int MAX_TABLE_BYTES = 4096;

    private static final int ENTRY_BYTES = 32;
    private static final int MAX_SHIFT = 28;

    /** Appendix A: name and value in turns. */
    private static final String[] FIXED = {
        ":authority",
        "",
        ":method",
        "GET",
        ":method",
        "POST",
        ":path",
        "/",
        ":path",
        "/index.html",
        ":scheme",
        "http",
        ":scheme",
        "https",
        ":status",
        "200",
        ":status",
        "204",
        ":status",
        "206",
        ":status",
        "304",
        ":status",
        "400",
        ":status",
        "404",
        ":status",
        "500",
        "accept-charset",
        "",
        "accept-encoding",
        "gzip, deflate",
        "accept-language",
        "",
        "accept-ranges",
        "",
        "accept",
        "",
        "access-control-allow-origin",
        "",
        "age",
        "",
        "allow",
        "",
        "authorization",
        "",
        "cache-control",
        "",
        "content-disposition",
        "",
        "content-encoding",
        "",
        "content-language",
        "",
        "content-length",
        "",
        "content-location",
        "",
        "content-range",
        "",
        "content-type",
        "",
        "cookie",
        "",
        "date",
        "",
        "etag",
        "",
        "expect",
        "",
        "expires",
        "",
        "from",
        "",
        "host",
        "",
        "if-match",
        "",
        "if-modified-since",
        "",
        "if-none-match",
        "",
        "if-range",
        "",
        "if-unmodified-since",
        "",
        "last-modified",
        "",
        "link",
        "",
        "location",
        "",
        "max-forwards",
        "",
        "proxy-authenticate",
        "",
        "proxy-authorization",
        "",
        "range",
        "",
        "referer",
        "",
        "refresh",
        "",
        "retry-after",
        "",
        "server",
        "",
        "set-cookie",
        "",
        "strict-transport-security",
        "",
        "transfer-encoding",
        "",
        "user-agent",
        "",
        "vary",
        "",
        "via",
        "",
        "www-authenticate",
        ""
    };

    /** A field; letters beyond ASCII stand for one byte each. */
    record Field(String name, String value) {
        int bytes() {
            return name.length() + value.length() + ENTRY_BYTES;
        }
    }

    /** The newest first. */
    private final Deque<Field> table = new ArrayDeque<>();

    private int tableBytes;
    private int maxTableBytes = MAX_TABLE_BYTES;

    private byte[] block = new byte[0];
    private int at;
    private int end;

    /**
     * The fields of a block, in their order.
     *
     * @param maxBytes what names and values may have together, and 32 bytes for each
     * @throws IOException where it is none, or holds more
     */
    List<Field> read(byte[] bytes, int length, int maxBytes) throws IOException {
        block = bytes;
        at = 0;
        end = length;
        List<Field> fields = new ArrayList<>();
        int size = 0;
        while (at < end) {
            int first = block[at] & 0xff;
            if ((first & 0xe0) == 0x20) {
                resize(number(5));
                continue;
            }
            Field field = (first & 0x80) != 0 ? entry(number(7)) : literal(first);
            size += field.bytes();
            if (size > maxBytes) {
                throw Http2Exception.protocol("response header list larger than advertised limit");
            }
            fields.add(field);
        }
        return fields;
    }

    private Field literal(int first) throws IOException {
        boolean kept = (first & 0x40) != 0;
        int index = number(kept ? 6 : 4);
        String name = index == 0 ? text() : entry(index).name;
        Field field = new Field(name, text());
        if (kept) {
            tableBytes += field.bytes();
            table.addFirst(field);
            evict();
        }
        return field;
    }

    private Field entry(int index) throws IOException {
        int fixed = FIXED.length / 2;
        if (index == 0 || index > fixed + table.size()) {
            throw Http2Exception.compression();
        }
        if (index <= fixed) {
            return new Field(FIXED[2 * index - 2], FIXED[2 * index - 1]);
        }
        Iterator<Field> entries = table.iterator();
        for (int i = fixed + 1; i < index; i++) {
            entries.next();
        }
        return entries.next();
    }

    private void resize(int bytes) throws IOException {
        if (bytes > MAX_TABLE_BYTES) {
            throw Http2Exception.compression();
        }
        maxTableBytes = bytes;
        evict();
    }

    private void evict() {
        while (tableBytes > maxTableBytes) {
            tableBytes -= table.removeLast().bytes();
        }
    }

    /** A number that begins in the lowest bits of the next byte (section 5.1). */
    private int number(int bits) throws IOException {
        int most = (1 << bits) - 1;
        int number = octet() & most;
        if (number < most) {
            return number;
        }
        for (int shift = 0; ; shift += 7) {
            int next = octet();
            if (shift >= MAX_SHIFT) {
                throw Http2Exception.compression();
            }
            number += (next & 0x7f) << shift;
            if (number < 0) {
                throw Http2Exception.compression();
            }
            if ((next & 0x80) == 0) {
                return number;
            }
        }
    }

    private String text() throws IOException {
        boolean packed = at < end && (block[at] & 0x80) != 0;
        int length = number(7);
        if (length > end - at) {
            throw Http2Exception.compression();
        }
        int from = at;
        at += length;
        return packed
                ? new String(Huffman.decoded(block, from, at), StandardCharsets.ISO_8859_1)
                : new String(block, from, length, StandardCharsets.ISO_8859_1);
    }

    private int octet() throws IOException {
        if (at >= end) {
            throw Http2Exception.compression();
        }
        return block[at++] & 0xff;
    }
}
