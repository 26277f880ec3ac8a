// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import java.util.List;

/**
 * The signature of a function.
 *
 * @param name the name as it is called
 * @param argumentTypes the types of its arguments; the last one stands for all further ones
 * @param minArguments how many arguments it needs
 * @param maxArguments how many it takes, {@link Integer#MAX_VALUE} for any number
 * @param returnType what it gives
 * @param experimental whether it needs {@link PromqlFeature#EXPERIMENTAL_FUNCTIONS}
 */
public record Function(
        String name,
        List<ValueType> argumentTypes,
        int minArguments,
        int maxArguments,
        ValueType returnType,
        boolean experimental) {
    public Function {
        argumentTypes = List.copyOf(argumentTypes);
    }

    /** The type that the argument at a position must have. */
    public ValueType argumentType(int index) {
        return argumentTypes.get(Math.min(index, argumentTypes.size() - 1));
    }
}
