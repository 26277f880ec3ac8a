// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import dev.narthex.model.QuotedString;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a query into tokens, one at a time. What a character means depends on where it stands: within braces words are
 * label names and never keywords, within brackets only durations and their arithmetic may stand.
 */
final class Lexer {
    private static final String IN_BRACES = "a label, a matching operator, a string, \",\" or \"}\"";
    private static final String IN_BRACKETS =
            "a duration such as 5m, step(), range(), min_of(), max_of(), an arithmetic operator, \":\" or \"]\"";
    static final String NUMBER_OR_DURATION = "a number such as 1, 0.5, 2e3, 0x1f or 1_000, or a duration such as 1h30m,"
            + " with each of y, w, d, h, m, s, ms once, in this order";
    private static final String ESCAPE =
            "one of \\a \\b \\f \\n \\r \\t \\v \\\\, the quote, \\ooo, \\xhh, \\uhhhh, \\Uhhhhhhhh";

    private static final Map<String, Object> WORDS = words();

    private final String query;
    private int at;
    private int parenDepth;
    private boolean inBraces;
    private boolean inBrackets;
    private boolean durationSeen;
    private boolean colonSeen;

    Lexer(String query) {
        this.query = query;
    }

    private static Map<String, Object> words() {
        Map<String, Object> words = new HashMap<>();
        for (Keyword keyword : Keyword.values()) {
            words.put(keyword.text(), keyword);
        }
        for (AggregateOp op : AggregateOp.values()) {
            words.put(op.text(), op);
        }
        for (BinaryOp op : new BinaryOp[] {BinaryOp.AND, BinaryOp.OR, BinaryOp.UNLESS, BinaryOp.ATAN2}) {
            words.put(op.symbol(), op);
        }
        words.put("inf", Double.POSITIVE_INFINITY);
        words.put("nan", Double.NaN);
        return Map.copyOf(words);
    }

    /** Whether a word stands for a number, so that a label of this name has to be quoted among those of a grouping. */
    static boolean isNumber(String word) {
        return WORDS.get(word.toLowerCase(Locale.ROOT)) instanceof Double;
    }

    Token next() {
        skipSpaceAndComments();
        if (at == query.length()) {
            return endOfInput();
        }
        char c = query.charAt(at);
        if (inBrackets) {
            return insideBrackets(c);
        }
        if (c == '"' || c == '\'' || c == '`') {
            return string(c);
        }
        if (inBraces) {
            return insideBraces(c);
        }
        return outside(c);
    }

    private Token endOfInput() {
        if (inBraces) {
            throw error(at, "unexpected end of input inside braces", "\"}\"");
        }
        if (inBrackets && !durationSeen) {
            throw error(at, "unexpected end of input in duration expression", IN_BRACKETS);
        }
        if (parenDepth > 0) {
            throw error(at, "unclosed left parenthesis", "\")\"");
        }
        if (inBrackets) {
            throw error(at, "unclosed left bracket", "\"]\"");
        }
        return token(TokenType.END_OF_INPUT, at, null);
    }

    private void skipSpaceAndComments() {
        while (at < query.length()) {
            char c = query.charAt(at);
            if (c == '#') {
                if (inBrackets && !durationSeen) {
                    // As Prometheus, which takes comments behind the first number or duration only.
                    throw error(
                            at, "unexpected character in duration expression: " + describeCharacterAt(at), IN_BRACKETS);
                }
                int lineEnd = query.indexOf('\n', at);
                at = lineEnd < 0 ? query.length() : lineEnd;
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                at++;
            } else {
                return;
            }
        }
    }

    private Token insideBraces(char c) {
        return switch (c) {
            case ',' -> token(TokenType.COMMA, at + 1, null);
            case '}' -> {
                inBraces = false;
                yield token(TokenType.RIGHT_BRACE, at + 1, null);
            }
            case '{' -> throw error(at, "unexpected left brace '{'", IN_BRACES);
            case '=' ->
                charAt(at + 1) == '~'
                        ? token(TokenType.MATCH_REGEX, at + 2, null)
                        : token(TokenType.ASSIGN, at + 1, null);
            case '!' ->
                switch (charAt(at + 1)) {
                    case '~' -> token(TokenType.MATCH_NOT_REGEX, at + 2, null);
                    case '=' -> token(TokenType.OPERATOR, at + 2, BinaryOp.NOT_EQUAL);
                    default ->
                        throw error(
                                at,
                                "unexpected character after '!' inside braces: " + describeCharacterAt(at + 1),
                                "\"!=\" or \"!~\"");
                };
            default -> {
                if (!isWordStart(c)) {
                    throw error(at, "unexpected character inside braces: " + describeCharacterAt(at), IN_BRACES);
                }
                yield token(TokenType.IDENTIFIER, endOfWord(false), null);
            }
        };
    }

