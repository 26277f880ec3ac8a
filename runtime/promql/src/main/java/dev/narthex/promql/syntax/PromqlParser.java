// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import dev.narthex.model.GoFloat;
import dev.narthex.model.LabelMatcher;
import dev.narthex.promql.syntax.VectorMatching.Cardinality;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The parser: precedence climbing over the tokens of a query, then {@link TypeChecker} over the tree. Nesting is bounded,
 * so that no query overflows the stack. For use by one thread, once.
 */
public final class PromqlParser {
    private static final String EXPRESSION = "an expression";
    private static final String BEHIND_EXPRESSION = "an operator, a modifier, ";

    private static final int MAX_DEPTH = 500;
    private static final int MAX_OPERATORS = 1000;

    private final TokenReader tokens;
    private final DurationParser durations;
    private final SelectorParser selectors;
    private final Set<PromqlFeature> features;
    private int depth;

    private PromqlParser(String query, Set<PromqlFeature> features) {
        this.tokens = new TokenReader(query);
        this.durations = new DurationParser(tokens);
        this.selectors = new SelectorParser(tokens);
        this.features = features;
    }

    /**
     * Parses and checks a query, with no experimental feature.
     *
     * @throws PromqlParseException when the query is not valid
     */
    public static Expr parse(String query) {
        return parse(query, EnumSet.noneOf(PromqlFeature.class));
    }

    /**
     * Parses and checks a query.
     *
     * @param features the experimental features that are enabled
     * @throws PromqlParseException when the query is not valid, or uses what is not enabled or not supported
     */
    public static Expr parse(String query, Set<PromqlFeature> features) {
        PromqlParser parser = new PromqlParser(query, features);
        Expr expr = parser.query();
        new TypeChecker(query, features).check(expr);
        return expr;
    }

    /**
     * Parses the conditions of a selector such as {@code up{job="shop"}}, as the HTTP API takes them in {@code match[]}.
     *
     * @return the conditions, that on the metric name among them
     * @throws PromqlParseException when the text is no selector
     */
    public static List<LabelMatcher> parseSelector(String selector) {
        PromqlParser parser = new PromqlParser(selector, EnumSet.noneOf(PromqlFeature.class));
        Expr.VectorSelector expr = parser.selectorAlone();
        new TypeChecker(selector, parser.features).check(expr);
        return expr.matchers();
    }

    /**
     * Parses the conditions of a selector as {@link #parseSelector}, but takes one that every series may meet, such as
     * {@code {job=~".*"}}.
     *
     * @throws PromqlParseException when the text is no selector
     */
    public static List<LabelMatcher> parseAnySelector(String selector) {
        PromqlParser parser = new PromqlParser(selector, EnumSet.noneOf(PromqlFeature.class));
        Expr.VectorSelector expr = parser.selectorAlone();
        new TypeChecker(selector, parser.features).checkNames(expr);
        return expr.matchers();
    }

    /**
     * Parses a number as queries write it, with a sign or without: decimal, octal with a leading 0, hexadecimal, {@code
     * Inf}, {@code NaN}.
     *
     * @throws PromqlParseException when the text is none
     */
    public static double parseNumber(String text) {
        PromqlParser parser = new PromqlParser(text, EnumSet.noneOf(PromqlFeature.class));
        TokenReader tokens = parser.tokens;
        boolean duration =
                tokens.peek().isSign() ? tokens.peekSecond().is(TokenType.DURATION) : tokens.peekIs(TokenType.DURATION);
        if (duration) {
            throw tokens.error(new PositionRange(0, text.length()), "unexpected duration", "a number");
        }
        double value = parser.signedNumber(() -> tokens.unfit("a number"));
        if (!tokens.peekIs(TokenType.END_OF_INPUT)) {
            throw tokens.unfit("end of input");
        }
        return value;
    }

