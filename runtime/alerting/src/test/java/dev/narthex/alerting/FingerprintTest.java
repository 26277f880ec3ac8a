// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Labels;
import org.junit.jupiter.api.Test;

/** Expectations were printed by an Alertmanager 0.33.1. */
class FingerprintTest {
    @Test
    void isThatOfAlertmanager() {
        assertThat(Fingerprint.hex(Labels.of("alertname", "B", "x", "1", "z", "1")))
                .isEqualTo("3dd4c95801364252");
        assertThat(Fingerprint.hex(Labels.of("alertname", "A", "severity", "info", "team \"x\"", "ü\"q")))
                .isEqualTo("447c158e0dd22867");
        assertThat(Fingerprint.hex(Labels.of("alertname", "A", "i", "2", "severity", "info", "team \"x\"", "ü\"q")))
                .isEqualTo("028670ad1dd5de84");
        assertThat(Fingerprint.hex(Labels.of("alertname", "Y"))).isEqualTo("d2aaefc389c68e6f");
    }
}
