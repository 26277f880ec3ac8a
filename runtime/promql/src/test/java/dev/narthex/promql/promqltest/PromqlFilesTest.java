// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.promql.PromqlEngine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each evaluation of Prometheus' test files is a test. */
class PromqlFilesTest {
    private static final List<String> FILES = List.of(
            "collision",
            "duration_expression",
            "functions",
            "limit",
            "literals",
            "name_label_dropping",
            "native_histograms",
            "operators",
            "range_queries",
            "selectors",
            "trig_functions",
            "type_and_unit");

    @TestFactory
    Stream<DynamicContainer> answersAsTheTestFilesSay() {
        PromqlEngine engine = PromqlTestFile.engine();
        return FILES.stream()
                .map(file -> DynamicContainer.dynamicContainer(
                        file,
                        read(file).cases(engine).stream()
                                .map(test -> DynamicTest.dynamicTest(test.name(), test::run))));
    }

    @Test
    void runsEveryEvaluationOfTheFiles() {
        for (String file : FILES) {
            long evaluations = text(file)
                    .lines()
                    .filter(line -> line.strip().startsWith("eval"))
                    .count();
            assertThat(read(file).cases(PromqlTestFile.engine())).as(file).hasSize((int) evaluations);
        }
    }

    private static PromqlTestFile read(String file) {
        return PromqlTestFile.parse(file + ".test", text(file));
    }

    private static String text(String file) {
        try (InputStream in = PromqlFilesTest.class.getResourceAsStream("/promqltest/" + file + ".test")) {
            if (in == null) {
                throw new AssertionError("no test file " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
