// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.GoFloat;
import dev.narthex.model.HistogramText;
import dev.narthex.model.StalenessMarker;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.testkit.golden.GoldenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Lines of series are read as by {@code promtool test rules} of Prometheus 3.15: {@code series.txt} has, one a line, labels,
 * a tab, values, a tab, and what it loads of them or that it does not. Where ours takes more is listed in {@code
 * series-differences.txt}.
 */
class SeriesVerdictsTest {
    private static final Path VERDICTS = Path.of("src", "test", "resources", "golden", "promqltest", "series.txt");
    private static final String ERROR = "ERR";

    /** How many values of each were looked at. */
    private static final int STEPS = 7;

    @Test
    void readsWhatPromtoolReadsToTheSameValues() throws IOException {
        List<String> lines = Files.readAllLines(VERDICTS);
        assertThat(lines).hasSizeGreaterThan(200);
        List<String> wrong = new ArrayList<>();
        StringBuilder more = new StringBuilder();
        for (String line : lines) {
            List<String> parts = List.of(line.split("\t", -1));
            String theirs = parts.getLast();
            String notation = parts.getFirst() + " " + String.join("\t", parts.subList(1, parts.size() - 1));
            String ours = ours(notation);
            if (theirs.startsWith(ERROR) && !ours.equals(ERROR)) {
                more.append(notation).append("\n  Prometheus: ").append(theirs);
                more.append("\n  Narthex:    ").append(ours).append('\n');
            } else if (!theirs.startsWith(ERROR) && !ours.equals(theirs)) {
                wrong.add(notation + "\n  Prometheus: " + theirs + "\n  Narthex:    " + ours);
            }
        }
        assertThat(wrong).isEmpty();
        GoldenFile.of("promqltest", "series-differences.txt").assertMatches(more.toString());
    }

    private static String ours(String notation) {
        try {
            SeriesNotation series = SeriesNotation.parse(notation);
            StringBuilder text = new StringBuilder("OK ");
            text.append(series.labels().toString());
            for (SequenceValue value : series.values().stream().limit(STEPS).toList()) {
                text.append(' ').append(text(value));
            }
            return text.toString();
        } catch (IllegalArgumentException | PromqlParseException _) {
            return ERROR;
        }
    }

    private static String text(SequenceValue value) {
        return switch (value) {
            case SequenceValue.Gap _ -> "_";
            case SequenceValue.Number(double number) -> number(number);
            case SequenceValue.Histogram(FloatHistogram histogram) -> {
                histogram.validate();
                yield HistogramText.test(histogram.compact())
                        .replaceAll(" ?counter_reset_hint:(not_)?reset", "")
                        .replace("{{ ", "{{");
            }
        };
    }

    private static String number(double number) {
        return StalenessMarker.is(number) ? "stale" : GoFloat.scientific(number).replace('e', 'E');
    }
}
