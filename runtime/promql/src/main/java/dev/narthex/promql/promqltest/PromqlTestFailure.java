// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

/** An evaluation of a test file did not give what the file expects; the message says what it gave. */
public final class PromqlTestFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PromqlTestFailure(String message) {
        super(message);
    }

    PromqlTestFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
