// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.read;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.storage.SelectHints;
import java.util.ArrayList;
import java.util.List;

/**
 * What a query asks the storage for. Series leave the server with its external labels, so a matcher that asks for one of
 * these by its value is met by the series that do not have the label themselves.
 *
 * @param startMs the first timestamp, inclusive
 * @param endMs the last timestamp, inclusive
 * @param matchers empty where no series is meant
 */
record Selection(long startMs, long endMs, SelectHints hints, List<LabelMatcher> matchers) {
    private static final int INTERNAL = 500;

    Selection {
        matchers = List.copyOf(matchers);
    }

    static Selection of(ReadRequest.Query query, Labels external) throws RemoteReadException {
        List<LabelMatcher> matchers = new ArrayList<>();
        for (ReadRequest.Matcher matcher : query.matchers()) {
            matchers.add(matcher(matcher, external));
        }
        ReadRequest.Hints hints = query.hints();
        SelectHints select = hints == null
                ? SelectHints.range(query.startMs(), query.endMs())
                : new SelectHints(
                        hints.startMs(), hints.endMs(), hints.stepMs(), hints.rangeMs(), hints.function(), true);
        return new Selection(query.fromMs(), query.toMs(), select, matchers);
    }

    private static LabelMatcher matcher(ReadRequest.Matcher matcher, Labels external) throws RemoteReadException {
        MatchOp op = matcher.op();
        if (op == null) {
            throw new RemoteReadException(INTERNAL, "invalid matcher type");
        }
        String value = matcher.value();
        if (op == MatchOp.EQUAL && !value.isEmpty() && value.equals(external.get(matcher.name()))) {
            return LabelMatcher.equal(matcher.name(), "");
        }
        try {
            return LabelMatcher.of(op, matcher.name(), value);
        } catch (IllegalArgumentException e) {
            throw new RemoteReadException(INTERNAL, String.valueOf(e.getMessage()));
        }
    }

    /** Whether names of series are asked for, without their samples. */
    boolean isOfSeriesAlone() {
        return hints.function().equals("series");
    }
}
