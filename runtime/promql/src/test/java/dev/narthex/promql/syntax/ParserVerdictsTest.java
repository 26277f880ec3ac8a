// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narthex.testkit.golden.GoldenFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The parser judges queries as a real Prometheus did, see {@link Verdicts}. */
class ParserVerdictsTest {
    private static final String UNSUPPORTED = "supported by this build";

    @Test
    void acceptsAndRejectsWhatPrometheusDoes() {
        List<String> queries = Verdicts.queries();
        List<String> verdicts = Verdicts.ofPrometheus();
        assertThat(verdicts).hasSameSizeAs(queries);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            String ours = Verdicts.ours(queries.get(i));
            boolean same = ours.startsWith("OK") == verdicts.get(i).startsWith("OK");
            if (!same && !ours.endsWith(UNSUPPORTED)) {
                differences.add(queries.get(i) + "\n  Prometheus: " + verdicts.get(i) + "\n  Narthex: " + ours);
            }
        }
        assertThat(differences).isEmpty();
    }

    @Test
    void saysWhatPrometheusSaysButForListedCases() {
        List<String> queries = Verdicts.queries();
        List<String> verdicts = Verdicts.ofPrometheus();
        StringBuilder different = new StringBuilder();
        for (int i = 0; i < queries.size(); i++) {
            String ours = Verdicts.ours(queries.get(i));
            if (!ours.equals(verdicts.get(i))) {
                different.append(queries.get(i)).append("\n  Prometheus: ").append(verdicts.get(i));
                different.append("\n  Narthex:    ").append(ours).append('\n');
            }
        }
        GoldenFile.of("syntax", "differences.txt").assertMatches(different.toString());
    }

    @Test
    void saysWhatWasExpectedBehindPrometheusWords() {
        assertThatExceptionOfType(PromqlParseException.class)
                .isThrownBy(() -> PromqlParser.parse("sum(rtae(foo[5m]))", Verdicts.FEATURES))
                .withMessage(
                        "1:5: parse error: unknown function with name \"rtae\"; expected a function such as \"rate\"")
                .satisfies(
                        e -> assertThat(e.words()).isEqualTo("1:5: parse error: unknown function with name \"rtae\""));
        assertThatExceptionOfType(PromqlParseException.class)
                .isThrownBy(() -> PromqlParser.parse("foo\n  + (bar", Verdicts.FEATURES))
                .withMessage("2:9: parse error: unclosed left parenthesis; expected \")\"");
        assertThatExceptionOfType(PromqlParseException.class)
                .isThrownBy(() -> PromqlParser.parse(" ", Verdicts.FEATURES))
                .withMessage("1:1: parse error: no expression found in input; expected an expression")
                .satisfies(e -> assertThat(e.words()).isEqualTo("1:1: parse error: no expression found in input"));
        assertThatExceptionOfType(PromqlParseException.class)
                .isThrownBy(() -> PromqlParser.parse("", Verdicts.FEATURES))
                .satisfies(e ->
                        assertThat(e.words()).isEqualTo("unknown position: parse error: no expression found in input"));
    }

    @Test
    void judgesEnoughBadQueries() {
        assertThat(Verdicts.ofPrometheus().stream().filter(verdict -> verdict.startsWith("ERR")))
                .hasSizeGreaterThan(300);
    }

    @Test
    void printsWhatItParsesAgainToTheSame() {
        for (String query : Verdicts.queries()) {
            String once = print(query);
            // What is shorter than a millisecond cannot be printed.
            if (once != null && !once.contains("[0s")) {
                assertThat(print(once)).as(query).isEqualTo(once);
            }
        }
    }

    /** A query as it is printed, null for one that is not valid. */
    private static @Nullable String print(String query) {
        try {
            return PrettyPrinter.print(PromqlParser.parse(query, Verdicts.FEATURES));
        } catch (PromqlParseException _) {
            return null;
        }
    }

    @Test
    void givesEveryNodeItsPlace() {
        for (String query : Verdicts.queries()) {
            try {
                assertPlaced(query, PromqlParser.parse(query, Verdicts.FEATURES));
            } catch (PromqlParseException e) {
                assertThat(e.getMessage()).as(query).matches("(?s)\\d+:\\d+: parse error: .+");
                assertThat(e.getMessage()).as(query).containsPattern("\\bexpected [^ ]");
                assertThat(e.position().start()).as(query).isLessThanOrEqualTo(query.length() + 1);
            }
        }
    }

    private static void assertPlaced(String query, Expr expr) {
        PositionRange place = expr.position();
        assertThat(place.end()).as(query).isLessThanOrEqualTo(query.length()).isGreaterThan(place.start());
        List<Expr> parts = switch (expr) {
            case Expr.NumberLiteral _, Expr.StringLiteral _, Expr.VectorSelector _ -> List.of();
            case Expr.MatrixSelector matrix -> List.of(matrix.selector());
            case Expr.Subquery subquery -> List.of(subquery.inner());
            case Expr.Call call -> call.arguments();
            case Expr.Aggregation aggregation ->
                aggregation.parameter() == null
                        ? List.of(aggregation.inner())
                        : List.of(aggregation.parameter(), aggregation.inner());
            case Expr.Binary binary -> List.of(binary.left(), binary.right());
            case Expr.Unary unary -> List.of(unary.inner());
            case Expr.Paren paren -> List.of(paren.inner());
        };
        for (Expr part : parts) {
            assertThat(part.position().start()).as(query).isGreaterThanOrEqualTo(place.start());
            assertThat(part.position().end()).as(query).isLessThanOrEqualTo(place.end());
            assertPlaced(query, part);
        }
    }
}
