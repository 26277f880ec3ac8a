// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

/** The kinds of tokens, with what a message calls them where that is not made of the token's text. */
enum TokenType {
    END_OF_INPUT("end of input"),
    IDENTIFIER("identifier"),
    METRIC_IDENTIFIER("metric identifier"),
    STRING("string"),
    NUMBER("number"),
    DURATION("duration"),
    AGGREGATION("aggr"),
    OPERATOR("op"),
    KEYWORD("keyword"),
    LEFT_PAREN("\"(\""),
    RIGHT_PAREN("\")\""),
    LEFT_BRACE("\"{\""),
    RIGHT_BRACE("\"}\""),
    LEFT_BRACKET("\"[\""),
    RIGHT_BRACKET("\"]\""),
    COMMA("\",\""),
    COLON("\":\""),
    ASSIGN("\"=\""),
    MATCH_REGEX("<op:=~>"),
    MATCH_NOT_REGEX("<op:!~>"),
    AT("<op:@>");

    private final String description;

    TokenType(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }
}
