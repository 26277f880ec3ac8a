// SPDX-License-Identifier: Apache-2.0
package dev.narthex.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SeriesTextTest {
    private final SeriesText text = new SeriesText();

    private String written() {
        return new String(text.bytes(), 0, text.size(), StandardCharsets.UTF_8);
    }

    private static String escaped(String plain) {
        return plain.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Test
    void escapesWhereverThatIsNeeded() {
        for (String special : new String[] {"\"", "\\", "\n", "!", "#", "[", "]", "\t", "\u000b", "é", "\0"}) {
            for (int before = 0; before < 20; before++) {
                for (int behind = 0; behind < 20; behind++) {
                    String plain = "x".repeat(before) + special + "y".repeat(behind);
                    byte[] bytes = ("<\"" + plain + "\"\n").getBytes(StandardCharsets.UTF_8);
                    for (int slack = 0; slack <= 2; slack += 2) {
                        byte[] from = Arrays.copyOf(bytes, bytes.length - slack);
                        text.cutTo(0);
                        text.escaped(from, 2, bytes.length - 2);
                        assertThat(written()).isEqualTo(escaped(plain));
                    }
                }
            }
        }
    }

    @Test
    void growsWithWhatItHolds() {
        StringBuilder expected = new StringBuilder();
        byte[] from = "name\"va\\lue".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 1000; i++) {
            text.label(from, 0, 5, 5, 11);
            expected.append("\"name\\\"\"=\"va\\\\lue\",");
        }
        assertThat(written()).isEqualTo(expected.toString());
    }

    @Test
    void writesABoundAgainAsItWroteItFirst() {
        double[] bounds = new double[300];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = i % 3 == 0 ? i : i / 7.0;
        }
        bounds[0] = Double.NaN;
        bounds[1] = Double.POSITIVE_INFINITY;
        bounds[2] = Double.NEGATIVE_INFINITY;
        bounds[3] = -0.0;
        bounds[4] = 1e300;
        StringBuilder first = new StringBuilder();
        for (double bound : bounds) {
            text.cutTo(0);
            text.bound(bound);
            first.append(written()).append(' ');
        }
        for (int round = 0; round < 3; round++) {
            StringBuilder again = new StringBuilder();
            for (double bound : bounds) {
                text.cutTo(0);
                text.bound(bound);
                again.append(written()).append(' ');
                text.cutTo(0);
                text.bound(bound);
            }
            assertThat(again).hasToString(first.toString());
        }
        assertThat(first.toString()).startsWith("NaN +Inf -Inf 0.0 1e+300 0.7142857142857143 6.0 ");
    }
}
