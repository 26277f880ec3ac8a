// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.testkit.time.ManualScheduler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In a JVM of its own, with the options of the server, and room for far more. */
class OldGenerationTest {
    private static final long LIMIT_SECONDS = 60;

    /** Makes a gigabyte of garbage that lives long enough to become old, 20 MB of it in use at any time. */
    static final class Churn {
        private static final int BLOCKS_IN_USE = 320;
        private static final int BLOCKS = 16_384;
        private static final int BLOCK_BYTES = 64 << 10;

        private Churn() {}

        public static void main(String... arguments) {
            MemoryPoolMXBean pool = oldObjects();
            OldGeneration old = new OldGeneration(new ManualScheduler());
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

    /** Has tables that grow, each time into a larger one that is old at once, and then nothing that happens any more. */
    static final class Growth {
        private static final int LARGEST_BYTES = 24 << 20;

        private Growth() {}

        public static void main(String... arguments) {
            ManualScheduler scheduler = new ManualScheduler();
            OldGeneration old = new OldGeneration(scheduler);
            old.start();
            List<byte[]> tables = new ArrayList<>();
            for (int size = 6 << 20; size <= LARGEST_BYTES; size *= 2) {
                tables.clear();
                tables.add(new byte[size]);
            }
            if (arguments[0].equals("later")) {
                scheduler.advance(Duration.ofSeconds(10));
            }
            System.out.print((oldObjects().getUsage().getCommitted() - tables.getFirst().length) >> 20);
            old.stop(Duration.ZERO);
        }
    }

    private static MemoryPoolMXBean oldObjects() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(candidate -> candidate.getName().equals("Tenured Gen"))
                .findFirst()
                .orElseThrow();
    }

    private static int megabytes(Class<?> program, String how) throws IOException, InterruptedException {
        Path options = Path.of("src", "main", "aot", "java-options").toAbsolutePath();
        assertThat(options).exists();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + options,
                        "-Xmx2g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName(),
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
        assertThat(megabytes(Churn.class, "left alone")).isGreaterThan(600);
        assertThat(megabytes(Churn.class, "watched")).isLessThan(300);
    }

    @Test
    void whatGrowthHasLeftBehindGoesBackToTheSystemWhenNothingGrowsAnyMore() throws Exception {
        assertThat(megabytes(Growth.class, "at once")).isGreaterThan(18);
        assertThat(megabytes(Growth.class, "later")).isLessThan(16);
    }
}
