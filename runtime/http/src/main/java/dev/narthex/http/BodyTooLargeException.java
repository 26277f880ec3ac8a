// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;

/** A body is larger than allowed. */
public final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    public BodyTooLargeException(long limitBytes) {
        super("body size limit exceeded: more than " + limitBytes + " bytes");
    }
}
