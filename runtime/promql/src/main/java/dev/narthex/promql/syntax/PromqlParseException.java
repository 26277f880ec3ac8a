// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

/**
 * A query is not valid PromQL. The message has the form that Prometheus shows: {@code 1:7: parse error: unexpected end
 * of input}, with the line and the column where the problem is.
 */
public final class PromqlParseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient PositionRange position;
    private final String problem;

    PromqlParseException(String query, PositionRange position, String problem) {
        super(position.lineAndColumn(query) + ": parse error: " + problem);
        this.position = position;
        this.problem = problem;
    }

    private PromqlParseException(PositionRange position, String message, String problem) {
        super(message);
        this.position = position;
        this.problem = problem;
    }

    static PromqlParseException withoutPosition(String problem) {
        return new PromqlParseException(new PositionRange(0, 0), "unknown position: parse error: " + problem, problem);
    }

    /** Where the problem is. */
    public PositionRange position() {
        return position;
    }

    /** What the problem is, without the place. */
    public String problem() {
        return problem;
    }
}
