// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a JVM loads until it is ready, as far as it costs a start much; and a start that cannot be. */
class StartIT {
    @TempDir
    private Path directory;

    /**
     * The first switch by type has a JVM make classes, which no AOT cache keeps: 25 ms. The JDK's HTTP client reads the
     * certificates of the machine: 60 ms and more.
     */
    @Test
    void loadsNeitherCertificatesNorSwitchesByType() throws Exception {
        assumeFalse(PackagedProgram.isExecutable(), "an executable loads no classes");
        Path config = Files.writeString(directory.resolve("prometheus.yml"), """
                scrape_configs:
                - job_name: self
                  static_configs: [{targets: ['127.0.0.1:1']}]
                """);
        Path loaded = directory.resolve("loaded.log");
        try (ServerProcess server = ServerProcess.startWith(
                "-Xlog:class+load:file=" + loaded,
                directory,
                ServerProcess.freePort(),
                "run",
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("data"))) {
            assertThat(server.data("/api/v1/targets?state=active").getJsonArray("activeTargets"))
                    .hasSize(1);
            List<String> lines = Files.readAllLines(loaded);
            assertThat(lines).anyMatch(line -> line.contains("dev.narthex.server.NarthexMain "));
            assertThat(lines)
                    .filteredOn(line -> line.contains("$$TypeSwitch")
                            || line.contains(" jdk.internal.net.http.HttpClientImpl ")
                            || line.contains(" sun.security.x509.X509CertImpl "))
                    .isEmpty();
        }
    }

    @Test
    void saysInALineThatThePortIsTaken() throws Exception {
        Path config = Files.writeString(directory.resolve("prometheus.yml"), "global: {}\n");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerProcess server = ServerProcess.launch(
                        directory,
                        taken.getLocalPort(),
                        "run",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("data"))) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.log())
                    .containsPattern(
                            "start failed err=--web.listen-address=127.0.0.1:\\d+: cannot listen, found .*; stop"
                                    + " what listens there or name another address\n")
                    .doesNotContain("\tat ");
        }
    }
}
