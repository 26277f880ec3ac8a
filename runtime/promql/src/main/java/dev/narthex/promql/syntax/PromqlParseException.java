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
    private final String words;

    /** @param expected what would have been right, empty where the problem says so itself */
    PromqlParseException(String query, PositionRange position, String problem, String expected) {
        this(position, position.lineAndColumn(query), position.lineAndColumn(query), problem, expected);
    }

    private PromqlParseException(
            PositionRange position, String place, String placeInWords, String problem, String expected) {
        super(place + ": parse error: " + problem + (expected.isEmpty() ? "" : "; expected " + expected));
        this.position = position;
        this.problem = problem;
        this.words = placeInWords + ": parse error: " + problem;
    }

    static PromqlParseException withoutPosition(String problem, String expected) {
        return new PromqlParseException(new PositionRange(0, 0), "1:1", "unknown position", problem, expected);
    }

    /** Where the problem is. */
    public PositionRange position() {
        return position;
    }

    /** What the problem is, without the place. */
    public String problem() {
        return problem;
    }

    /** The message as Prometheus words it, which mostly does not say what was expected. */
    public String words() {
        return words;
    }
}
