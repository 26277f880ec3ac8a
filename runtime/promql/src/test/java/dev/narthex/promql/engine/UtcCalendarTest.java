// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.testkit.random.Seed;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UtcCalendarTest {
    @Test
    void agreesWithThePlatformAtAnyMoment() {
        Random random = Seed.of(getClass()).random();
        for (int i = 0; i < 20_000; i++) {
            double second = Math.rint(random.nextDouble(-1e11, 1e11));
            LocalDateTime expected = LocalDateTime.ofEpochSecond((long) second, 0, ZoneOffset.UTC);
            assertThat(UtcCalendar.year(second)).isEqualTo(expected.getYear());
            assertThat(UtcCalendar.month(second)).isEqualTo(expected.getMonthValue());
            assertThat(UtcCalendar.dayOfMonth(second)).isEqualTo(expected.getDayOfMonth());
            assertThat(UtcCalendar.dayOfYear(second)).isEqualTo(expected.getDayOfYear());
            assertThat(UtcCalendar.dayOfWeek(second))
                    .isEqualTo(expected.getDayOfWeek().getValue() % 7);
            assertThat(UtcCalendar.daysInMonth(second))
                    .isEqualTo(expected.toLocalDate().lengthOfMonth());
            assertThat(UtcCalendar.hour(second)).isEqualTo(expected.getHour());
            assertThat(UtcCalendar.minute(second)).isEqualTo(expected.getMinute());
        }
    }

    /** As a real Prometheus answers: the last moment of its clock. */
    @Test
    void takesWhatFitsInNoClockForTheEndOfTime() {
        for (double moment : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e19}) {
            assertThat(UtcCalendar.year(moment)).isEqualTo(292277026596.0);
            assertThat(UtcCalendar.dayOfYear(moment)).isEqualTo(339);
            assertThat(UtcCalendar.hour(moment)).isEqualTo(15);
        }
    }
}
