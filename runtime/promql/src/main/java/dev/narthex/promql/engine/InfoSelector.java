// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which info series {@code info} takes, and which of their labels. Without a condition on the name they are those of
 * {@code target_info}; with nothing but names that are not wanted, all others that end in {@code _info}. Where there are
 * conditions on other labels, only these labels are added, and a series without any such info series is left out.
 */
final class InfoSelector {
    private static final int MAX_VALUES = 1024;

    private final List<LabelMatcher> names = new ArrayList<>();
    private final List<LabelMatcher> data = new ArrayList<>();
    private final Set<String> wanted = new HashSet<>();

    InfoSelector(List<LabelMatcher> matchers) {
        for (LabelMatcher matcher : matchers) {
            if (matcher.name().equals(Labels.METRIC_NAME)) {
                names.add(matcher);
            } else {
                data.add(matcher);
                wanted.add(matcher.name());
            }
        }
        boolean named =
                names.stream().anyMatch(matcher -> matcher.op() == MatchOp.EQUAL || matcher.op() == MatchOp.REGEX);
        if (names.isEmpty()) {
            names.add(LabelMatcher.equal(Labels.METRIC_NAME, "target_info"));
        } else if (!named) {
            names.add(LabelMatcher.of(MatchOp.REGEX, Labels.METRIC_NAME, ".+_info"));
        }
    }

    List<LabelMatcher> matchers() {
        List<LabelMatcher> all = new ArrayList<>(names);
        all.addAll(data);
        return all;
    }

    /**
     * A condition that a label has one of some values; none where there are so many that the expression would cost more
     * than the series that it leaves out.
     */
    static Optional<LabelMatcher> oneOf(String label, Set<String> values) {
        if (values.size() == 1) {
            return Optional.of(LabelMatcher.equal(label, values.iterator().next()));
        }
        if (values.size() > MAX_VALUES) {
            return Optional.empty();
        }
        StringBuilder pattern = new StringBuilder();
        for (String value : values) {
            pattern.append(pattern.isEmpty() ? "" : "|");
            for (int i = 0; i < value.length(); i++) {
                char letter = value.charAt(i);
                pattern.append("\\.+*?()|[]{}^$".indexOf(letter) >= 0 ? "\\" : "")
                        .append(letter);
            }
        }
        // An empty value among the others is an empty alternative.
        String prefix = values.contains("") ? "|" : "";
        return Optional.of(LabelMatcher.of(MatchOp.REGEX, label, prefix + pattern));
    }

    /** Whether a series is itself an info series of the kind that is taken: then nothing is added to it. */
    boolean isInfo(Labels series) {
        for (LabelMatcher matcher : names) {
            if (!matcher.matches(series.metricName())) {
                return false;
            }
        }
        return true;
    }

    /** Whether a series stays for which there is no info series. */
    boolean matchesNone() {
        return data.stream().allMatch(LabelMatcher::matchesEmpty);
    }

    /** The labels of a series with what its info series add. */
    Labels add(Labels series, List<Labels> infos) {
        return InfoOperator.merge(series, infos, label -> wanted.isEmpty() || wanted.contains(label));
    }
}
