// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.value;

/** A query could not be answered; the message is for the person who asked it. */
public final class QueryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a query was not answered. */
    public enum Kind {
        /** The query is not valid PromQL, or of a type that the request does not take. */
        BAD_QUERY,
        /** The query met data that it cannot work with, or a limit. */
        EXECUTION,
        /** The query took too long. */
        TIMEOUT,
        /** The thread that evaluated the query was interrupted. */
        CANCELED
    }

    private final Kind kind;

    public QueryException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public QueryException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** An error of the kind {@link Kind#EXECUTION}. */
    public static QueryException execution(String message) {
        return new QueryException(Kind.EXECUTION, message);
    }
}
