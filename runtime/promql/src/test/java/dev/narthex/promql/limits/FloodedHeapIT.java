// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Queries for which the heap is far too small, in a process of its own. */
class FloodedHeapIT {
    private static final int HEAP_MB = 64;
    private static final int MINUTES = 5;

    @Test
    void queriesThatDoNotFitAreRefusedBeforeTheHeapIsFull() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP_MB + "m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FloodedProcess.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            List<String> lines = process.inputReader().lines().toList();
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
            assertThat(lines).hasSize(2 * FloodedQueries.ALL.size() + 1).last().isEqualTo("held 0");
            assertThat(lines.stream().filter(line -> line.startsWith(FloodedProcess.REFUSED + ": ")))
                    .isNotEmpty();
            assertThat(lines)
                    .allMatch(line ->
                            line.startsWith("answered: ") || line.startsWith("refused: ") || line.startsWith("held "));
        } finally {
            process.destroyForcibly();
        }
    }
}
