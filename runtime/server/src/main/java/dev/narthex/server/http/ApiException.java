// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import org.jspecify.annotations.Nullable;

/** A request that cannot be answered, in the words that its client is to read. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorType type;

    public ApiException(ErrorType type, String message) {
        this(type, message, null);
    }

    public ApiException(ErrorType type, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.type = type;
    }

    /** A parameter with an unusable value: Prometheus' {@code invalid parameter "time": …}. */
    public static ApiException invalidParameter(String name, String problem) {
        return new ApiException(ErrorType.BAD_DATA, "invalid parameter \"" + name + "\": " + problem);
    }

    public static ApiException badData(String message) {
        return new ApiException(ErrorType.BAD_DATA, message);
    }

    public ErrorType type() {
        return type;
    }

    /** The message; never null, unlike that of other exceptions. */
    public String text() {
        String message = getMessage();
        return message == null ? type.text() : message;
    }
}
