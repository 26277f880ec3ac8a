// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Labels;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A checkpoint that another one stands for, and that cannot be removed. */
@ExtendWith(QuietLog.class)
class CheckpointRemovalTest {
    private static final Path WAL = TsdbFixture.DATA.resolve("wal");
    private static final Labels UP = Labels.of("__name__", "up");

    private final TsdbFixture db = new TsdbFixture();
    private final List<Boolean> removals = new ArrayList<>();

    private List<String> checkpoints() throws IOException {
        return db.files.list(WAL).stream()
                .filter(name -> name.startsWith("checkpoint."))
                .toList();
    }

    private void passHours(int hours) throws IOException {
        for (int i = 0; i < 12 * hours; i++) {
            db.append(UP, db.nowMs(), i);
            db.scheduler.advance(Duration.ofMinutes(5));
        }
    }

    @Test
    void itIsCountedHarmsNothingAndGoesLater() throws IOException {
        db.observer = new TsdbObserver() {
            @Override
            public void checkpointsRemoved(boolean well) {
                removals.add(well);
            }
        };
        db.open();
        passHours(8);
        assertThat(removals).isNotEmpty().containsOnly(true);
        assertThat(checkpoints()).hasSize(1);
        String first = checkpoints().getFirst();
        removals.clear();
        db.faulty()
                .failCalls(call -> call.operation().isWriting() && call.path().startsWith(WAL.resolve(first)));
        while (removals.isEmpty()) {
            passHours(1);
        }
        assertThat(removals).containsExactly(false);
        assertThat(checkpoints()).hasSize(2).contains(first);
        assertThat(db.tsdb.stats().failedMaintenance()).isZero();
        Map<String, List<String>> before = db.all();
        db.files = db.faulty().kill();
        db.open();
        assertThat(db.all()).isEqualTo(before);
        assertThat(checkpoints()).hasSize(1).doesNotContain(first);
        db.close();
    }
}