    private Expr.VectorSelector selectorAlone() {
        if (tokens.peekIs(TokenType.END_OF_INPUT)) {
            throw nothing();
        }
        boolean named = tokens.peek().isMetricName();
        if (!named && !tokens.peekIs(TokenType.LEFT_BRACE)) {
            throw tokens.unfit("metric name or \"{\"");
        }
        Expr.VectorSelector expr = selectors.selector(named ? tokens.next() : null);
        if (!tokens.peekIs(TokenType.END_OF_INPUT)) {
            throw tokens.unfit(named ? "\"{\" or end of input" : "end of input");
        }
        return expr;
    }

    private PromqlParseException nothing() {
        return tokens.query().isEmpty()
                ? PromqlParseException.withoutPosition("no expression found in input", EXPRESSION)
                : tokens.error(new PositionRange(0, 0), "no expression found in input", EXPRESSION);
    }

    private Expr query() {
        if (tokens.peekIs(TokenType.END_OF_INPUT)) {
            throw nothing();
        }
        Expr expr = expression(0);
        if (!tokens.peekIs(TokenType.END_OF_INPUT)) {
            throw tokens.unfit(BEHIND_EXPRESSION + "end of input");
        }
        return expr;
    }

    private Expr expression(int minPrecedence) {
        if (++depth > MAX_DEPTH) {
            throw tokens.error(
                    tokens.peek().position(),
                    "expression nested too deep; at most " + MAX_DEPTH + " levels",
                    "a query with fewer parentheses and calls within each other");
        }
        Expr left = unary();
        int operators = 0;
        while (tokens.peek().value() instanceof BinaryOp op && op.precedence() >= minPrecedence) {
            if (++operators > MAX_OPERATORS) {
                // The tree leans to the left: so many operators are so many levels.
                throw tokens.error(
                        tokens.peek().position(),
                        "too many binary operators in a row; at most " + MAX_OPERATORS,
                        "a query with fewer operators");
            }
            left = binary(left, op);
        }
        depth--;
        return left;
    }

    private Expr binary(Expr left, BinaryOp op) {
        PositionRange opPosition = tokens.next().position();
        boolean returnBool = tokens.skip(Keyword.BOOL);
        VectorMatching matching = matching();
        Expr right = expression(op.precedence() + (op.isRightAssociative() ? 0 : 1));
        boolean vectors = left.type() == ValueType.INSTANT_VECTOR && right.type() == ValueType.INSTANT_VECTOR;
        if (op.isSet() && matching.cardinality() == Cardinality.ONE_TO_ONE) {
            matching = matching.withCardinality(Cardinality.MANY_TO_MANY);
        }
        PositionRange position = left.position().to(right.position());
        if (matching.fillLeft() != null || matching.fillRight() != null) {
            requireFeature(
                    PromqlFeature.BINARY_FILL_MODIFIERS,
                    position,
                    "binop fill modifiers are experimental and not enabled",
                    enabled(PromqlFeature.BINARY_FILL_MODIFIERS));
        }
        // What operands that are no vectors must not have is kept for the type checker to refuse.
        boolean kept = vectors
                || op.isSet()
                || !matching.labels().isEmpty()
                || matching.fillLeft() != null
                || matching.fillRight() != null;
        return new Expr.Binary(op, left, right, returnBool, kept ? matching : null, opPosition, position);
    }

    private VectorMatching matching() {
        boolean on = tokens.peekIs(Keyword.ON);
        List<String> labels = List.of();
        List<String> include = List.of();
        Cardinality cardinality = Cardinality.ONE_TO_ONE;
        if (on || tokens.peekIs(Keyword.IGNORING)) {
            tokens.next();
            labels = selectors.labelList();
            if (tokens.peekIs(Keyword.GROUP_LEFT) || tokens.peekIs(Keyword.GROUP_RIGHT)) {
                cardinality = tokens.next().is(Keyword.GROUP_LEFT) ? Cardinality.MANY_TO_ONE : Cardinality.ONE_TO_MANY;
                if (tokens.peekIs(TokenType.LEFT_PAREN) || !startsExpression(tokens.peek())) {
                    include = selectors.labelList();
                }
            }
        }
        Double fillLeft = null;
        Double fillRight = null;
        while (isFill(fillLeft != null, fillRight != null)) {
            Token keyword = tokens.next();
            double value = fillValue();
            fillLeft = keyword.is(Keyword.FILL_RIGHT) ? fillLeft : Double.valueOf(value);
            fillRight = keyword.is(Keyword.FILL_LEFT) ? fillRight : Double.valueOf(value);
        }
        return new VectorMatching(cardinality, on, labels, include, fillLeft, fillRight);
    }

