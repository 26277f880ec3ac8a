// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

/** Why a notification failed, in the words of Alertmanager's metrics. */
public enum FailureReason {
    CLIENT_ERROR("clientError"),
    SERVER_ERROR("serverError"),
    AUTH_ERROR("authError"),
    RATE_LIMITED("rateLimited"),
    CANCELED("contextCanceled"),
    DEADLINE_EXCEEDED("contextDeadlineExceeded"),
    OTHER("other");

    private final String text;

    FailureReason(String text) {
        this.text = text;
    }

    /** The value of the label {@code reason}. */
    public String text() {
        return text;
    }
}