    private Token insideBrackets(char c) {
        if (isDigit(c) || (c == '.' && isDigit(charAt(at + 1)))) {
            durationSeen = true;
            return numberOrDuration();
        }
        return switch (c) {
            case ']' -> {
                inBrackets = false;
                yield token(TokenType.RIGHT_BRACKET, at + 1, null);
            }
            case ':' -> {
                // As Prometheus: of [range():5m] it says so too, [range() + 0s:5m] it takes.
                if (!durationSeen) {
                    throw error(at + 1, "unexpected colon before duration in duration expression", "a duration");
                }
                if (colonSeen) {
                    throw error(at, "unexpected colon ':'", "\"]\"");
                }
                colonSeen = true;
                yield token(TokenType.COLON, at + 1, null);
            }
            case '+', '-', '*', '/', '%', '^', '(', ')', ',' -> outside(c);
            default -> durationSeen ? behindDuration(c) : durationWord(c);
        };
    }

    /** Behind the first number or duration in brackets, what does not fit is mostly a token. */
    private Token behindDuration(char c) {
        return switch (c) {
            case '[' -> throw error(at, "unexpected left bracket '['", "an operator, \":\" or \"]\"");
            case '"', '\'', '`' -> string(c);
            default -> isWordStart(c) ? durationWord(c) : outside(c);
        };
    }

    private Token durationWord(char c) {
        if (isWordStart(c)) {
            int start = at;
            Token word = word(endOfWord(false));
            if (word.value() instanceof Keyword keyword && keyword.isOfDurations()) {
                return word;
            }
            at = start;
        }
        throw error(
                at,
                durationSeen
                        ? "unexpected character: " + describeCharacterAt(at) + ", expected ':'"
                        : "unexpected character in duration expression: " + describeCharacterAt(at),
                IN_BRACKETS);
    }

    private Token outside(char c) {
        return switch (c) {
            case ',' -> token(TokenType.COMMA, at + 1, null);
            case '@' -> token(TokenType.AT, at + 1, null);
            case '+' -> token(TokenType.OPERATOR, at + 1, BinaryOp.ADD);
            case '-' -> token(TokenType.OPERATOR, at + 1, BinaryOp.SUBTRACT);
            case '*' -> token(TokenType.OPERATOR, at + 1, BinaryOp.MULTIPLY);
            case '/' -> token(TokenType.OPERATOR, at + 1, BinaryOp.DIVIDE);
            case '%' -> token(TokenType.OPERATOR, at + 1, BinaryOp.MODULO);
            case '^' -> token(TokenType.OPERATOR, at + 1, BinaryOp.POWER);
            case '<' ->
                switch (charAt(at + 1)) {
                    case '=' -> token(TokenType.OPERATOR, at + 2, BinaryOp.LESS_OR_EQUAL);
                    case '/' -> token(TokenType.OPERATOR, at + 2, BinaryOp.TRIM_UPPER);
                    default -> token(TokenType.OPERATOR, at + 1, BinaryOp.LESS);
                };
            case '>' ->
                switch (charAt(at + 1)) {
                    case '=' -> token(TokenType.OPERATOR, at + 2, BinaryOp.GREATER_OR_EQUAL);
                    case '/' -> token(TokenType.OPERATOR, at + 2, BinaryOp.TRIM_LOWER);
                    default -> token(TokenType.OPERATOR, at + 1, BinaryOp.GREATER);
                };
            case '=' ->
                switch (charAt(at + 1)) {
                    case '=' -> token(TokenType.OPERATOR, at + 2, BinaryOp.EQUAL);
                    case '~' ->
                        throw error(at, "unexpected character after '=': '~'", "\"==\", or \"=~\" inside braces");
                    default -> token(TokenType.ASSIGN, at + 1, null);
                };
            case '!' -> {
                if (charAt(at + 1) != '=') {
                    throw error(at, "unexpected character after '!': " + describeCharacterAt(at + 1), "\"!=\"");
                }
                yield token(TokenType.OPERATOR, at + 2, BinaryOp.NOT_EQUAL);
            }
            case '(' -> {
                parenDepth++;
                yield token(TokenType.LEFT_PAREN, at + 1, null);
            }
            case ')' -> {
                parenDepth--;
                if (parenDepth < 0) {
                    throw error(at + 1, "unexpected right parenthesis ')'", "a \"(\" before it");
                }
                yield token(TokenType.RIGHT_PAREN, at + 1, null);
            }
            case '{' -> {
                inBraces = true;
                yield token(TokenType.LEFT_BRACE, at + 1, null);
            }
            case '[' -> {
                inBrackets = true;
                durationSeen = false;
                colonSeen = false;
                yield token(TokenType.LEFT_BRACKET, at + 1, null);
            }
            case ']' -> throw error(at, "unexpected right bracket ']'", "a \"[\" before it");
            default -> wordOrNumber(c);
        };
    }

