// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.read;

/** A request that is refused; the message is for its client. */
public final class RemoteReadException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    RemoteReadException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
