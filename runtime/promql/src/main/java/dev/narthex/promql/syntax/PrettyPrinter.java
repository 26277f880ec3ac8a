// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes expressions on several lines, as Prometheus formats queries: what is longer than 100 bytes is broken up into its
 * parts, each two blanks deeper; what has no parts stays as long as it is.
 */
public final class PrettyPrinter {
    private static final int MAX_BYTES = 100;
    private static final String INDENT = "  ";

    private final StringBuilder out = new StringBuilder(256);

    private PrettyPrinter() {}

    /** The text of an expression; parsing it gives an equal expression but for positions. */
    public static String print(Expr expr) {
        PrettyPrinter printer = new PrettyPrinter();
        printer.print(expr, 0);
        return printer.out.toString();
    }

    private void print(Expr expr, int level) {
        out.repeat(INDENT, level);
        printHere(expr, level, false);
    }

    /**
     * As {@link #print(Expr, int)}, behind what stands on the line already.
     *
     * @param behindSign whether that is a sign, so that no blank may follow
     */
    private void printHere(Expr expr, int level, boolean behindSign) {
        String line = PromqlPrinter.print(expr);
        if (line.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES) {
            out.append(line);
            return;
        }
        switch (expr) {
            case Expr.NumberLiteral _, Expr.StringLiteral _, Expr.VectorSelector _, Expr.MatrixSelector _ ->
                out.append(line);
            case Expr.Paren paren -> enclosed("(", List.of(paren.inner()), level);
            case Expr.Call call -> enclosed(call.function().name() + "(", call.arguments(), level);
            case Expr.Aggregation aggregation -> aggregation(aggregation, level);
            case Expr.Unary unary -> {
                out.append(unary.negative() ? '-' : '+');
                printHere(unary.inner(), level, true);
            }
            case Expr.Subquery subquery -> {
                printHere(subquery.inner(), level, behindSign);
                out.append(PromqlPrinter.windowOf(subquery));
            }
            case Expr.Binary binary -> binary(binary, level, behindSign);
        }
    }

    private void enclosed(String start, List<Expr> parts, int level) {
        out.append(start).append('\n');
        for (int i = 0; i < parts.size(); i++) {
            out.append(i > 0 ? ",\n" : "");
            print(parts.get(i), level + 1);
        }
        out.append('\n').repeat(INDENT, level).append(')');
    }

    private void aggregation(Expr.Aggregation aggregation, int level) {
        Expr parameter = aggregation.parameter();
        enclosed(
                PromqlPrinter.headOf(aggregation) + "(",
                parameter == null ? List.of(aggregation.inner()) : List.of(parameter, aggregation.inner()),
                level);
    }

    private void binary(Expr.Binary binary, int level, boolean behindSign) {
        // The indentation of this level stands already: the left side is one deeper.
        out.append(behindSign ? "" : INDENT);
        printHere(binary.left(), level + 1, behindSign);
        out.append('\n')
                .repeat(INDENT, level)
                .append(PromqlPrinter.operatorOf(binary))
                .append('\n');
        print(binary.right(), level + 1);
    }
}
