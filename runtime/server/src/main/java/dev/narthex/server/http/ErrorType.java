// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

/** The kinds of failure of the HTTP API (Prometheus documentation, "HTTP API", format overview), with their status. */
public enum ErrorType {
    BAD_DATA("bad_data", 400),
    NOT_FOUND("not_found", 404),
    NOT_ACCEPTABLE("not_acceptable", 406),
    EXECUTION("execution", 422),
    /** The client went away; 499 is what Prometheus and nginx log for it. */
    CANCELED("canceled", 499),
    INTERNAL("internal", 500),
    TIMEOUT("timeout", 503),
    UNAVAILABLE("unavailable", 503);

    private final String text;
    private final int status;

    ErrorType(String text, int status) {
        this.text = text;
        this.status = status;
    }

    /** The value of {@code errorType} in an answer. */
    public String text() {
        return text;
    }

    /** The HTTP status code. */
    public int status() {
        return status;
    }
}
