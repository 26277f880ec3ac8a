// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link DecisionsTest} goes by is what the newest promtool says. */
class DecisionsIT {
    private static final int BATCH = 100;

    @TempDir
    private Path folder;

    @Test
    void recordedIsWhatPromtoolSays() throws Exception {
        NewestPromtool promtool = new NewestPromtool();
        List<RecordedDecision> all = RecordedDecision.all();
        List<String> differences = new ArrayList<>();
        for (int from = 0; from < all.size(); from += BATCH) {
            List<RecordedDecision> batch = all.subList(from, Math.min(all.size(), from + BATCH));
            List<Path> written = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                written.add(Files.writeString(
                        folder.resolve("c" + i + ".yml"), batch.get(i).text()));
            }
            List<Boolean> accepted = promtool.accepts(written);
            for (int i = 0; i < batch.size(); i++) {
                if (accepted.get(i) != batch.get(i).good()) {
                    differences.add(batch.get(i).toString());
                }
            }
        }
        assertThat(differences).isEmpty();
    }
}
