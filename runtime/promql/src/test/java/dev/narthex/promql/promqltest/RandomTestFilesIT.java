// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.promql.PromqlEngine;
import dev.narthex.testkit.random.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random test files whose expectations are what a real Prometheus of 3.14 or later answers pass; with an expectation that
 * is made wrong they fail. {@code -Dpromql.testfiles=} sets how many, of a fresh seed that is printed.
 */
class RandomTestFilesIT {
    private static final int EVALUATIONS = 60;
    private static final long DAILY_SEED = 20_260_102;

    @Test
    void passWithRightExpectationsAndFailWithWrongOnes(@TempDir Path directory) throws Exception {
        Integer asked = Integer.getInteger("promql.testfiles");
        Random random = asked == null
                ? new Random(DAILY_SEED)
                : Seed.of(RandomTestFilesIT.class).random();
        List<String> wrong = new ArrayList<>();
        int passed = 0;
        int failed = 0;
        for (int i = 0; i < (asked == null ? 1 : asked); i++) {
            String text = right(directory.resolve("file" + i), random);
            try (PromqlEngine engine = PromqlTestFile.engine()) {
                for (PromqlTestFile.Case test :
                        PromqlTestFile.parse("random.test", text).cases(engine)) {
                    String otherwise = failure(test);
                    passed++;
                    if (!otherwise.isEmpty()) {
                        wrong.add(test.name() + "\n" + otherwise);
                    }
                }
                List<List<String>> blocks = blocks(text);
                for (List<String> block : blocks.subList(1, blocks.size())) {
                    if (block.size() > 1) {
                        List<String> mutated = Mutation.of(block, random);
                        String file = String.join("\n", blocks.getFirst()) + "\n\n" + String.join("\n", mutated);
                        PromqlTestFile.Case test = PromqlTestFile.read("mutated.test", file)
                                .cases(engine)
                                .getFirst();
                        failed++;
                        if (failure(test).isEmpty()) {
                            wrong.add("passed wrongly: " + String.join("\n", mutated) + "\nright: " + block);
                        }
                    }
                }
            }
        }
        System.out.println(passed + " evaluations, " + failed + " mutated");
        assertThat(wrong).isEmpty();
    }

    private static String right(Path directory, Random random) throws IOException, InterruptedException {
        try (PrometheusScribe scribe = new PrometheusScribe(Files.createDirectories(directory))) {
            Assumptions.assumeTrue(scribe.isNew(), "this Prometheus is older than the language");
            return scribe.write(new RandomTestFile(random).next(EVALUATIONS));
        }
    }

    private static String failure(PromqlTestFile.Case test) {
        try {
            test.run();
            return "";
        } catch (PromqlTestFailure e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static List<List<String>> blocks(String text) {
        List<List<String>> blocks = new ArrayList<>();
        for (String block : text.split("\n\n", -1)) {
            blocks.add(block.strip().lines().toList());
        }
        return blocks;
    }
}
