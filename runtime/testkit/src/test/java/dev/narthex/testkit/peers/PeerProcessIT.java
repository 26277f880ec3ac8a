// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narthex.testkit.leak.LeakCheck;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class PeerProcessIT {
    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    @TempDir
    Path directory;

    @Test
    void startsARealPrometheus() throws Exception {
        try (PeerProcess prometheus = PeerProcess.prometheus("global: {scrape_interval: 5s}\n", directory)) {
            assertThat(prometheus.get("/api/v1/query?query=1%2B1").body()).contains("\"2\"");
            assertThat(prometheus.log()).contains("Server is ready");
        }
        assertThat(directory.resolve("data/wal")).isDirectory();
    }

    @Test
    void startsARealAlertmanager() throws Exception {
        String configuration = "route: {receiver: none}\nreceivers: [{name: none}]\n";
        try (PeerProcess alertmanager = PeerProcess.alertmanager(configuration, directory)) {
            assertThat(alertmanager.get("/api/v2/status").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void saysWhyAPeerDoesNotStart() {
        Path _ = Peers.prometheus();
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> PeerProcess.prometheus("nonsense: 1\n", directory))
                .withMessageContaining("nonsense");
    }

    @Test
    void runsAToolToItsEnd() throws Exception {
        CommandResult result = CommandResult.of(Peers.promtool(), "check", "config", "/nowhere");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).contains("/nowhere");
        assertThat(CommandResult.of(Peers.amtool(), "--version").assertSuccess().output())
                .contains("version");
    }
}
