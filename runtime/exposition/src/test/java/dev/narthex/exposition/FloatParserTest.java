// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.testkit.random.Seed;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatParserTest {
    private final FloatParser parser = new FloatParser();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "-1",
                "+1",
                "00012",
                "1.",
                ".5",
                "-.5",
                "0.1",
                "123456789",
                "12345678.12345678",
                "1e3",
                "1E+3",
                "1e-3",
                "9007199254740993",
                "9007199254740992.5",
                "18446744073709551615",
                "18446744073709551616",
                "123456789012345678901234567890",
                "0.1234567890123456789012345",
                "1e22",
                "1e23",
                "8.5e-24",
                "1.7976931348623157e308",
                "4.9e-324",
                "2.4703282292062328e-324",
                "2.4703282292062327e-324",
                "1e-400",
                "0e99999999999",
                "0e-99999999999",
                "2.2250738585072011e-308",
                "2.2250738585072014e-308",
                "5e-324",
                "1.0000000000000002",
                "9223372036854775807",
                "9223372036854775808",
                "7.2057594037927933e16",
                "1.00000000000000011102230246251565404236316680908203125",
                "0.000000000000000000000000000000000000001e39",
                "1.00000000000000011102230246251565404236316680908203124",
                "1.00000000000000011102230246251565404236316680908203126",
                "-0",
                "1e0000000000000000000000000000001"
            })
    void readsTheNearestDouble(String text) {
        assertThat(read(text)).isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"inf", "Inf", "+INF", "infinity", "+Infinity"})
    void readsInfinity(String text) {
        assertThat(Double.longBitsToDouble(read(text))).isEqualTo(Double.POSITIVE_INFINITY);
        String negative = "-" + (text.startsWith("+") ? text.substring(1) : text);
        assertThat(Double.longBitsToDouble(read(negative))).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nan", "NaN", "NAN"})
    void readsNotANumber(String text) {
        assertThat(Double.longBitsToDouble(read(text))).isNaN();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "+", ".", "-.", "e5", "1e", "1e+", "--1", "+nan", "-nan", "in", "x", ".e1"})
    void refusesWhatIsNoNumber(String text) {
        assertThat(parse(text)).isEqualTo(FloatParser.INVALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1e309", "-1e400", "1.7976931348623159e308", "1e99999999999999999999", "179769313486231590e291"})
    void refusesWhatIsTooLarge(String text) {
        assertThat(parse(text)).isEqualTo(FloatParser.OUT_OF_RANGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x10", "1_000", "1d", "1f", "1.5.5", "infinit", "1-", "12345678x"})
    void stopsBehindTheNumber(String text) {
        assertThat(parse(text)).isBetween(1, text.length() - 1);
    }

    @Test
    void agreesWithTheLibraryOnRandomNumbers() {
        Random random = Seed.of(FloatParserTest.class).random();
        for (int i = 0; i < 100_000; i++) {
            String text = randomNumber(random);
            double expected = Double.parseDouble(text);
            if (Double.isInfinite(expected)) {
                assertThat(parse(text)).as(text).isEqualTo(FloatParser.OUT_OF_RANGE);
            } else if (read(text) != Double.doubleToRawLongBits(expected)) {
                assertThat(Double.longBitsToDouble(read(text))).as(text).isEqualTo(expected);
            }
        }
    }

    private static String randomNumber(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> Double.toString(Math.abs(anyDouble(random)));
            case 1 -> Long.toUnsignedString(random.nextLong()) + "e" + (random.nextInt(700) - 360);
            case 2 -> Integer.toUnsignedString(random.nextInt()) + "." + Integer.toUnsignedString(random.nextInt());
            case 3 -> "0.000" + Long.toUnsignedString(random.nextLong()) + Long.toUnsignedString(random.nextLong());
            default -> Double.toString(random.nextDouble() * 1e6);
        };
    }

    private static double anyDouble(Random random) {
        long exponent = (long) random.nextInt(2047) << 52;
        return Double.longBitsToDouble((random.nextLong() & ~(0x7ffL << 52)) | exponent);
    }

    private int parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return parser.parse(bytes, 0, bytes.length);
    }

    private long read(String text) {
        assertThat(parse(text)).as(text).isEqualTo(text.length());
        return Double.doubleToRawLongBits(parser.value());
    }
}
