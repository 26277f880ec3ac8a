// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static dev.narthex.scrape.ScrapeScenario.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Labels;
import dev.narthex.testkit.random.Seed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random expositions of one target, scrape after scrape, against a model that keeps no cache at all. */
class SampleIngesterFuzzTest {
    private static final int RUNS = 60;
    private static final int SCRAPES = 12;

    /** What the storage should hold: per series its values in order of time. */
    private final Map<Labels, List<String>> expected = new LinkedHashMap<>();

    private final Set<Labels> live = new HashSet<>();

    private record Line(Labels series, String text) {}

    private static List<Line> lines(Random random, int variety) {
        List<Line> lines = new ArrayList<>();
        for (int i = random.nextInt(variety + 2); i > 0; i--) {
            String x = Integer.toString(random.nextInt(variety));
            boolean turned = random.nextInt(5) == 0;
            Labels series = Labels.of("__name__", "m", "x", x, "y", "2", "job", "j", "instance", "a:1");
            String name = turned ? "m{y=\"2\",x=\"" + x + "\"}" : "m{x=\"" + x + "\",y=\"2\"}";
            String comment = random.nextInt(6) == 0 ? "# HELP m h" + random.nextInt(3) + "\n" : "";
            lines.add(new Line(series, comment + name));
        }
        return lines;
    }

    /** The next exposition: the last one again, or with lines taken out, put in and moved, or another one. */
    private static List<Line> next(List<Line> last, Random random, int variety) {
        List<Line> lines = new ArrayList<>(last);
        switch (random.nextInt(4)) {
            case 0 -> {}
            case 1 -> lines = lines(random, variety);
            default -> {
                for (Line line : lines(random, 3)) {
                    if (!lines.isEmpty() && random.nextBoolean()) {
                        lines.remove(random.nextInt(lines.size()));
                    }
                    lines.add(random.nextInt(lines.size() + 1), line);
                }
            }
        }
        return lines;
    }

    /** @param read how many lines stand above the fault, if there is one: these live on without a sample */
    private void apply(List<Line> lines, List<String> values, int read, boolean broken) {
        Map<Labels, String> present = new LinkedHashMap<>();
        for (int i = 0; i < read; i++) {
            present.putIfAbsent(lines.get(i).series, values.get(i));
        }
        live.removeAll(present.keySet());
        live.forEach(
                gone -> expected.computeIfAbsent(gone, _ -> new ArrayList<>()).add("stale"));
        if (!broken) {
            present.forEach((series, value) ->
                    expected.computeIfAbsent(series, _ -> new ArrayList<>()).add(value));
        }
        live.clear();
        live.addAll(present.keySet());
    }

    @Test
    void storesWhatAModelWithoutACacheStores() {
        Random random = Seed.of(SampleIngesterFuzzTest.class).random();
        for (int run = 0; run < RUNS; run++) {
            expected.clear();
            live.clear();
            try (ScrapeScenario scenario = new ScrapeScenario()) {
                scenario.apply(job().target("a:1"));
                int variety = 1 + random.nextInt(20);
                List<Line> lines = lines(random, variety);
                for (int scrape = 0; scrape < SCRAPES; scrape++) {
                    StringBuilder body = new StringBuilder();
                    List<String> values = new ArrayList<>();
                    List<Integer> ends = new ArrayList<>();
                    for (Line line : lines) {
                        values.add(Integer.toString(random.nextInt(1000)));
                        body.append(line.text)
                                .append(' ')
                                .append(values.getLast())
                                .append('\n');
                        ends.add(body.length());
                    }
                    boolean broken = random.nextInt(8) == 0;
                    int cut = body.lastIndexOf("\n", random.nextInt(body.length() + 1)) + 1;
                    scenario.scrape(broken ? body.insert(cut, "broken{\n").toString() : body.toString());
                    int above = (int) ends.stream().filter(end -> end <= cut).count();
                    apply(lines, values, broken ? above : lines.size(), broken);
                    lines = next(lines, random, variety);
                }
                for (Labels series : scenario.storage.series()) {
                    if (series.metricName().equals("m")) {
                        assertThat(expected).containsKey(series);
                    }
                }
                expected.forEach((series, values) -> assertThat(scenario.storage.values(series))
                        .as(series.toString())
                        .isEqualTo(values));
            }
        }
    }
}
