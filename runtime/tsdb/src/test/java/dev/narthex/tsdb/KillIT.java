// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.testkit.random.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process writes and is killed, again and again: {@code -Dtest.kills=1000} for more rounds. */
class KillIT {
    private static final int KILLS = Integer.getInteger("test.kills", 100);

    @TempDir
    private Path directory;

    @Test
    void everyAcknowledgedTransactionIsThereAfterEveryKill() throws IOException, InterruptedException {
        Random random = Seed.of(KillIT.class).random();
        int first = 0;
        int torn = 0;
        int roundsWithChunkFiles = 0;
        int tornChunkFiles = 0;
        for (int round = 0; round < KILLS; round++) {
            int acknowledged = WriterProcess.runUntilKilled(
                            KilledWriter.class, directory, first, random.nextInt(1, 1500))
                    .acknowledged();
            try (SystemScheduler scheduler = new SystemScheduler("reader");
                    Tsdb tsdb = Tsdb.open(KilledWriter.config(directory.resolve("data"), scheduler))) {
                int last = assertWhole(tsdb);
                assertThat(last).isBetween(acknowledged, acknowledged + 1);
                TsdbStats stats = tsdb.stats();
                torn += stats.walDamage().tornTails();
                roundsWithChunkFiles += stats.headChunkBytes() > 0 ? 1 : 0;
                tornChunkFiles += stats.headChunkDamage().tornTails();
                assertThat(stats.headChunkDamage().damagedFiles()).isZero();
                assertThat(stats.headChunkDamage().givenUpFiles()).isZero();
                assertThat(stats.walDamage().damagedSegments()).isZero();
                assertThat(stats.walDamage().missingSegments()).isZero();
                assertThat(stats.replay().unknownSeriesSamples()).isZero();
                assertThat(stats.walBytes() + stats.checkpointBytes()).isLessThan(4 << 20);
                first = last + 1;
            }
        }
        System.out.println("KillIT: kills=" + KILLS + " transactions=" + first + " torn_tails=" + torn
                + " rounds_with_chunk_files=" + roundsWithChunkFiles + " torn_chunk_files=" + tornChunkFiles);
        assertThat(roundsWithChunkFiles).isGreaterThan(KILLS / 2);
    }

    /** Every series has the same transactions, with no gap up to the last one; its number. */
    private static int assertWhole(Tsdb tsdb) {
        Map<String, List<String>> found =
                TsdbFixture.read(tsdb, Long.MIN_VALUE, Long.MAX_VALUE, LabelMatcher.equal("__name__", "m"));
        assertThat(found).hasSize(KilledWriter.SERIES);
        List<String> one = found.values().iterator().next();
        assertThat(found.values()).allMatch(samples -> samples.equals(one));
        int last = transaction(one.getLast());
        assertThat(one).hasSize(last - transaction(one.getFirst()) + 1);
        assertThat(one.size()).isGreaterThan(Math.min(last, 300));
        return last;
    }

    private static int transaction(String sample) {
        int equals = sample.indexOf('=');
        int value = Integer.parseInt(sample.substring(equals + 1));
        assertThat(Long.parseLong(sample.substring(0, equals))).isEqualTo(KilledWriter.START_MS + value);
        return value;
    }
}
