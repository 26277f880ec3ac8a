// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Text expositions of classic histograms: as they should be, out of order, with parts missing, and that do not add up. */
final class HistogramTexts {
    private static final String[] BOUNDS = {"-Inf", "-1", "0", "0.5", "1", "1.0", "2.5", "1e5", "NaN", "x"};

    private HistogramTexts() {}

    static List<byte[]> bodies(Random random, int count) {
        List<byte[]> bodies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder body = new StringBuilder();
            for (int family = random.nextInt(3); family >= 0; family--) {
                family(body, "h" + family, random);
            }
            bodies.add(body.toString().getBytes(StandardCharsets.UTF_8));
        }
        bodies.add("broken{ 1\n".getBytes(StandardCharsets.UTF_8));
        while (bodies.size() < count * 5 / 4) {
            bodies.add("# TYPE a histogram\na_bucket{le=\"1\"} x\n".getBytes(StandardCharsets.UTF_8));
        }
        return bodies;
    }

    private static void family(StringBuilder body, String name, Random random) {
        if (random.nextInt(5) > 0) {
            body.append("# HELP ").append(name).append(" x\n");
        }
        if (random.nextInt(8) > 0) {
            body.append("# TYPE ").append(name).append(random.nextInt(8) == 0 ? " gauge\n" : " histogram\n");
        }
        for (int metric = random.nextInt(3); metric >= 0; metric--) {
            metric(body, name, metric, random);
        }
        if (random.nextInt(3) == 0) {
            body.append(name).append("_other 1\n");
        }
    }

    private static void metric(StringBuilder body, String name, int metric, Random random) {
        String labels = metric == 0 ? "" : "m=\"" + metric + "\"";
        List<String> lines = new ArrayList<>();
        long cumulative = 0;
        int last = random.nextInt(4) == 0 ? BOUNDS.length : 8;
        for (int i = 0; i < last; i++) {
            if (random.nextBoolean()) {
                cumulative += random.nextInt(3);
                lines.add(name + "_bucket{" + labels + (labels.isEmpty() ? "" : ",") + "le=\"" + BOUNDS[i] + "\"} "
                        + cumulative + (random.nextInt(12) == 0 ? ".5" : ""));
            }
        }
        long count = cumulative + random.nextInt(3);
        if (lines.isEmpty() || random.nextInt(5) > 0) {
            lines.add(name + "_bucket{le=\"+Inf\"" + (labels.isEmpty() ? "" : ",") + labels + "} " + count);
        }
        String braces = labels.isEmpty() ? "" : "{" + labels + "}";
        if (random.nextInt(5) > 0) {
            lines.add(name + "_sum" + braces + " " + (random.nextInt(6) == 0 ? "NaN" : "12.5"));
        }
        if (random.nextInt(5) > 0) {
            lines.add(name + "_count" + braces + " " + (random.nextInt(8) == 0 ? count + 1 : count));
        }
        if (random.nextInt(4) == 0 && lines.size() > 1) {
            // The first one stays: Prometheus forgets a first sum or count after a histogram that did not add up.
            Collections.shuffle(lines.subList(1, lines.size()), random);
        }
        if (random.nextInt(8) == 0 && !lines.isEmpty()) {
            lines.add(random.nextInt(lines.size()), random.nextBoolean() ? "# HELP " + name + " y" : "z 1");
        }
        lines.forEach(line -> body.append(line).append('\n'));
    }
}
