// SPDX-License-Identifier: Apache-2.0
package dev.narthex.crds.compile;

import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.Peers;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real promtool and amtool accept the files that manifests mean. */
class CompileGoldenIT {
    private static final Path DIRECTORY = Path.of("src", "test", "resources", "golden", "compile");

    @ParameterizedTest
    @ValueSource(strings = {"pods", "annotated", "static", "rules", "receivers", "relabel"})
    void promtoolAccepts(String name) throws IOException, InterruptedException {
        Path directory = DIRECTORY.resolve(name);
        CommandResult.of(
                        Peers.promtool(),
                        "check",
                        "config",
                        directory.resolve("prometheus.yml").toString())
                .assertSuccess();
        CommandResult.of(
                        Peers.promtool(),
                        "check",
                        "rules",
                        directory.resolve("rules.yml").toString())
                .assertSuccess();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pods", "annotated", "static", "rules", "receivers", "relabel"})
    void amtoolAccepts(String name) throws IOException, InterruptedException {
        CommandResult.of(
                        Peers.amtool(),
                        "check-config",
                        DIRECTORY.resolve(name).resolve("alertmanager.yml").toString())
                .assertSuccess();
    }
}
