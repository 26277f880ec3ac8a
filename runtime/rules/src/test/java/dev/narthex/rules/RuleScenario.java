// SPDX-License-Identifier: Apache-2.0
package dev.narthex.rules;

import dev.narthex.model.Labels;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules and series that a real promtool has evaluated; its results are a golden file. */
final class RuleScenario {
    static final String AREA = "rule-scenarios";
    static final String RESULTS = "evaluated.out";
    static final int MINUTES = 30;

    /** The metrics whose samples are compared. */
    static final List<String> METRICS = List.of("ALERTS", "ALERTS_FOR_STATE", "job:m", "without", "agg");

    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    private RuleScenario() {}

    /** A line of the file: a series and its values, one a minute; {@code _} for none. */
    record Series(String name, List<String> values) {
        Labels labels() {
            int brace = name.indexOf('{');
            var builder = Labels.builder().set(Labels.METRIC_NAME, brace < 0 ? name : name.substring(0, brace));
            Matcher label = LABEL.matcher(name);
            while (label.find()) {
                builder.set(label.group(1), label.group(2));
            }
            return builder.build();
        }
    }

    static List<Series> series() {
        List<Series> all = new ArrayList<>();
        for (String line : text("series.txt").lines().toList()) {
            List<String> words = List.of(line.split(" ", -1));
            all.add(new Series(words.getFirst(), words.subList(1, words.size())));
        }
        return all;
    }

    static String text(String file) {
        String resource = "/golden/" + AREA + "/" + file;
        try (InputStream in = Objects.requireNonNull(RuleScenario.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
