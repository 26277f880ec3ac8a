// SPDX-License-Identifier: Apache-2.0
package dev.narthex.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoFloatTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0",
        "-0, -0, -0, -0",
        "1, 1, 1, 1",
        "100000, 100000, 100000, 100000",
        "1000000, 1000000, 1e+06, 1000000",
        "1234567.5, 1234567.5, 1.2345675e+06, 1234567.5",
        "0.0001, 0.0001, 0.0001, 0.0001",
        "0.00001, 0.00001, 1e-05, 0.00001",
        "0.00000099, 0.00000099, 9.9e-07, 9.9e-07",
        "1e20, 100000000000000000000, 1e+20, 100000000000000000000",
        "1e21, 1000000000000000000000, 1e+21, 1e+21",
        "123456789012345678901, 123456789012345680000, 1.2345678901234568e+20, 123456789012345680000",
        "9007199254740993, 9007199254740992, 9.007199254740992e+15, 9007199254740992",
        "1e23, 100000000000000000000000, 1e+23, 1e+23",
        "NaN, NaN, NaN, NaN",
        "Inf, +Inf, +Inf, +Inf",
        "-Inf, -Inf, -Inf, -Inf",
    })
    void printsAsGo(String literal, String fixed, String general, String json) {
        double value = GoFloat.parse(literal);
        assertThat(GoFloat.fixed(value)).isEqualTo(fixed);
        assertThat(GoFloat.general(value)).isEqualTo(general);
        assertThat(GoFloat.json(value)).isEqualTo(json);
    }

    @Test
    void printsTheExtremes() {
        assertThat(GoFloat.general(Double.MIN_VALUE)).isEqualTo("5e-324");
        assertThat(GoFloat.general(Double.MIN_NORMAL)).isEqualTo("2.2250738585072014e-308");
        assertThat(GoFloat.general(-Double.MAX_VALUE)).isEqualTo("-1.7976931348623157e+308");
        assertThat(GoFloat.fixed(-Double.MIN_VALUE))
                .hasSize(327)
                .startsWith("-0.000")
                .endsWith("0005");
        assertThat(GoFloat.fixed(Double.MAX_VALUE)).hasSize(309);
        assertThat(GoFloat.fixed(-2.2250738585072014E-308).length()).isLessThanOrEqualTo(GoFloat.MAX_FIXED_LENGTH);
    }

    @ParameterizedTest
    @CsvSource({"0, 0e+00", "-0, -0e+00", "1, 1e+00", "0.5, 5e-01", "123456, 1.23456e+05", "NaN, NaN", "-Inf, -Inf"})
    void printsAlertValuesWithAnExponent(String literal, String expected) {
        assertThat(GoFloat.scientific(GoFloat.parse(literal))).isEqualTo(expected);
    }

    @Test
    void writesBehindWhatIsThere() {
        byte[] text = new byte[1 + GoFloat.MAX_SHORT_LENGTH];
        text[0] = '=';
        int end = GoFloat.writeGeneral(-12.5, text, 1);
        assertThat(new String(text, 0, end, StandardCharsets.US_ASCII)).isEqualTo("=-12.5");
    }

    /** Against the definition: reads back, no shorter decimal does, and none of the same length is closer. */
    @Test
    void printsTheShortestAndClosestDecimal() {
        long seed = Long.getLong("test.seed", System.identityHashCode(new Object()));
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            double value = switch (i % 4) {
                case 0 -> Double.longBitsToDouble(random.nextLong() & Long.MAX_VALUE);
                case 1 -> Math.scalb(1.0, random.nextInt(2098) - 1074);
                case 2 -> random.nextInt(100_000) / 1000.0;
                default -> Double.longBitsToDouble(random.nextLong() & 0xfff);
            };
            if (Double.isFinite(value) && value != 0) {
                assertShortest(value, seed);
            }
        }
    }

    private static void assertShortest(double value, long seed) {
        String text = GoFloat.general(value);
        assertThat(Double.parseDouble(text)).as("-Dtest.seed=%d", seed).isEqualTo(value);
        assertThat(GoFloat.parse(text)).isEqualTo(value);
        assertThat(GoFloat.parse(GoFloat.fixed(value))).isEqualTo(value);
        BigDecimal shown = new BigDecimal(text).stripTrailingZeros();
        BigDecimal exact = new BigDecimal(value);
        int digits = shown.precision();
        if (digits > 1) {
            for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
                assertThat(exact.round(new MathContext(digits - 1, mode)).doubleValue())
                        .as("shorter than %s, -Dtest.seed=%d", text, seed)
                        .isNotEqualTo(value);
            }
        }
        BigDecimal closest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
        if (closest.doubleValue() == value) {
            assertThat(shown).as("-Dtest.seed=%d", seed).isEqualByComparingTo(closest);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1_000, 1000",
        "1_23.50_0_0e+1_2, 1.235e+14",
        "0x1p-2, 0.25",
        "0x1_0p0, 16",
        "0x_1p0, 1",
        "0X1P4, 16",
        "0x.8p1, 1",
        "0x1.p1, 2",
        "-0x1p1_0, -1024",
        "0_1, 1",
        "1e5_0, 1e50",
        "1e-400, 0",
        "+5, 5",
        ".5, 0.5",
        "5., 5",
        "0x1.fffffffffffff7p1023, 1.7976931348623157e308",
        "infinity, Infinity",
        "-InF, -Infinity",
        "+Inf, Infinity",
        "nAn, NaN",
        "9007199254740993, 9007199254740992",
    })
    void readsWhatGoReads(String text, Double value) {
        assertThat(GoFloat.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0x1",
                "_1",
                "1__0",
                "1_",
                "infin",
                "+nan",
                "-nan",
                ".",
                "e5",
                "1e",
                "1e+",
                "0xp1",
                "1p3",
                "0b1",
                "0o7",
                "++5",
                " 5",
                "5 ",
                "0x1p",
                "1_.5",
                "1._5",
                "1_e5",
                "1e_5",
                "inf_",
                "i",
                "infinityx",
                "5d",
                "5f",
                "0x1p1f",
                "1,5",
                "٣"
            })
    void refusesWhatGoRefuses(String text) {
        assertThatThrownBy(() -> GoFloat.parse(text))
                .isInstanceOf(NumberFormatException.class)
                .hasMessage("strconv.ParseFloat: parsing \"" + text + "\": invalid syntax");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e400", "-1e400", "0x1.fffffffffffff8p1023", "1e99999999999999999999"})
    void refusesWhatIsBeyondTheLargestDouble(String text) {
        assertThatThrownBy(() -> GoFloat.parse(text))
                .isInstanceOf(NumberFormatException.class)
                .hasMessage("strconv.ParseFloat: parsing \"" + text + "\": value out of range");
    }

    @Test
    void refusesNewFormsInExpositions() {
        assertThat(GoFloat.parseExposition("1.5e3")).isEqualTo(1500);
        for (String text : new String[] {"0x1p-2", "0x1P-2", "1_000"}) {
            assertThatThrownBy(() -> GoFloat.parseExposition(text)).isInstanceOf(NumberFormatException.class);
        }
    }

    @Test
    void readsNaNAsPrometheusStoresIt() {
        assertThat(Double.doubleToRawLongBits(GoFloat.parse("NaN"))).isEqualTo(StalenessMarker.NORMAL_NAN_BITS);
    }
}
