// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

/** What an expression evaluates to, with the name each type has in messages and in the HTTP API. */
public enum ValueType {
    SCALAR("scalar", "scalar"),
    INSTANT_VECTOR("instant vector", "vector"),
    RANGE_VECTOR("range vector", "matrix"),
    STRING("string", "string");

    private final String text;
    private final String apiName;

    ValueType(String text, String apiName) {
        this.text = text;
        this.apiName = apiName;
    }

    /** The name in messages for people. */
    public String text() {
        return text;
    }

    /** The name in answers of the HTTP API. */
    public String apiName() {
        return apiName;
    }
}
