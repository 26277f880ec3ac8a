// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function that templates can call. Its body gets arguments that fit the parameters.
 *
 * @param parameters what it takes
 * @param rest what it takes behind those, any number of times; null for nothing
 * @param body what it does
 */
public record TemplateFunction(
        List<Parameter> parameters, @Nullable Parameter rest, Body body) {
    public TemplateFunction {
        parameters = List.copyOf(parameters);
    }

    /** What a function does. */
    @FunctionalInterface
    public interface Body {
        /**
         * Computes the value.
         *
         * @throws FunctionException when it cannot
         */
        @Nullable
        Object call(List<@Nullable Object> arguments);
    }

    /** A function with a fixed number of parameters. */
    static TemplateFunction of(Body body, Parameter... parameters) {
        return new TemplateFunction(List.of(parameters), null, body);
    }

    /** A function that takes any number of arguments of one kind behind the first ones. */
    static TemplateFunction variadic(Body body, Parameter rest, Parameter... parameters) {
        return new TemplateFunction(List.of(parameters), rest, body);
    }

    Parameter parameter(int index) {
        if (index < parameters.size()) {
            return parameters.get(index);
        }
        if (rest == null) {
            throw new IndexOutOfBoundsException(index);
        }
        return rest;
    }
}
