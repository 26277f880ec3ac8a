// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.LocalFiles;
import dev.narthex.model.Labels;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.tsdb.block.BlockMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A day of counters at 15 seconds: what a sample takes on disk, in chunks and in indexes, block by block. {@code
 * -Dtest.day.series=2000} for more of them.
 */
@ExtendWith(QuietLog.class)
class DayOnDiskIT {
    private static final int SERIES = Integer.getInteger("test.day.series", 100);
    private static final int STEPS = 24 * 240;
    private static final long LONGEST_MS = Duration.ofHours(18).toMillis();

    private final TsdbFixture db = new TsdbFixture();
    private final Random random = new Random(1);
    private final double[] values = new double[SERIES];
    private final double[] rates = new double[SERIES];
    private final int[] busy = new int[SERIES];

    @TempDir
    private Path directory;

    private static Labels labels(int number) {
        return Labels.of(
                "__name__",
                "metric_family_number_" + number % 50 + "_total",
                "instance",
                "10.0.0." + number / 1000 + ":9100",
                "job",
                "load",
                "path",
                "/api/v1/resource/" + number,
                "code",
                Integer.toString(200 + number % 5),
                "pod",
                "shop-frontend-7d9f8b6c5-" + Integer.toString(number * 7919, 36));
    }

    private void step(long timestampMs) throws IOException {
        try (Appender appender = db.tsdb.appender()) {
            for (int i = 0; i < SERIES; i++) {
                if (random.nextInt(1024) < busy[i]) {
                    values[i] += Math.floor(rates[i] * 15 * (0.5 + random.nextDouble()));
                }
                assertThat(appender.append(appender.series(labels(i)), timestampMs, values[i]))
                        .isEqualTo(AppendResult.ACCEPTED);
            }
            appender.commit();
        }
    }

    @Test
    void aDayIsMergedToLongBlocksInWhichASampleTakesTwoBytes() throws IOException {
        long startMs = (Math.floorDiv(db.nowMs(), LONGEST_MS) + 1) * LONGEST_MS;
        db.scheduler.advance(Duration.ofMillis(startMs - db.nowMs()));
        db.files = new LocalFiles();
        db.directory = directory;
        for (int i = 0; i < SERIES; i++) {
            rates[i] = Math.exp(random.nextGaussian() * 2 + 2);
            busy[i] = random.nextInt(3) == 0 ? 12 : 1024;
            values[i] = Math.floor(rates[i] * 86_400 * (1 + 9 * random.nextDouble()));
        }
        db.open();
        // Three hours and more behind the day, so that all of it has left the head.
        for (int step = 0; step < STEPS + 4 * 240; step++) {
            step(db.nowMs());
            db.scheduler.advance(Duration.ofSeconds(15));
        }
        db.tsdb.maintain();
        double chunks = 0;
        for (BlockMeta block : db.tsdb.blocks()) {
            Path path = directory.resolve(block.ulid().text());
            double samples = block.stats().samples();
            double inChunks = Files.size(path.resolve("chunks/000001")) / samples;
            chunks = Math.max(chunks, inChunks);
            System.out.printf(
                    Locale.ROOT,
                    "block of %d hours: %.3f bytes a sample in chunks, %.3f in the index%n",
                    (block.maxTimeMs() - block.minTimeMs()) / 3_600_000,
                    inChunks,
                    Files.size(path.resolve("index")) / samples);
        }
        assertThat(db.tsdb.blocks().getFirst().maxTimeMs() - startMs).isEqualTo(LONGEST_MS);
        assertThat(db.tsdb.blocks().stream()
                        .filter(block -> block.maxTimeMs() <= startMs + STEPS * 15_000L)
                        .mapToLong(block -> block.stats().samples())
                        .sum())
                .isEqualTo((long) SERIES * STEPS);
        assertThat(chunks).isLessThan(2);
        db.close();
    }
}