    private Token wordOrNumber(char c) {
        if (isDigit(c) || (c == '.' && isDigit(charAt(at + 1)))) {
            return numberOrDuration();
        }
        if (isWordStart(c) || c == ':') {
            return word(endOfWord(true));
        }
        throw error(
                at, "unexpected character: " + describeCharacterAt(at), "a name, a number, a string or an operator");
    }

    private Token word(int end) {
        String text = query.substring(at, end);
        if (text.indexOf(':') >= 0) {
            return token(TokenType.METRIC_IDENTIFIER, end, null);
        }
        Object meaning = WORDS.get(text.toLowerCase(Locale.ROOT));
        return switch (meaning) {
            case null -> token(TokenType.IDENTIFIER, end, null);
            case Keyword keyword -> token(TokenType.KEYWORD, end, keyword);
            case AggregateOp op -> token(TokenType.AGGREGATION, end, op);
            case BinaryOp op -> token(TokenType.OPERATOR, end, op);
            default -> token(TokenType.NUMBER, end, meaning);
        };
    }

    private Token numberOrDuration() {
        int end = NumberSyntax.endOfNumber(query, at);
        if (end > 0) {
            return token(TokenType.NUMBER, end, null);
        }
        end = NumberSyntax.endOfDuration(query, at);
        if (end > 0) {
            return token(TokenType.DURATION, end, null);
        }
        throw error(
                at,
                "bad number or duration syntax: "
                        + QuotedString.of(query.substring(at, NumberSyntax.endOfMalformed(query, at))),
                NUMBER_OR_DURATION);
    }

    private Token string(char quote) {
        int start = at;
        int end = start + 1;
        while (charAt(end) != quote || end >= query.length()) {
            if (end >= query.length() || (query.charAt(end) == '\n' && quote != '`')) {
                throw error(
                        start,
                        quote == '`' ? "unterminated raw string" : "unterminated quoted string",
                        "a closing " + quote + (quote == '`' ? "" : " on the same line"));
            }
            if (query.charAt(end) == '\\' && quote != '`') {
                end++;
                if (end >= query.length()) {
                    throw error(start, "escape sequence not terminated", ESCAPE);
                }
            }
            end++;
        }
        end++;
        try {
            String value = StringUnquoter.unquote(query, start, end);
            at = end;
            return new Token(TokenType.STRING, value, null, new PositionRange(start, end));
        } catch (StringUnquoter.BadEscapeException e) {
            throw error(start, String.valueOf(e.getMessage()), ESCAPE);
        }
    }

    private Token token(TokenType type, int end, @Nullable Object value) {
        Token token = new Token(type, query.substring(at, end), value, new PositionRange(at, end));
        at = end;
        return token;
    }

    private int endOfWord(boolean colons) {
        int end = at;
        while (end < query.length()
                && (NumberSyntax.isWord(query.charAt(end)) || (colons && query.charAt(end) == ':'))) {
            end++;
        }
        return end;
    }

    /** The character at an index, 0 behind the end. */
    private char charAt(int index) {
        return index < query.length() ? query.charAt(index) : 0;
    }

    private String describeCharacterAt(int index) {
        return index < query.length() ? character(query.codePointAt(index)) : "end of input";
    }

    private static String character(int codePoint) {
        String text = Character.toString(codePoint);
        if (text.equals("'") || text.equals("\"")) {
            return text.equals("'") ? "'\\''" : "'\"'";
        }
        String quoted = QuotedString.of(text);
        return "'" + quoted.substring(1, quoted.length() - 1) + "'";
    }

    private PromqlParseException error(int position, String problem, String expected) {
        return new PromqlParseException(query, new PositionRange(position, Math.max(position, at)), problem, expected);
    }

    private static boolean isWordStart(char c) {
        return NumberSyntax.isWord(c) && !isDigit(c);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
