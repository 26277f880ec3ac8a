// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecimalDigitsTest {
    @Test
    void areThoseOfTheNumberAtEachLength() {
        Random random = new Random(1);
        assertDigits(0);
        assertDigits(Long.MAX_VALUE);
        long power = 1;
        for (int digits = 1; digits <= 18; digits++) {
            power *= 10;
            assertDigits(power - 1);
            assertDigits(power);
            assertDigits(power + 1);
            for (int i = 0; i < 100; i++) {
                assertDigits(random.nextLong(power));
            }
        }
        for (int bit = 0; bit < 63; bit++) {
            assertDigits(1L << bit);
            assertDigits((1L << bit) - 1);
        }
    }

    private static void assertDigits(long value) {
        int count = DecimalDigits.count(value);
        byte[] into = new byte[DecimalDigits.MAX_DIGITS + 2];
        into[count + 1] = 'x';
        DecimalDigits.write(value, count, into, 1);
        assertThat(new String(into, 1, count + 1, StandardCharsets.US_ASCII)).isEqualTo(value + "x");
        assertThat(into[0]).isZero();
    }
}
