// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import dev.narthex.promql.PromqlEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each evaluation of the files whose expectations were recorded from a real Prometheus 3.15 is a test. */
class LanguageFilesTest {
    @TestFactory
    Stream<DynamicContainer> answersAsWasRecorded() {
        PromqlEngine engine = PromqlTestFile.engine();
        return Stream.of(
                        "disagreements",
                        "extended_ranges",
                        "extended_histograms",
                        "extended_notes",
                        "info",
                        "limit_ratio",
                        "subtleties",
                        "subtle_histograms",
                        "edges",
                        "exact_histograms")
                .map(file -> DynamicContainer.dynamicContainer(file, cases(engine, file)));
    }

    private static List<DynamicTest> cases(PromqlEngine engine, String file) {
        try (var in = LanguageFilesTest.class.getResourceAsStream("/promqltest/narthex/" + file + ".test")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return PromqlTestFile.parse(file + ".test", text).cases(engine).stream()
                    .map(test -> DynamicTest.dynamicTest(test.name(), test::run))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
