// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import org.jspecify.annotations.Nullable;

/** The tokens of a query with two of them to look ahead, and the messages about those that do not fit. */
final class TokenReader {
    private final String query;
    private final Lexer lexer;
    private @Nullable Token first;
    private @Nullable Token second;
    private PositionRange last = new PositionRange(0, 0);
    private String context = "";

    TokenReader(String query) {
        this.query = query;
        this.lexer = new Lexer(query);
    }

    String query() {
        return query;
    }

    Token peek() {
        Token token = first;
        if (token == null) {
            token = lexer.next();
            first = token;
        }
        return token;
    }

    /** The token behind the next one. */
    Token peekSecond() {
        peek();
        Token token = second;
        if (token == null) {
            token = lexer.next();
            second = token;
        }
        return token;
    }

    Token next() {
        Token token = peek();
        first = second;
        second = null;
        last = token.position();
        return token;
    }

    /**
     * Says where what follows stands.
     *
     * @param inner what messages call it, empty for nowhere in particular
     * @return what was said before
     */
    String enter(String inner) {
        String outer = context;
        context = inner;
        return outer;
    }

    /** The value of a number or duration that was read. */
    double number(Token token) {
        try {
            return token.number();
        } catch (NumberSyntax.BadNumberException e) {
            throw error(token.position(), String.valueOf(e.getMessage()), Lexer.NUMBER_OR_DURATION);
        }
    }

    /** Where the token that was read last stands. */
    PositionRange lastPosition() {
        return last;
    }

    boolean peekIs(TokenType type) {
        return peek().is(type);
    }

    boolean peekIs(Keyword keyword) {
        return peek().is(keyword);
    }

    /** Reads the next token if it is of a type. */
    boolean skip(TokenType type) {
        if (peek().is(type)) {
            next();
            return true;
        }
        return false;
    }

    boolean skip(Keyword keyword) {
        if (peek().is(keyword)) {
            next();
            return true;
        }
        return false;
    }

    /** Reads the next token, which must be of a type. */
    Token expectFit(TokenType type, String wanted) {
        if (!peek().is(type)) {
            throw unfit(wanted);
        }
        return next();
    }

    /** As {@link #expectFit}, where Prometheus says what it expected. */
    Token expect(TokenType type, String place, String expected) {
        if (!peek().is(type)) {
            throw unexpected(place, expected);
        }
        return next();
    }

    /**
     * The next token does not fit.
     *
     * @param place where it stands, empty for nowhere in particular
     * @param expected what would fit, empty where that is not known
     */
    PromqlParseException unexpected(String place, String expected) {
        return unexpected(place, expected, "");
    }

    /**
     * The next token does not fit, of which Prometheus does not say what would.
     *
     * @param wanted what would fit
     */
    PromqlParseException unfit(String wanted) {
        return unexpected(context, "", wanted);
    }

    /**
     * The next token does not fit.
     *
     * @param place where it stands, empty for nowhere in particular
     * @param expected what Prometheus says would fit, empty where it says nothing
     * @param wanted what would fit, empty where that is what Prometheus says
     */
    PromqlParseException unexpected(String place, String expected, String wanted) {
        Token token = peek();
        StringBuilder problem = new StringBuilder("unexpected ").append(token.description(query));
        if (!place.isEmpty()) {
            problem.append(" in ").append(place);
        }
        if (!expected.isEmpty()) {
            problem.append(", expected ").append(expected);
        }
        return error(token.position(), problem.toString(), wanted);
    }

    /** @param expected what would have been right, empty where the problem says so itself */
    PromqlParseException error(PositionRange position, String problem, String expected) {
        return new PromqlParseException(query, position, problem, expected);
    }
}
