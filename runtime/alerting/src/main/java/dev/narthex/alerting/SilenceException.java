// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

/** A silence that cannot be made or changed, in the words that its author is to read. */
public final class SilenceException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** It is not one. */
        INVALID,
        /** There is none of that name. */
        NOT_FOUND,
        /** It cannot be kept. */
        NOT_STORED
    }

    private final Reason reason;

    SilenceException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    SilenceException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** The message; never null, unlike that of other exceptions. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
