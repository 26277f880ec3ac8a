// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In a JVM of its own, with the collector and the small first heap of the server, and room for far more. */
class OldGenerationTest {
    private static final long LIMIT_SECONDS = 60;

    /** Makes a gigabyte of garbage that lives long enough to become old, 20 MB of it in use at any time. */
    static final class Churn {
        private static final int BLOCKS_IN_USE = 320;
        private static final int BLOCKS = 16_384;
        private static final int BLOCK_BYTES = 64 << 10;

        private Churn() {}

        public static void main(String... arguments) {
            MemoryPoolMXBean pool = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(candidate -> candidate.getName().equals("Tenured Gen"))
                    .findFirst()
                    .orElseThrow();
            OldGeneration old = new OldGeneration();
            if (arguments[0].equals("watched")) {
                old.start();
            }
            byte[][] inUse = new byte[BLOCKS_IN_USE][];
            long largest = 0;
            for (int block = 0; block < BLOCKS; block++) {
                inUse[block % BLOCKS_IN_USE] = new byte[BLOCK_BYTES];
                largest = Math.max(largest, Runtime.getRuntime().totalMemory());
                // The JVM tells of the growth on a thread of its own, which has its turn here.
                while (pool.getUsageThreshold() > 0 && pool.isUsageThresholdExceeded()) {
                    Thread.onSpinWait();
                }
            }
            old.stop(Duration.ZERO);
            System.out.print(largest >> 20);
        }
    }

    private static int largestHeapMegabytes(String how) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xms16m",
                        "-Xmx2g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Churn.class.getName(),
                        how)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return Integer.parseInt(output.lines().toList().getLast());
    }

    @Test
    void garbageThatBecameOldIsCollectedLongBeforeTheLargestHeap() throws Exception {
        assertThat(largestHeapMegabytes("left alone")).isGreaterThan(600);
        assertThat(largestHeapMegabytes("watched")).isLessThan(300);
    }
}
