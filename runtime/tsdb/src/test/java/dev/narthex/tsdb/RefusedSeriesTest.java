// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Labels;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A sample that is too old for any series makes none. */
@ExtendWith(QuietLog.class)
class RefusedSeriesTest {
    private static final Labels KNOWN = Labels.of("__name__", "known");
    private static final Labels UNKNOWN = Labels.of("__name__", "unknown");
    private static final long HOUR_MS = Duration.ofHours(1).toMillis();

    private final TsdbFixture db = new TsdbFixture();

    @BeforeEach
    void open() throws IOException {
        db.outOfOrderWindow = Duration.ofHours(2);
        db.open();
        db.append(KNOWN, db.nowMs(), 1);
    }

    @AfterEach
    void close() throws IOException {
        db.close();
    }

    private AppendResult append(Labels labels, long timestampMs) throws IOException {
        try (Appender appender = db.tsdb.appender()) {
            long ref = appender.series(labels, timestampMs);
            AppendResult result = appender.append(ref, timestampMs, 2);
            appender.commit();
            return result;
        }
    }

    private long series() {
        return db.tsdb.stats().head().series();
    }

    @Test
    void whatIsTooOldMakesNoSeriesAndSaysSo() throws IOException {
        assertThat(append(UNKNOWN, db.nowMs() - 3 * HOUR_MS)).isEqualTo(AppendResult.TOO_OLD);
        assertThat(append(KNOWN, db.nowMs() - 3 * HOUR_MS)).isEqualTo(AppendResult.TOO_OLD);
        assertThat(series()).isEqualTo(1);
        assertThat(db.tsdb.stats().head().transactions().unknownSeries()).isZero();
        db.tsdb.setOutOfOrderWindow(Duration.ZERO);
        assertThat(append(UNKNOWN, db.nowMs() - 90 * 60_000)).isEqualTo(AppendResult.OUT_OF_BOUNDS);
        assertThat(series()).isEqualTo(1);
    }

    @Test
    void whatIsLateButNotTooOldMakesOne() throws IOException {
        assertThat(append(UNKNOWN, db.nowMs() - 90 * 60_000)).isEqualTo(AppendResult.ACCEPTED);
        assertThat(series()).isEqualTo(2);
    }

    @Test
    void theNextSampleOfAReferenceThatIsNoneAsksForTheSeries() throws IOException {
        try (Appender appender = db.tsdb.appender()) {
            long ref = appender.series(UNKNOWN, db.nowMs() - 3 * HOUR_MS);
            assertThat(ref).isZero();
            assertThat(appender.append(ref, db.nowMs() + 1, 1)).isEqualTo(AppendResult.UNKNOWN_SERIES);
            long made = appender.series(UNKNOWN, db.nowMs() + 1);
            assertThat(made).isPositive();
            assertThat(appender.series(UNKNOWN, db.nowMs() - 3 * HOUR_MS)).isEqualTo(made);
        }
    }
}
