// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;

/** A body is larger than allowed, or than there is memory for now. */
public final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean ofLimit;

    public BodyTooLargeException(long limitBytes) {
        this("body size limit exceeded: more than " + limitBytes + " bytes", true);
    }

    private BodyTooLargeException(String message, boolean ofLimit) {
        super(message);
        this.ofLimit = ofLimit;
    }

    /** There is a limit for all bodies together, and others take most of it now. */
    static BodyTooLargeException besideOthers(long usedBytes, long mostBytes) {
        return new BodyTooLargeException(
                "no memory for a body of this size: large bodies take " + usedBytes + " of " + mostBytes
                        + " bytes now; set body_size_limit for targets that send more than they should",
                false);
    }

    /** Whether the limit of this one body is exceeded. */
    public boolean isOfLimit() {
        return ofLimit;
    }
}