    /** Whether a modifier follows that fills a side which is not filled yet. */
    private boolean isFill(boolean leftFilled, boolean rightFilled) {
        Token token = tokens.peek();
        boolean fills = (token.is(Keyword.FILL) && !leftFilled && !rightFilled)
                || (token.is(Keyword.FILL_LEFT) && !leftFilled)
                || (token.is(Keyword.FILL_RIGHT) && !rightFilled);
        return fills && tokens.peekSecond().is(TokenType.LEFT_PAREN);
    }

    private double fillValue() {
        tokens.expectFit(TokenType.LEFT_PAREN, "\"(\"");
        double value = signedNumber(() -> tokens.unfit("a number"));
        tokens.expectFit(TokenType.RIGHT_PAREN, "\")\"");
        return value;
    }

    private void requireFeature(PromqlFeature feature, PositionRange position, String problem, String expected) {
        if (!features.contains(feature)) {
            throw tokens.error(position, problem, expected);
        }
    }

    private static String enabled(PromqlFeature feature) {
        return "--enable-feature=" + feature.flag();
    }

    /** A number or duration with a sign or without; anything else is refused as the caller says. */
    private double signedNumber(Supplier<PromqlParseException> refusal) {
        Token sign = tokens.peek();
        if (sign.isSign()) {
            tokens.next();
        }
        if (!tokens.peekIs(TokenType.NUMBER) && !tokens.peekIs(TokenType.DURATION)) {
            throw refusal.get();
        }
        double value = tokens.number(tokens.next());
        return sign.is(BinaryOp.SUBTRACT) ? -value : value;
    }

    private Expr unary() {
        Token token = tokens.peek();
        if (!token.isSign()) {
            return postfix(primary());
        }
        tokens.next();
        boolean negative = token.is(BinaryOp.SUBTRACT);
        Expr inner = expression(BinaryOp.POWER.precedence());
        PositionRange position = token.position().to(inner.position());
        if (inner instanceof Expr.NumberLiteral number) {
            return new Expr.NumberLiteral(negative ? -number.value() : number.value(), number.duration(), position);
        }
        return new Expr.Unary(negative, inner, position);
    }

    private Expr primary() {
        Token token = tokens.peek();
        return switch (token.type()) {
            case NUMBER, DURATION -> {
                tokens.next();
                yield new Expr.NumberLiteral(tokens.number(token), token.is(TokenType.DURATION), token.position());
            }
            case STRING -> {
                tokens.next();
                yield new Expr.StringLiteral(token.text(), token.position());
            }
            case LEFT_PAREN -> {
                tokens.next();
                Expr inner = expression(0);
                tokens.expectFit(TokenType.RIGHT_PAREN, BEHIND_EXPRESSION + "\")\"");
                yield new Expr.Paren(inner, token.position().to(tokens.lastPosition()));
            }
            case LEFT_BRACE -> selectors.selector(null);
            case METRIC_IDENTIFIER -> selectors.selector(tokens.next());
            case IDENTIFIER -> callOrSelector();
            case KEYWORD -> keyword(token);
            case AGGREGATION -> aggregationOrSelector();
            case OPERATOR -> {
                if (!token.isMetricName()) {
                    throw tokens.unfit(EXPRESSION);
                }
                yield selectors.selector(tokens.next());
            }
            default -> throw tokens.unfit(EXPRESSION);
        };
    }

