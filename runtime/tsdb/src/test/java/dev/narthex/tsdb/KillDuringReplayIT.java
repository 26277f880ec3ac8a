// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Exemplar;
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

/** A real process writes while it replays its log, and is killed, again and again: {@code -Dtest.kills=1000} for more. */
class KillDuringReplayIT {
    private static final int KILLS = Integer.getInteger("test.kills", 40);

    @TempDir
    private Path directory;

    private int first;
    private int duringReplay;

    @Test
    void everyAcknowledgedTransactionIsThereAfterKillsDuringTheReplay() throws IOException, InterruptedException {
        Random random = Seed.of(KillDuringReplayIT.class).random();
        for (int round = 0; round < KILLS; ) {
            for (int kills = random.nextInt(1, 4); kills > 0; kills--, round++) {
                WriterProcess writer = WriterProcess.runUntilKilled(
                        ReplayingWriter.class, directory, first, random.nextInt(1, 150), "replayed");
                duringReplay += writer.notes().isEmpty() ? 1 : 0;
                first = writer.acknowledged() + 1;
            }
            try (SystemScheduler scheduler = new SystemScheduler("reader");
                    Tsdb tsdb = Tsdb.open(ReplayingWriter.config(directory.resolve("data"), scheduler))) {
                assertWhole(tsdb);
            }
        }
        System.out.println(
                "KillDuringReplayIT: kills=" + KILLS + " during_replay=" + duringReplay + " transactions=" + first);
        assertThat(duringReplay).isGreaterThan(KILLS / 4);
    }

    /** Every series has all transactions, and one more at most that was not acknowledged any more. */
    private void assertWhole(Tsdb tsdb) {
        for (String kind : List.of("floats", "histograms", "late_floats", "late_histograms")) {
            Map<String, List<String>> found =
                    TsdbFixture.read(tsdb, Long.MIN_VALUE, Long.MAX_VALUE, LabelMatcher.equal("__name__", kind));
            assertThat(found).as(kind).hasSize(ReplayingWriter.SERIES);
            for (List<String> samples : found.values()) {
                int late = kind.startsWith("late") ? 1 : 0;
                assertThat(samples.size() - late).as(kind).isBetween(first, first + 1);
                for (int n = 0; n < samples.size() - late; n++) {
                    long timeMs = ReplayingWriter.START_MS + n;
                    assertThat(samples.get(n)).startsWith(timeMs + "=");
                    assertThat(kind.endsWith("floats") && !samples.get(n).equals(timeMs + "=" + n))
                            .isFalse();
                }
            }
        }
        List<Exemplar> exemplars = tsdb.exemplars()
                .exemplars(0, Long.MAX_VALUE, List.of(List.of(LabelMatcher.equal("__name__", "floats"))))
                .getFirst()
                .exemplars();
        assertThat((int) exemplars.getLast().value()).isBetween(first - 1, first);
        assertThat(exemplars.size()).isEqualTo((int) exemplars.getLast().value() + 1);
        assertThat(tsdb.stats().walDamage().damagedSegments()).isZero();
        assertThat(tsdb.stats().replay().unknownSeriesSamples()).isZero();
    }
}
