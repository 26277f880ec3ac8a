// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramText;
import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.value.Value;
import dev.narthex.promql.value.VectorSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Sums, differences and averages of native histograms are those of Prometheus 3.15 to the last bit: in which order counts
 * are added and what rounding has lost is part of the result, and decides whether a bucket is empty in what follows.
 */
class ExactHistogramsTest {
    private static final Path FILE =
            Path.of("src", "test", "resources", "promqltest", "narthex", "exact_histograms.test");

    @TestFactory
    Stream<DynamicTest> areAddedInTheSameOrder() throws IOException {
        PromqlEngine engine = PromqlTestFile.engine();
        MemoryStorage storage = new MemoryStorage();
        return CommandParser.parse(FILE.toString(), Files.readAllLines(FILE)).stream()
                .flatMap(command -> switch (command) {
                    case Command.Clear _ -> Stream.empty();
                    case Command.Unreadable unreadable -> throw unreadable.reason();
                    case Command.Load load -> {
                        TestSession.load(storage, load);
                        yield Stream.empty();
                    }
                    case Command.Eval eval ->
                        Stream.of(DynamicTest.dynamicTest(eval.query(), () -> compare(engine, storage, eval)));
                });
    }

    private static void compare(PromqlEngine engine, MemoryStorage storage, Command.Eval eval) {
        Value.Vector vector = (Value.Vector)
                engine.instant(storage, eval.query(), eval.startMs()).value();
        List<String> expected = eval.expectation().series().stream()
                .map(series -> series.labels() + " " + text(series.values().getFirst()))
                .toList();
        assertThat(vector.samples().stream().map(ExactHistogramsTest::text)).containsExactlyElementsOf(expected);
    }

    private static String text(VectorSample sample) {
        FloatHistogram histogram = sample.histogram();
        return sample.labels() + " " + (histogram == null ? sample.value() : HistogramText.of(histogram));
    }

    private static String text(SequenceValue value) {
        return switch (value) {
            case SequenceValue.Gap _ -> "nothing";
            case SequenceValue.Number(double number) -> String.valueOf(number);
            case SequenceValue.Histogram(FloatHistogram histogram) -> HistogramText.of(histogram);
        };
    }
}