    private Expr keyword(Token token) {
        if (token.isMetricName() && token.value() instanceof Keyword keyword) {
            return keyword.isFunction() ? callOrSelector() : selectors.selector(tokens.next());
        }
        throw tokens.unfit(EXPRESSION);
    }

    /** Whether an expression may start with a token. */
    private static boolean startsExpression(Token token) {
        return switch (token.type()) {
            case NUMBER, DURATION, STRING, LEFT_PAREN, LEFT_BRACE -> true;
            default -> token.isMetricName() || token.isSign();
        };
    }

    private Expr callOrSelector() {
        Token name = tokens.next();
        if (!tokens.peekIs(TokenType.LEFT_PAREN)) {
            return selectors.selector(name);
        }
        List<Expr> arguments = arguments();
        Function function = Functions.find(name.text());
        if (function == null) {
            throw tokens.error(
                    name.position(),
                    "unknown function with name \"" + name.text() + "\"",
                    Functions.suggestion(name.text()));
        }
        return new Expr.Call(function, arguments, name.position().to(tokens.lastPosition()));
    }

    /** Arguments in parentheses. */
    private List<Expr> arguments() {
        tokens.next();
        List<Expr> arguments = new ArrayList<>();
        if (tokens.skip(TokenType.RIGHT_PAREN)) {
            return arguments;
        }
        if (tokens.peekIs(TokenType.COMMA)) {
            throw tokens.unfit(EXPRESSION + " or \")\"");
        }
        while (true) {
            arguments.add(expression(0));
            if (tokens.skip(TokenType.RIGHT_PAREN)) {
                return arguments;
            }
            Token comma = tokens.expectFit(TokenType.COMMA, BEHIND_EXPRESSION + "\",\" or \")\"");
            if (!startsExpression(tokens.peek())) {
                throw tokens.error(
                        comma.position(),
                        "trailing commas not allowed in function call args",
                        "an argument behind \",\"");
            }
        }
    }

    private Expr aggregationOrSelector() {
        Token name = tokens.next();
        boolean grouped = tokens.peekIs(Keyword.BY) || tokens.peekIs(Keyword.WITHOUT);
        if (!grouped && !tokens.peekIs(TokenType.LEFT_PAREN)) {
            return selectors.selector(name);
        }
        if (!(name.value() instanceof AggregateOp op)) {
            throw new IllegalStateException("token " + name + " is no aggregation");
        }
        List<String> grouping = List.of();
        boolean without = false;
        if (grouped) {
            without = tokens.next().is(Keyword.WITHOUT);
            grouping = selectors.labelList();
        }
        String outer = tokens.enter("aggregation");
        if (!tokens.peekIs(TokenType.LEFT_PAREN)) {
            throw tokens.unfit("\"(\"");
        }
        List<Expr> arguments = arguments();
        tokens.enter(outer);
        if (!grouped && (tokens.peekIs(Keyword.BY) || tokens.peekIs(Keyword.WITHOUT))) {
            without = tokens.next().is(Keyword.WITHOUT);
            grouping = selectors.labelList();
        }
        return aggregation(op, arguments, grouping, without, name.position().to(tokens.lastPosition()));
    }

    private Expr aggregation(
            AggregateOp op, List<Expr> arguments, List<String> grouping, boolean without, PositionRange position) {
        if (op.isExperimental()) {
            requireFeature(
                    PromqlFeature.EXPERIMENTAL_FUNCTIONS,
                    position,
                    op.text() + "() is experimental and must be enabled with --enable-feature="
                            + PromqlFeature.EXPERIMENTAL_FUNCTIONS.flag(),
                    "");
        }
        if (arguments.isEmpty()) {
            throw tokens.error(
                    position,
                    "no arguments for aggregate expression provided",
                    op.parameterType() == null ? "an instant vector" : "a parameter and an instant vector");
        }
        int expected = op.parameterType() == null ? 1 : 2;
        if (arguments.size() != expected) {
            throw tokens.error(
                    position,
                    "wrong number of arguments for aggregate expression provided, expected " + expected + ", got "
                            + arguments.size(),
                    "");
        }
        Expr parameter = expected == 2 ? arguments.getFirst() : null;
        return new Expr.Aggregation(op, arguments.getLast(), parameter, grouping, without, position);
    }

