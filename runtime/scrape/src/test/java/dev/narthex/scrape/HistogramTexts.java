// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Expositions of classic histograms, as text and as OpenMetrics: as they should be, out of order, in pieces, with lines that
 * are missing or there twice, and that do not add up.
 */
final class HistogramTexts {
    private static final String[] BOUNDS = {"-Inf", "-1", "0", "0.5", "1", "1.0", "2.5", "1e5", "NaN", "x"};
    private static final String[] COUNTS = {"0", "-1", "1.5", "3", "7", "NaN", "+Inf", "1e300", "9007199254740993"};
    private static final String[] STRANGE = {"-Inf", "+Inf", "NaN", "", "0x1p1", "1_0", "+1", "1e400", ".5", "1 ", "Inf"
    };

    private final Random random;
    private final boolean openMetrics;
    /** Of timestamps. */
    private final long nowSeconds;

    private HistogramTexts(Random random, boolean openMetrics, long nowSeconds) {
        this.random = random;
        this.openMetrics = openMetrics;
        this.nowSeconds = nowSeconds;
    }

    static List<ExposedBody> bodies(Random random, int count, long nowSeconds) {
        List<ExposedBody> bodies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean openMetrics = random.nextInt(3) == 0;
            byte[] body =
                    new HistogramTexts(random, openMetrics, nowSeconds).body().getBytes(StandardCharsets.UTF_8);
            bodies.add(openMetrics ? ExposedBody.openMetrics("1.0.0", body) : ExposedBody.text(body));
        }
        return bodies;
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private String body() {
        List<String> lines = new ArrayList<>();
        for (int family = random.nextInt(3); family >= 0; family--) {
            family(lines, oneIn(20) ? "h.\\\"" + family : "h" + family);
        }
        if (oneIn(6)) {
            for (int i = random.nextInt(4); i >= 0; i--) {
                int from = random.nextInt(lines.size());
                String line = lines.get(from);
                switch (random.nextInt(4)) {
                    case 0 -> lines.add(random.nextInt(lines.size() + 1), line);
                    case 1 -> lines.add(random.nextInt(lines.size()), lines.remove(from));
                    case 2 -> Collections.swap(lines, from, random.nextInt(lines.size()));
                    default -> lines.add(from, oneIn(2) ? "# HELP z y" : "z{i=\"" + i + "\"} 1");
                }
            }
        }
        if (oneIn(12)) {
            lines.add(random.nextInt(lines.size() + 1), "broken{ 1");
        }
        if (openMetrics) {
            lines.add("# EOF");
        }
        return String.join("\n", lines) + "\n";
    }

    private void family(List<String> into, String name) {
        boolean quoted = name.contains(".");
        String shown = quoted ? '"' + name + '"' : name;
        if (oneIn(2)) {
            into.add("# HELP " + shown + " x");
        }
        if (!oneIn(8)) {
            into.add("# TYPE " + shown
                    + (oneIn(8) ? " gauge" : openMetrics && oneIn(8) ? " gaugehistogram" : " histogram"));
        }
        for (int metric = random.nextInt(3); metric >= 0; metric--) {
            metric(into, name, metric);
        }
        if (oneIn(3)) {
            into.add(series(name + "_other", "") + " 1");
        }
    }

    private static String series(String name, String labels) {
        if (name.contains(".")) {
            return "{\"" + name + "\"" + (labels.isEmpty() ? "" : "," + labels) + "}";
        }
        return labels.isEmpty() ? name : name + "{" + labels + "}";
    }

    private static String joined(String left, String right) {
        return left.isEmpty() ? right : right.isEmpty() ? left : left + "," + right;
    }

    private String value(String usual) {
        return oneIn(40) ? COUNTS[random.nextInt(COUNTS.length)] : oneIn(14) ? usual + ".5" : usual;
    }

    private void metric(List<String> into, String name, int metric) {
        String labels = metric == 0 ? "" : "m=\"" + metric + "\"";
        String time = !oneIn(10) ? "" : openMetrics ? " " + nowSeconds + ".5" : " " + nowSeconds + "500";
        List<String> lines = new ArrayList<>();
        long cumulative = 0;
        int last = oneIn(4) ? BOUNDS.length : 8;
        for (int i = 0; i < last; i++) {
            if (random.nextBoolean()) {
                cumulative += random.nextInt(3);
                String bound = oneIn(60) ? STRANGE[random.nextInt(STRANGE.length)] : BOUNDS[i];
                lines.add(series(name + "_bucket", joined(labels, "le=\"" + bound + "\"")) + " "
                        + value(Long.toString(cumulative)) + time);
            }
        }
        long count = cumulative + random.nextInt(3);
        if (lines.isEmpty() || !oneIn(5)) {
            lines.add(
                    series(name + "_bucket", joined("le=\"+Inf\"", labels)) + " " + value(Long.toString(count)) + time);
        }
        if (!oneIn(5)) {
            lines.add(series(name + "_sum", labels) + " " + (oneIn(6) ? "NaN" : "12.5") + time);
        }
        if (!oneIn(5)) {
            lines.add(
                    series(name + "_count", labels) + " " + value(Long.toString(oneIn(8) ? count + 1 : count)) + time);
        }
        if (oneIn(4)) {
            Collections.shuffle(lines, random);
        }
        if (oneIn(8)) {
            lines.add(random.nextInt(lines.size()), oneIn(2) ? "# HELP " + name.replace("\"", "x") + " y" : "z 1");
        }
        into.addAll(lines);
    }
}
