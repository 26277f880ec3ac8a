// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;

/** Redirects without end. */
public final class RedirectException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String location;

    RedirectException(String message, String location) {
        super(message);
        this.location = location;
    }

    /** Where the last answer sent to, as it said it. */
    public String location() {
        return location;
    }
}
