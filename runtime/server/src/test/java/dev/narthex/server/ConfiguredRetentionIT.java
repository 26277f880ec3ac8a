// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code storage.tsdb.retention} of the file beside that of the flags; what is expected is what Prometheus 3.15 answers. */
class ConfiguredRetentionIT {
    @TempDir
    Path directory;

    @Test
    void theFileTakesThePlaceOfTheFlagsUntilItSaysNothing() throws Exception {
        Path file = directory.resolve("prometheus.yml");
        Files.writeString(file, "storage: {tsdb: {retention: {time: 3h, size: 1GB, percentage: 50}}}\n");
        try (ServerProcess server = ServerProcess.start(
                directory,
                ServerProcess.freePort(),
                "run",
                "--config.file=" + file,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--storage.tsdb.retention.time=5d",
                "--storage.tsdb.retention.size=2GB",
                "--web.enable-lifecycle")) {
            shows(server, "3h or 1GiB or 50%", "time: 3h\\n      size: 1GiB\\n      percentage: 50\\n");
            assertThat(server.get("/metrics").body())
                    .contains("prometheus_tsdb_retention_limit_seconds 10800\n")
                    .contains("prometheus_tsdb_retention_limit_bytes 1.073741824e+09\n")
                    .contains("prometheus_tsdb_retention_limit_percentage 50\n");

            Files.writeString(file, "global: {}\n");
            assertThat(server.post("/-/reload").statusCode()).isEqualTo(200);
            shows(server, "5d or 2GiB", "time: 5d\\n      size: 2GiB\\n");

            Files.writeString(file, "storage: {tsdb: {retention: {size: 1GB}}}\n");
            assertThat(server.post("/-/reload").statusCode()).isEqualTo(200);
            shows(server, "1GiB", "retention:\\n      size: 1GiB\\n");
            assertThat(server.get("/metrics").body()).contains("prometheus_tsdb_retention_limit_seconds 0\n");
        }
    }

    private static void shows(ServerProcess server, String words, String yaml) throws Exception {
        assertThat(server.get("/api/v1/status/runtimeinfo").body()).contains("\"storageRetention\":\"" + words + "\"");
        assertThat(server.get("/api/v1/status/config").body().replace("\\\"", ""))
                .contains(yaml);
    }
}
