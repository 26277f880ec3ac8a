// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.PromqlEngineConfig;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.testkit.golden.GoldenFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each evaluation of the test files is a test. What this build cannot do is listed in a golden file, with the reason. */
class PromqlFilesTest {
    private static final List<String> FILES = List.of(
            "collision",
            "duration_expression",
            "functions",
            "limit",
            "literals",
            "name_label_dropping",
            "operators",
            "range_queries",
            "selectors",
            "trig_functions",
            "type_and_unit");

    private static PromqlEngine engine() {
        // No clock: a query of these tests has no time limit.
        return new PromqlEngine(
                PromqlEngineConfig.defaults().withFeatures(EnumSet.allOf(PromqlFeature.class)), () -> 0);
    }

    private record Case(String name, TestSession session, Command.Eval eval) {}

    @TestFactory
    Stream<DynamicContainer> answersAsTheTestFilesSay() {
        return FILES.stream()
                .map(file -> DynamicContainer.dynamicContainer(
                        file,
                        cases(file).stream()
                                .filter(test ->
                                        test.session().missing(test.eval()).isEmpty())
                                .map(test -> DynamicTest.dynamicTest(
                                        test.name(), () -> test.session().check(test.eval())))));
    }

    @Test
    void listsWhatItLeavesOut() {
        StringBuilder list = new StringBuilder();
        for (String file : FILES) {
            for (Case test : cases(file)) {
                Optional<String> missing = test.session().missing(test.eval());
                missing.ifPresent(reason ->
                        list.append(test.name()).append("  # ").append(reason).append('\n'));
            }
        }
        GoldenFile.of("promqltest", "left-out.txt").assertMatches(list.toString());
    }

    @TestFactory
    Stream<DynamicTest> refusesByNameWhatItCannotEvaluate() {
        return FILES.stream()
                .flatMap(file -> cases(file).stream())
                .filter(test -> test.session()
                        .missing(test.eval())
                        .filter(reason -> reason.endsWith("is not supported by this build"))
                        .isPresent())
                .map(test -> DynamicTest.dynamicTest(
                        test.name(),
                        () -> assertThatThrownBy(
                                        () -> engine().parse(test.eval().query()))
                                .hasMessageMatching("\\d+:\\d+: parse error: .* is not supported by this build")));
    }

    @Test
    void runsMostOfTheFiles() {
        long all = FILES.stream().mapToLong(file -> cases(file).size()).sum();
        long leftOut = FILES.stream()
                .flatMap(file -> cases(file).stream())
                .filter(test -> test.session().missing(test.eval()).isPresent())
                .count();
        assertThat(all - leftOut).as("evaluations that run, of %s", all).isGreaterThan(all * 3 / 4);
    }

    /** The evaluations of a file, each with a session that holds what was loaded before it. */
    private static List<Case> cases(String file) {
        List<Case> cases = new ArrayList<>();
        List<Command> loaded = new ArrayList<>();
        for (Command command : CommandParser.parse(file + ".test", lines(file))) {
            switch (command) {
                case Command.Clear _ -> loaded.clear();
                case Command.Load load -> loaded.add(load);
                case Command.Eval eval -> {
                    TestSession session = new TestSession(engine());
                    loaded.forEach(session::prepare);
                    cases.add(new Case(file + ".test:" + eval.line() + " " + eval.query(), session, eval));
                }
            }
        }
        return cases;
    }

    private static List<String> lines(String file) {
        try (InputStream in = PromqlFilesTest.class.getResourceAsStream("/promqltest/" + file + ".test")) {
            if (in == null) {
                throw new AssertionError("no test file " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
