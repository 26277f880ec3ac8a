// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.snapshot;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a snapshot's directory, which tells where in the log it was made.
 *
 * @param segment the number of the segment of the log
 * @param offset bytes of that segment that the snapshot stands for, as it does for all segments before
 */
record SnapshotName(int segment, long offset) implements Comparable<SnapshotName> {
    private static final Pattern FORM = Pattern.compile("chunk_snapshot\\.(\\d{1,9})\\.(\\d{1,18})");

    /** Reads a name; null where it is none of a whole snapshot. */
    static @Nullable SnapshotName parse(String name) {
        Matcher matcher = FORM.matcher(name);
        return matcher.matches()
                ? new SnapshotName(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)))
                : null;
    }

    @Override
    public int compareTo(SnapshotName other) {
        int bySegment = Integer.compare(segment, other.segment);
        return bySegment != 0 ? bySegment : Long.compare(offset, other.offset);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "chunk_snapshot.%06d.%010d", segment, offset);
    }
}
