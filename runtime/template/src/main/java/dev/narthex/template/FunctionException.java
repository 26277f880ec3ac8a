// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

/** A template function cannot do its work; the evaluator adds the position. */
public final class FunctionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FunctionException(String message) {
        super(message, null, false, false);
    }
}
