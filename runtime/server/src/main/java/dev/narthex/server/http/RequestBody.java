// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import java.nio.charset.StandardCharsets;

/** The body of a request, as it was sent. */
public final class RequestBody {
    /** The body of a request that has none. */
    public static final RequestBody EMPTY = new RequestBody(new byte[0]);

    private final byte[] bytes;

    /** @param bytes belong to the body from then on */
    public RequestBody(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The bytes; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** The body as UTF-8. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
