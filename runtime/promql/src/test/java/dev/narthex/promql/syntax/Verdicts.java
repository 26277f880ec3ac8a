// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Queries, good and bad, and what a parser says of each: {@code OK} and the query as it prints it, or {@code ERR} and the
 * message. {@code queries.txt} has them, one a line; {@code verdicts.txt} what a real Prometheus said.
 */
final class Verdicts {
    static final Path DIRECTORY = Path.of("src", "test", "resources", "golden", "syntax");
    static final Set<PromqlFeature> FEATURES = EnumSet.of(
            PromqlFeature.EXPERIMENTAL_FUNCTIONS,
            PromqlFeature.EXTENDED_RANGE_SELECTORS,
            PromqlFeature.BINARY_FILL_MODIFIERS);

    private Verdicts() {}

    static List<String> queries() {
        return lines("queries.txt");
    }

    static List<String> ofPrometheus() {
        return lines("verdicts.txt");
    }

    private static List<String> lines(String file) {
        try {
            return Files.readString(DIRECTORY.resolve(file)).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String ours(String query) {
        try {
            return good(PrettyPrinter.print(PromqlParser.parse(query, FEATURES)));
        } catch (PromqlParseException e) {
            return bad(e.words());
        }
    }

    static String good(String printed) {
        return "OK " + printed.replace("\n", "\\n");
    }

    static String bad(String message) {
        return "ERR " + message.replace("\n", "\\n");
    }
}
