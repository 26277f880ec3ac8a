// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class NotificationsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final Notifications notifications = new Notifications(() -> NOW, 1);

    @Test
    void whatIsSoIsListedUntilItIsNoLonger() {
        notifications.set("a", true);
        notifications.set("a", true);
        notifications.set("b", false);
        assertThat(notifications.active()).containsExactly(new Notification("a", NOW, true));
        notifications.set("a", false);
        assertThat(notifications.active()).isEmpty();
    }

    @Test
    void subscriberHearsWhatIsSoAndThenEachChange() throws InterruptedException {
        notifications.set("a", true);
        try (Notifications.Subscription subscription = Objects.requireNonNull(notifications.subscribe())) {
            notifications.set("a", false);
            assertThat(subscription.next()).isEqualTo(new Notification("a", NOW, true));
            assertThat(subscription.next()).isEqualTo(new Notification("a", NOW, false));
            notifications.set("b", true);
            notifications.close();
            assertThat(subscription.next()).isEqualTo(new Notification("b", NOW, true));
            assertThat(subscription.next()).isNull();
        }
    }

    @Test
    void noMoreSubscribeThanMay() {
        try (Notifications.Subscription first = notifications.subscribe()) {
            assertThat(first).isNotNull();
            assertThat(notifications.subscribe()).isNull();
        }
        assertThat(notifications.subscribe()).isNotNull();
    }

    @Test
    void subscriberThatDoesNotReadKeepsTheNewest() throws InterruptedException {
        try (Notifications.Subscription subscription = Objects.requireNonNull(notifications.subscribe())) {
            for (int i = 0; i < 1000; i++) {
                notifications.set("n" + i, true);
            }
            assertThat(subscription.next()).isEqualTo(new Notification("n936", NOW, true));
        }
    }
}
