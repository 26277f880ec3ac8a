// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.write;

/** A request that is refused as a whole. */
final class RemoteWriteException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String text;

    RemoteWriteException(int status, String message) {
        super(message);
        this.status = status;
        text = message;
    }

    /** Why it is refused. */
    String text() {
        return text;
    }

    /** The HTTP status. */
    int status() {
        return status;
    }
}
