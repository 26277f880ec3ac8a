// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TsdbTest {
    private static final Labels UP = Labels.of("__name__", "up", "job", "shop");
    private static final Labels DOWN = Labels.of("__name__", "down", "job", "shop");

    private final TsdbFixture db = new TsdbFixture();

    @BeforeEach
    void open() throws IOException {
        db.open();
    }

    @AfterEach
    void close() throws IOException {
        db.close();
    }

    @Test
    void readsWhatWasCommitted() throws IOException {
        long t = db.nowMs();
        for (int i = 0; i < 500; i++) {
            assertThat(db.append(UP, t + 15_000L * i, i % 7)).isEqualTo(AppendResult.ACCEPTED);
        }
        db.append(DOWN, t + 500 * 15_000L, 1.5);

        Map<String, List<String>> found = db.all();
        assertThat(found.get(UP.toString())).hasSize(500).startsWith(t + "=0").endsWith((t + 499 * 15_000L) + "=2");
        assertThat(found.get(DOWN.toString())).hasSize(1);
        assertThat(TsdbFixture.read(db.tsdb, t, t, LabelMatcher.equal("job", "shop")))
                .isEqualTo(Map.of(UP.toString(), List.of(t + "=0")));
    }

    @Test
    void aRestartLosesNothing() throws IOException {
        long t = db.nowMs();
        try (Appender appender = db.tsdb.appender()) {
            long up = appender.series(UP);
            long down = appender.series(DOWN);
            for (int i = 0; i < 300; i++) {
                appender.append(up, t + 1000L * i, i * 0.1);
                appender.append(down, t + 1000L * i, -i);
            }
            appender.commit();
        }
        Map<String, List<String>> before = db.all();
        db.restart();
        assertThat(db.all()).isEqualTo(before);
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(before);
    }
}
