// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import org.jspecify.annotations.Nullable;

/** What a function takes at one place; {@link #ANY} leaves it to the function. */
public enum Parameter {
    ANY("interface {}", "interface"),
    STRING("string", "string"),
    VECTOR("template.queryResult", ""),
    SAMPLE("*template.sample", "");

    private final String goType;
    private final String constant;

    Parameter(String goType, String constant) {
        this.goType = goType;
        this.constant = constant;
    }

    String goType() {
        return goType;
    }

    /** What messages call a constant that could be given, empty where none could. */
    String constant() {
        return constant;
    }

    boolean takes(@Nullable Object value) {
        return switch (this) {
            case ANY -> true;
            case STRING -> value instanceof String;
            case VECTOR, SAMPLE ->
                value instanceof GoValue other && other.goType().equals(goType);
        };
    }
}
