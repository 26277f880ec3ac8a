// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.offline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Random OpenMetrics text with timestamps, of few samples a series, with or without a fault somewhere. */
final class RandomExposition {
    private static final List<String> NAMES = List.of("a", "b_total", "c:d", "h_bucket", "up");
    private static final List<String> LABELS = List.of("x", "le", "job", "_y");
    private static final List<String> VALUES = List.of("", "1", "ü", "\\\\", "\\\"", "\\n", "a b", "+Inf", "0.5");
    private static final List<String> NUMBERS =
            List.of("1", "-0", "+Inf", "-Inf", "NaN", "1e300", "0x1p-3", "0.1", "123456789.25", "-7e-9");
    private static final List<String> FAULTS = List.of(
            "a 1",
            "a x 1700000000",
            "a{ 1 1700000000",
            "a{x=1} 1 1700000000",
            "a{x=\"1\",x=\"2\"} 1 1700000000",
            "a{x=\"1\"} 1 1700000000 1",
            "a  1 1700000000",
            " a 1 1700000000",
            "1a 1 1700000000",
            "a 1 17e400",
            "a 1 1700000000 # {",
            "# TYPE",
            "# TYPE a nothing",
            "# UNIT a",
            "{} 1 1700000000",
            "{x=\"1\"} 1 1700000000",
            "a{x=\"\\q\"} 1 1700000000",
            "\u0001",
            "",
            "# EOF");

    private final Random random;
    private final StringBuilder text = new StringBuilder();
    private boolean faulty;

    RandomExposition(Random random) {
        this.random = random;
    }

    String text() {
        List<String> series = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            series.add(series());
        }
        long timeMs = 1_700_000_000_000L + random.nextInt(100_000_000);
        if (random.nextInt(4) == 0) {
            text.append("# HELP a \\\\ help \\n é\n# TYPE a gauge\n");
        }
        int steps = random.nextInt(1, 60);
        int fault = random.nextInt(3) == 0 ? random.nextInt(steps) : -1;
        for (int step = 0; step < steps; step++) {
            timeMs += random.nextInt(5) == 0 ? random.nextInt(9_000_000) : random.nextInt(60_000);
            for (String one : series) {
                if (random.nextInt(4) > 0) {
                    sample(one, random.nextInt(30) == 0 ? timeMs - random.nextInt(3_600_000) : timeMs);
                }
            }
            if (step == fault) {
                faulty = true;
                text.append(FAULTS.get(random.nextInt(FAULTS.size()))).append('\n');
            }
        }
        if (random.nextInt(20) > 0) {
            text.append(random.nextInt(20) > 0 ? "# EOF\n" : "# EOF");
        }
        return text.toString();
    }

    /** Whether a line is in it that is mostly refused. */
    boolean isFaulty() {
        return faulty;
    }

    private void sample(String series, long timeMs) {
        String time = random.nextInt(3) == 0
                ? Long.toString(timeMs / 1000)
                : String.format(Locale.ROOT, "%d.%03d", timeMs / 1000, timeMs % 1000);
        String value = random.nextInt(3) == 0
                ? NUMBERS.get(random.nextInt(NUMBERS.size()))
                : Double.toString(random.nextInt(1000) / 8.0);
        text.append(series).append(' ').append(value).append(' ').append(time);
        if (series.contains("_total") && random.nextInt(9) == 0) {
            text.append(" # {trace=\"t\"} 1 1700000000");
        }
        text.append('\n');
    }

    private String series() {
        StringBuilder labels = new StringBuilder();
        for (String label : LABELS) {
            if (random.nextInt(3) == 0) {
                labels.append(labels.isEmpty() ? "" : ",")
                        .append(label)
                        .append("=\"")
                        .append(VALUES.get(random.nextInt(VALUES.size())))
                        .append('"');
            }
        }
        if (random.nextInt(6) == 0) {
            return "{\"метрика " + random.nextInt(2) + "\"" + (labels.isEmpty() ? "" : ",") + labels + "}";
        }
        String name = NAMES.get(random.nextInt(NAMES.size()));
        return labels.isEmpty() && random.nextBoolean() ? name : name + "{" + labels + "}";
    }
}