    private Expr postfix(Expr start) {
        Expr expr = start;
        while (true) {
            Token token = tokens.peek();
            if (token.is(TokenType.LEFT_BRACKET)) {
                expr = rangeOrSubquery(expr);
            } else if (token.is(Keyword.OFFSET)) {
                tokens.next();
                expr = Modifiers.offset(tokens, expr, durations.offset());
            } else if (token.is(TokenType.AT)) {
                tokens.next();
                AtModifier at = at(expr);
                expr = Modifiers.at(tokens, expr, at);
            } else if (token.is(Keyword.ANCHORED) || token.is(Keyword.SMOOTHED)) {
                tokens.next();
                requireFeature(
                        PromqlFeature.EXTENDED_RANGE_SELECTORS,
                        expr.position(),
                        token.text().toLowerCase(Locale.ROOT) + " modifier is experimental and not enabled",
                        enabled(PromqlFeature.EXTENDED_RANGE_SELECTORS));
                expr = Modifiers.range(
                        tokens, expr, token.is(Keyword.ANCHORED) ? RangeModifier.ANCHORED : RangeModifier.SMOOTHED);
            } else {
                return expr;
            }
        }
    }

    private Expr rangeOrSubquery(Expr expr) {
        PositionRange bracket = tokens.next().position();
        DurationExpr range = durations.range();
        if (tokens.skip(TokenType.COLON)) {
            DurationExpr resolution = tokens.peekIs(TokenType.RIGHT_BRACKET) ? null : durations.resolution();
            tokens.expect(TokenType.RIGHT_BRACKET, "subquery selector", "\"]\"");
            return new Expr.Subquery(
                    expr, range, resolution, null, null, expr.position().to(tokens.lastPosition()));
        }
        tokens.expect(TokenType.RIGHT_BRACKET, "subquery or range", "\":\" or \"]\"");
        PositionRange position = expr.position().to(tokens.lastPosition());
        if (!(expr instanceof Expr.VectorSelector selector)) {
            throw tokens.error(
                    bracket,
                    "ranges only allowed for vector selectors",
                    "a selector in front of \"[\", or \":\" behind the range for a subquery");
        }
        if (Modifiers.isSet(selector.offset())) {
            throw tokens.error(bracket, "no offset modifiers allowed before range", "offset behind the range");
        }
        if (selector.at() != null) {
            throw tokens.error(bracket, "no @ modifiers allowed before range", "@ behind the range");
        }
        return new Expr.MatrixSelector(selector, range, position);
    }

    private static String sixDecimals(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(value).setScale(6, RoundingMode.HALF_EVEN).toPlainString()
                : GoFloat.fixed(value);
    }

    private AtModifier at(Expr expr) {
        Token token = tokens.peek();
        if (token.is(Keyword.START) || token.is(Keyword.END)) {
            tokens.next();
            tokens.expect(TokenType.LEFT_PAREN, "@", "timestamp");
            tokens.expect(TokenType.RIGHT_PAREN, "@", "timestamp");
            return token.is(Keyword.START) ? new AtModifier.Start() : new AtModifier.End();
        }
        double seconds = signedNumber(() -> tokens.unexpected("@", "timestamp"));
        if (!(Math.abs(seconds) < Long.MAX_VALUE / 1000.0)) {
            throw tokens.error(
                    expr.position(),
                    "timestamp out of bounds for @ modifier: " + sixDecimals(seconds),
                    "seconds since 1970");
        }
        return new AtModifier.Timestamp(Math.round(seconds * 1000));
    }
}
