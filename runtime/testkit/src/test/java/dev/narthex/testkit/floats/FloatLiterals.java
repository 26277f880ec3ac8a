// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.floats;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Numbers in the text form that are hard to read or to print; the same ones each time. */
final class FloatLiterals {
    private static final int EACH = 600;

    private final Random random = new Random(20_260_101);
    private final List<String> literals = new ArrayList<>();

    private FloatLiterals() {}

    static List<String> all() {
        FloatLiterals all = new FloatLiterals();
        all.special();
        all.powers();
        for (int i = 0; i < EACH; i++) {
            all.anyDouble();
            all.anyDecimal();
            all.everydayNumber();
            all.betweenTwoDoubles();
            all.nearZero();
        }
        return List.copyOf(all.literals);
    }

    private void special() {
        literals.addAll(List.of(
                "0", "-0", "+0", "0.0", "NaN", "nan", "Inf", "+Inf", "-Inf", "inf", "-infinity", "1e-400", "-1e-400"));
        literals.addAll(List.of(
                "4.9e-324",
                "2.4703282292062327208e-324",
                "2.4703282292062328e-324",
                "2.2250738585072011e-308",
                "2.2250738585072014e-308",
                "1.7976931348623157e308",
                "1.7976931348623158e308",
                "9007199254740993"));
    }

    private void powers() {
        for (int e = -330; e <= 308; e += 7) {
            literals.add("1e" + e);
            literals.add("-9.999999999999999e" + e);
        }
        for (int e = -1074; e <= 1023; e += 13) {
            literals.add(new BigDecimal(Math.scalb(1.0, e))
                    .round(new MathContext(25))
                    .toString());
        }
        for (int e = -8; e <= 23; e++) {
            literals.add("1E" + e);
            literals.add("0.99999999999999994e" + e);
            literals.add("123456789e" + (e - 8));
        }
    }

    /** A double of any size, written with some of its digits. */
    private void anyDouble() {
        double value = Double.longBitsToDouble(random.nextLong());
        if (Double.isFinite(value)) {
            literals.add(new BigDecimal(value)
                    .round(new MathContext(1 + random.nextInt(30)))
                    .toString());
        }
    }

    /** Any digits with any exponent. */
    private void anyDecimal() {
        int exponent = random.nextInt(620) - 325;
        literals.add(random.nextInt(10) + "." + digits(1 + random.nextInt(22)) + "e" + exponent);
    }

    /** A number as metrics have it. */
    private void everydayNumber() {
        literals.add(
                switch (random.nextInt(4)) {
                    case 0 -> Integer.toString(random.nextInt(2_000_000));
                    case 1 -> random.nextInt(100_000) + "." + digits(1 + random.nextInt(9));
                    case 2 -> "0." + digits(1 + random.nextInt(17));
                    default -> "17" + digits(8) + "." + digits(1 + random.nextInt(7));
                });
    }

    /** The middle of two neighbours, where reading must round to even, and a little beside it. */
    private void betweenTwoDoubles() {
        double value = Double.longBitsToDouble(0x4340_0000_0000_0000L + (random.nextLong() >>> 4));
        if (Double.isFinite(value)) {
            BigDecimal middle = new BigDecimal(value).add(new BigDecimal(Math.ulp(value)).divide(BigDecimal.TWO));
            BigInteger whole = middle.toBigInteger();
            literals.add(whole.toString());
            literals.add(whole.add(BigInteger.ONE).toString());
            literals.add(whole.subtract(BigInteger.ONE).toString());
        }
    }

    /** A number with few bits left. */
    private void nearZero() {
        double value = Double.longBitsToDouble(random.nextLong() & ((1L << (1 + random.nextInt(53))) - 1));
        literals.add(new BigDecimal(value)
                .round(new MathContext(1 + random.nextInt(20)))
                .toString());
    }

    private String digits(int count) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            digits.append((char) ('0' + random.nextInt(10)));
        }
        return digits.toString();
    }
}
