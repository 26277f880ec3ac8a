// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.exposition.lint.FamilyParseException;
import dev.narthex.exposition.lint.FamilyParser;
import dev.narthex.exposition.lint.LintProblem;
import dev.narthex.exposition.lint.MetricFamily;
import dev.narthex.exposition.lint.MetricLint;
import dev.narthex.server.command.Command;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** {@code narthex check metrics}: looks at an exposition, in the words and with the exit codes of promtool. */
final class MetricsCheck {
    private static final int UNREADABLE = 1;
    private static final int LINT_FAILED = 3;
    private static final int PADDING = 4;

    private final Console console;

    MetricsCheck(Console console) {
        this.console = console;
    }

    /** Gives the exit code: 0, 1 where the text is no exposition, 3 where names are against the conventions. */
    int run(Command.CheckMetrics check, InputStream exposition) {
        List<MetricFamily> families;
        try {
            families = FamilyParser.parse(exposition.readAllBytes());
        } catch (IOException e) {
            console.printError("standard input cannot be read: " + e + "\n");
            return UNREADABLE;
        } catch (FamilyParseException e) {
            String doing = check.lint() ? "linting" : "parsing text to metric families";
            console.printError("error while " + doing + ": " + e.getMessage() + "\n");
            return UNREADABLE;
        }
        List<LintProblem> problems = check.lint() ? MetricLint.problems(families) : List.of();
        problems.forEach(problem -> console.printError(problem.metric() + " " + problem.text() + "\n"));
        if (check.extended()) {
            console.print(cardinalities(families));
        }
        return problems.isEmpty() ? 0 : LINT_FAILED;
    }

    /** A table of the metrics, those with most series first. */
    private static String cardinalities(List<MetricFamily> families) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("Metric", "Cardinality", "Percentage"));
        long total = families.stream().mapToLong(MetricFamily::cardinality).sum();
        families.stream()
                .sorted(Comparator.comparingInt(MetricFamily::cardinality).reversed())
                .forEach(family -> rows.add(List.of(
                        family.name(),
                        Integer.toString(family.cardinality()),
                        String.format(Locale.ROOT, "%.2f%%", 100.0 * family.cardinality() / total))));
        rows.add(List.of("Total", Long.toString(total), "100%"));
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream()
                        .mapToInt(other -> other.get(at).length())
                        .max()
                        .orElse(0);
                String cell = row.get(column);
                table.append(cell).append(" ".repeat(width - cell.length() + PADDING));
            }
            table.append('\n');
        }
        return table.toString();
    }
}
