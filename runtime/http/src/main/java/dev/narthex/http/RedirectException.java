// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;

/** Redirects without end, or to where nothing can be had. */
public final class RedirectException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String location;

    RedirectException(String message, String location) {
        super(message);
        this.location = location;
    }

    RedirectException(IOException cause, String location) {
        super(cause.getMessage(), cause);
        this.location = location;
    }

    /** The URL that was asked in the end, or was to be asked. */
    public String location() {
        return location;
    }
}
