// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is printed is parsed again to the same expression, whatever it is. */
class PrinterTest {
    private static final int EXPRESSIONS = 20_000;
    private static final long SEED = Long.getLong("printer.seed", 20_261_129L);

    @Test
    void whatIsPrintedIsParsedToTheSame() {
        RandomExpr random = new RandomExpr(SEED, 1);
        Set<Class<?>> kinds = new HashSet<>();
        for (int i = 0; i < EXPRESSIONS; i++) {
            Expr expr = random.next();
            kinds.add(expr.getClass());
            assertParsedAgain(expr, PromqlPrinter.print(expr), i);
            assertParsedAgain(expr, PrettyPrinter.print(expr), i);
        }
        assertThat(kinds).containsExactlyInAnyOrder(Expr.class.getPermittedSubclasses());
    }

    @Test
    void keepsApartAnOffsetInParenthesesAndArithmeticBehindIt() {
        for (String query : List.of(
                "foo offset (1m) + 5",
                "foo offset -(1m) + 5",
                "foo offset --(1m) + 5",
                "(foo offset (1m)) + 5",
                "foo offset (1m) * 2 ^ step() == 5",
                "foo offset (1m) atan2 bar",
                "foo offset step() - bar")) {
            assertThat(PromqlPrinter.print(PromqlParser.parse(query, Verdicts.FEATURES)))
                    .isEqualTo(query);
        }
        assertThat(PromqlPrinter.print(PromqlParser.parse("foo offset +(1m) - bar")))
                .isEqualTo("foo offset --(1m) - bar");
        assertThat(PromqlParser.parse("foo offset (1m) + 5"))
                .isInstanceOfSatisfying(
                        Expr.VectorSelector.class,
                        selector -> assertThat(Objects.requireNonNull(selector.offset())
                                        .seconds(0, 0))
                                .isEqualTo(65));
        assertThatExceptionOfType(PromqlParseException.class)
                .isThrownBy(() -> PromqlParser.parse("foo offset (1m) + bar"))
                .withMessage(
                        "1:19: parse error: unexpected identifier \"bar\" in offset, expected number, duration, step(),"
                                + " or range()");
    }

    private static void assertParsedAgain(Expr expr, String printed, int number) {
        Expr parsed;
        try {
            parsed = PromqlParser.parse(printed, Verdicts.FEATURES);
        } catch (PromqlParseException e) {
            throw new AssertionError("-Dprinter.seed=" + SEED + ", expression " + number + ": " + printed, e);
        }
        assertThat(Positionless.of(parsed))
                .as("-Dprinter.seed=%d, expression %d: %s", SEED, number, printed)
                .isEqualTo(Positionless.of(expr));
    }
}
