// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.promql.PromqlEngine;
import dev.narthex.promql.promqltest.PromqlTestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code narthex promqltest FILE...}: runs every evaluation of test files in Prometheus' language. The last line is {@code N
 * passed, M failed}; a file that cannot be read is one failure.
 */
final class PromqlTestCommand {
    private final Console console;
    private int passed;
    private int failed;

    PromqlTestCommand(Console console) {
        this.console = console;
    }

    /** Runs the files in order, and gives the exit code: 1 where anything failed. */
    int run(List<Path> files) {
        for (Path file : files) {
            run(file);
        }
        console.print(passed + " passed, " + failed + " failed\n");
        return failed == 0 ? 0 : 1;
    }

    private void run(Path file) {
        List<PromqlTestFile.Case> cases;
        try (PromqlEngine engine = PromqlTestFile.engine()) {
            cases = PromqlTestFile.read(file.toString(), Files.readString(file)).cases(engine);
            for (PromqlTestFile.Case test : cases) {
                run(test);
            }
        } catch (IOException e) {
            fail(file + ": cannot be read: " + e);
        } catch (IllegalArgumentException e) {
            // Says itself where and what.
            fail(String.valueOf(e.getMessage()));
        }
    }

    private void run(PromqlTestFile.Case test) {
        try {
            test.run();
            passed++;
        } catch (RuntimeException e) {
            fail(test.name() + "\n    " + String.valueOf(e.getMessage()).strip().replace("\n", "\n    "));
        }
    }

    private void fail(String what) {
        failed++;
        console.print("FAIL " + what + "\n");
    }
}
