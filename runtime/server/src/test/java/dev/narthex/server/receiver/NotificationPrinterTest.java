// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationPrinterTest {
    private static final String BODY = """
            {"version":"4","receiver":"shop/printer","status":"firing","alerts":[
             {"status":"firing","labels":{"alertname":"DemoErrorsHigh","route":"/checkout","app":"demo"},
              "annotations":{"summary":"Route /checkout of demo fails"},
              "startsAt":"2026-01-01T10:00:00Z","endsAt":"0001-01-01T00:00:00Z"},
             {"status":"resolved","labels":{"alertname":"TargetDown"},"annotations":{},
              "startsAt":"2026-01-01T09:00:00Z","endsAt":"2026-01-01T10:01:00Z"}]}
            """;

    @Test
    void saysWhatFiresAndWhatHasEnded() {
        assertThat(NotificationPrinter.lines(BODY))
                .containsExactly(
                        "Notification for shop/printer: FIRING, 2 alerts",
                        "  FIRING    DemoErrorsHigh  app=demo  route=/checkout",
                        "            summary: Route /checkout of demo fails",
                        "            since 2026-01-01T10:00:00Z",
                        "  RESOLVED  TargetDown",
                        "            ended 2026-01-01T10:01:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "[]", "{}", "{\"alerts\":5}", "{\"alerts\":[5]}"})
    void refusesOtherForms(String body) {
        assertThatThrownBy(() -> NotificationPrinter.lines(body))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("notification: ");
    }
}
