// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.model.QuotedString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads selectors in braces and lists of labels. */
final class SelectorParser {
    private static final String MATCHING = "label matching";
    private static final String GROUPING = "grouping opts";

    private final TokenReader tokens;

    SelectorParser(TokenReader tokens) {
        this.tokens = tokens;
    }

    /**
     * A selector; its name, if any, has been read.
     *
     * @param name the token of the metric name, null where there is none
     */
    Expr.VectorSelector selector(@Nullable Token name) {
        PositionRange start = name == null ? tokens.peek().position() : name.position();
        List<LabelMatcher> matchers = new ArrayList<>();
        if (tokens.peekIs(TokenType.LEFT_BRACE)) {
            braces(matchers);
        }
        PositionRange position = start.to(tokens.lastPosition());
        String metric = name == null ? "" : name.text();
        if (name != null) {
            matchers.add(LabelMatcher.equal(Labels.METRIC_NAME, metric));
        }
        return new Expr.VectorSelector(metric, matchers, null, null, RangeModifier.NONE, position);
    }

    private void braces(List<LabelMatcher> matchers) {
        tokens.next();
        while (!tokens.skip(TokenType.RIGHT_BRACE)) {
            matchers.add(matcher());
            if (!tokens.peekIs(TokenType.RIGHT_BRACE)) {
                tokens.expect(TokenType.COMMA, MATCHING, "\",\" or \"}\"");
            }
        }
    }

    private LabelMatcher matcher() {
        Token name = tokens.peek();
        if (!name.is(TokenType.IDENTIFIER) && !name.is(TokenType.STRING)) {
            throw tokens.unexpected(MATCHING, "identifier or \"}\"");
        }
        tokens.next();
        if (name.is(TokenType.STRING) && (tokens.peekIs(TokenType.COMMA) || tokens.peekIs(TokenType.RIGHT_BRACE))) {
            return LabelMatcher.equal(Labels.METRIC_NAME, name.text());
        }
        MatchOp op = matchOp(name);
        tokens.next();
        Token value = tokens.expect(TokenType.STRING, MATCHING, "string");
        try {
            return LabelMatcher.of(op, name.text(), value.text());
        } catch (IllegalArgumentException e) {
            throw tokens.error(
                    name.position().to(value.position()),
                    String.valueOf(e.getMessage()),
                    op == MatchOp.REGEX || op == MatchOp.NOT_REGEX
                            ? "a regular expression of RE2 syntax"
                            : "a label name that is not empty");
        }
    }

    private MatchOp matchOp(Token name) {
        Token token = tokens.peek();
        if (token.is(BinaryOp.NOT_EQUAL)) {
            return MatchOp.NOT_EQUAL;
        }
        return switch (token.type()) {
            case ASSIGN -> MatchOp.EQUAL;
            case MATCH_REGEX -> MatchOp.REGEX;
            case MATCH_NOT_REGEX -> MatchOp.NOT_REGEX;
            case END_OF_INPUT,
                    IDENTIFIER,
                    METRIC_IDENTIFIER,
                    STRING,
                    NUMBER,
                    DURATION,
                    AGGREGATION,
                    OPERATOR,
                    KEYWORD,
                    LEFT_PAREN,
                    RIGHT_PAREN,
                    LEFT_BRACE,
                    RIGHT_BRACE,
                    LEFT_BRACKET,
                    RIGHT_BRACKET,
                    COMMA,
                    COLON,
                    AT ->
                throw name.is(TokenType.STRING)
                        ? tokens.unexpected(MATCHING, "\",\" or \"}\"")
                        : tokens.unexpected(MATCHING, "label matching operator");
        };
    }

    /** Label names in parentheses; a comma may stand behind the last. */
    List<String> labelList() {
        tokens.expect(TokenType.LEFT_PAREN, GROUPING, "\"(\"");
        List<String> labels = new ArrayList<>();
        while (!tokens.skip(TokenType.RIGHT_PAREN)) {
            labels.add(label());
            if (!tokens.peekIs(TokenType.RIGHT_PAREN)) {
                tokens.expect(TokenType.COMMA, GROUPING, "\",\" or \")\"");
            }
        }
        return labels;
    }

    private String label() {
        Token token = tokens.peek();
        boolean word = token.is(TokenType.IDENTIFIER)
                || token.is(TokenType.METRIC_IDENTIFIER)
                || token.is(TokenType.KEYWORD)
                || token.is(TokenType.AGGREGATION)
                || (token.is(TokenType.OPERATOR)
                        && Character.isLetter(token.text().charAt(0)));
        if (!word && !token.is(TokenType.STRING)) {
            throw tokens.unexpected(GROUPING, "label");
        }
        tokens.next();
        if (!LabelNames.isValidUtf8(token.text())) {
            throw tokens.error(
                    token.position(),
                    "invalid label name for grouping: " + QuotedString.of(token.text()),
                    "a label name that is not empty");
        }
        return token.text();
    }
}
