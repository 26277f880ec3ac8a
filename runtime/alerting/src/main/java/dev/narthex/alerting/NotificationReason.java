// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

/** Why a notification is sent, in Alertmanager's words. */
enum NotificationReason {
    FIRST("first notification"),
    NEW_ALERTS("new alerts added"),
    SOME_RESOLVED("some alerts resolved"),
    ALL_RESOLVED("all alerts resolved"),
    REPEAT("repeat interval elapsed");

    private final String text;

    NotificationReason(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
