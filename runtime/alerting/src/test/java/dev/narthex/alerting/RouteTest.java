// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.AlertmanagerConfig;
import dev.narthex.config.file.ConfigLoader;
import dev.narthex.model.Labels;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteTest {
    private static final String CONFIG = """
            route:
              receiver: root
              group_by: [alertname]
              group_wait: 10s
              routes:
              - matchers: ['team="a"']
                receiver: a
                continue: true
                group_by: ['...']
                routes:
                - matchers: ['severity=~"page|call"', 'env!="test"']
                  repeat_interval: 1h
              - matchers: ['team=~"a|b"']
                group_by: []
                group_interval: 1m
              - receiver: never
                matchers: ['team="b"']
            receivers: [{name: root}, {name: a}, {name: never}]
            """;

    private final Route root;

    RouteTest() throws Exception {
        AlertmanagerConfig config = new ConfigLoader(_ -> "").alertmanager(CONFIG, "alertmanager.yml");
        root = Route.tree(config.route());
    }

    @Test
    void theDeepestMatchTakesTheAlert() {
        assertThat(match("team", "a", "severity", "page"))
                .containsExactly("{}/{team=\"a\"}/{env!=\"test\",severity=~\"page|call\"}", "{}/{team=~\"a|b\"}");
        assertThat(match("team", "a", "env", "test")).containsExactly("{}/{team=\"a\"}", "{}/{team=~\"a|b\"}");
    }

    @Test
    void siblingsBehindAMatchAreTriedOnlyWhereItContinues() {
        assertThat(match("team", "b")).containsExactly("{}/{team=~\"a|b\"}");
    }

    @Test
    void theRootTakesWhatNobodyTakes() {
        assertThat(match("team", "c")).containsExactly("{}");
    }

    @Test
    void inheritsWhatItDoesNotSet() {
        Route.Settings deep = settings("team", "a", "severity", "page").getFirst();
        assertThat(deep.receiver()).isEqualTo("a");
        assertThat(deep.groupWait()).isEqualTo(Duration.ofSeconds(10));
        assertThat(deep.groupInterval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(deep.repeatInterval()).isEqualTo(Duration.ofHours(1));
        Labels labels = Labels.of("alertname", "A", "team", "a");
        assertThat(deep.groupLabels(labels)).isEqualTo(labels);
        Route.Settings second = settings("team", "b").getFirst();
        assertThat(second.receiver()).isEqualTo("root");
        assertThat(second.groupInterval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(second.groupLabels(labels)).isEqualTo(Labels.EMPTY);
        assertThat(root.settings().groupLabels(labels)).isEqualTo(Labels.of("alertname", "A"));
    }

    private List<String> match(String... labels) {
        return settings(labels).stream().map(Route.Settings::key).toList();
    }

    private List<Route.Settings> settings(String... labels) {
        return root.match(Labels.of(labels)).stream().map(Route::settings).toList();
    }
}
