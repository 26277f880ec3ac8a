// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.promqltest;

import dev.narthex.model.Labels;
import dev.narthex.model.PromDuration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of start timestamps, {@code name{label="value"}@st items}: it stands in front of the line of the series and has
 * one item for each of its values. An item is the distance of a start from the timestamp of its sample: {@code 0}, or a
 * duration of one unit with or without a sign, such as {@code -30s}; {@code _} says that no start is known. {@code axn},
 * {@code a+bxn}, {@code a-bxn} and {@code _xn} repeat as they do for values. Prometheus does not document this; the syntax
 * was found by trying what promtool 3.15 takes.
 *
 * @param labels the series
 * @param offsetsMs the distances in milliseconds, null where no start is known
 */
record StartNotation(Labels labels, List<@Nullable Long> offsetsMs) {
    static final String SUFFIX = "@st";

    private static final String DURATION = "[-+]?(?:0|\\d+(?:ms|[smhdwy]))";
    private static final Pattern BLANKS = Pattern.compile("_(?:x(\\d+))?");
    private static final Pattern ITEM = Pattern.compile("(" + DURATION + ")(?:(?:([-+])(" + DURATION + "))?x(\\d+))?");

    /**
     * Reads the items.
     *
     * @throws IllegalArgumentException when one is none; the message says which
     */
    static StartNotation parse(Labels labels, String items) {
        List<@Nullable Long> offsets = new ArrayList<>();
        for (String item : items.strip().split("\\s+", -1)) {
            if (!item.isEmpty()) {
                add(item, offsets);
            }
        }
        return new StartNotation(labels, offsets);
    }

    private static void add(String item, List<@Nullable Long> offsets) {
        Matcher blanks = BLANKS.matcher(item);
        Matcher matcher = ITEM.matcher(item);
        if (blanks.matches()) {
            for (int i = count(item, blanks.group(1), 1); i > 0; i--) {
                offsets.add(null);
            }
        } else if (matcher.matches()) {
            long offsetMs = millis(matcher.group(1));
            String step = matcher.group(3);
            long stepMs = step == null ? 0 : ("-".equals(matcher.group(2)) ? -millis(step) : millis(step));
            for (int i = count(item, matcher.group(4), 0); i >= 0; i--) {
                offsets.add(offsetMs);
                offsetMs += stepMs;
            }
        } else {
            throw new IllegalArgumentException(
                    "start timestamp " + item
                            + " is none; expected a duration of one unit such as -30s, 0 or _, with x and a count to repeat it");
        }
    }

    private static int count(String item, @Nullable String text, int otherwise) {
        if (text == null) {
            return otherwise;
        }
        int count = Integer.parseInt(text);
        if (count == 0) {
            throw new IllegalArgumentException(
                    "start timestamp " + item + " is repeated no times; expected a count of 1 or more");
        }
        return count;
    }

    private static long millis(String text) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String duration = signed ? text.substring(1) : text;
        long millis = duration.equals("0") ? 0 : PromDuration.parse(duration);
        return text.startsWith("-") ? -millis : millis;
    }

    /**
     * Gives the starts to the series that they belong to.
     *
     * @throws IllegalArgumentException when it is not the same series, or has another number of values
     */
    SeriesNotation startsOf(SeriesNotation series) {
        if (!series.labels().equals(labels)) {
            throw new IllegalArgumentException("start timestamps of " + labels + " stand in front of " + series.labels()
                    + "; expected the same series");
        }
        if (series.values().size() != offsetsMs.size()) {
            throw new IllegalArgumentException("there are " + offsetsMs.size() + " start timestamps and "
                    + series.values().size() + " values; expected one for each");
        }
        Map<Integer, Long> offsets = new HashMap<>();
        for (int i = 0; i < offsetsMs.size(); i++) {
            Long offset = offsetsMs.get(i);
            if (offset != null) {
                offsets.put(i, offset);
            }
        }
        return new SeriesNotation(labels, series.values(), offsets);
    }
}
