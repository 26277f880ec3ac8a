// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.model.LabelMatcher;
import dev.narthex.storage.ReadCanceledException;
import dev.narthex.storage.ReferenceSort;
import dev.narthex.tsdb.match.ValueCondition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the series of a block that meet matchers: first the offsets of all postings that are needed, then those of what
 * series must have, the shortest first, at last those of what they must not have. For one thread.
 */
final class PostingsSelector {
    private static final int[] NONE = {};
    /** How often to look whether anybody still waits. */
    private static final int CHECK_MASK = 1023;

    /** The same where there is but a step in a list to be taken. */
    private static final int POSTINGS_MASK = (1 << 16) - 1;

    private final IndexReader index;
    private final PageReader in;

    PostingsSelector(IndexReader index, PageReader in) {
        this.index = index;
        this.in = in;
    }

    /** The lists of one matcher, of which a series is in one at the most. */
    @SuppressWarnings("ArrayRecordComponent") // it is never compared
    private record Lists(long[] offsets, long values) {}

    /** The series that meet all matchers, in the order of the index, which is that of their labels. */
    int[] select(List<LabelMatcher> matchers) throws IOException {
        List<Lists> wanted = new ArrayList<>();
        List<Lists> unwanted = new ArrayList<>();
        for (LabelMatcher matcher : matchers) {
            ValueCondition condition = ValueCondition.of(matcher);
            if (condition.isAlways()) {
                continue;
            }
            if (matcher.matchesEmpty()) {
                Lists lists = lists(condition, false);
                if (lists.offsets.length > 0) {
                    unwanted.add(lists);
                }
            } else {
                Lists lists = lists(condition, true);
                if (lists.offsets.length == 0) {
                    return NONE;
                }
                wanted.add(lists);
            }
        }
        int[] found;
        if (wanted.isEmpty()) {
            found = index.allPostings(in);
        } else {
            wanted.sort(Comparator.comparingLong(Lists::values));
            found = union(wanted.getFirst());
            for (int i = 1; i < wanted.size() && found.length > 0; i++) {
                found = intersect(found, union(wanted.get(i)));
            }
        }
        for (int i = 0; i < unwanted.size() && found.length > 0; i++) {
            found = without(found, union(unwanted.get(i)));
        }
        return found;
    }

    /** The postings of the values that meet a condition, or of those that do not. */
    private Lists lists(ValueCondition condition, boolean meeting) throws IOException {
        PostingsOffsets table = index.postingsOffsets();
        String name = condition.matcher().name();
        Set<Long> offsets = new LinkedHashSet<>();
        List<String> literals = condition.literals();
        if (meeting && literals != null) {
            for (String literal : literals) {
                long offset = table.find(in, name, literal);
                if (offset >= 0) {
                    offsets.add(offset);
                }
            }
        } else {
            int[] looked = new int[1];
            table.values(in, name, (value, offset) -> {
                if ((++looked[0] & CHECK_MASK) == 0) {
                    ReadCanceledException.throwIfInterrupted();
                }
                if (condition.matches(value) == meeting) {
                    offsets.add(offset);
                }
            });
        }
        return new Lists(
                offsets.stream().mapToLong(Long::longValue).toArray(),
                offsets.size() == 1 ? length(offsets.iterator().next()) : Integer.MAX_VALUE + (long) offsets.size());
    }

    private long length(long offset) throws IOException {
        return in.at(offset, 4).be32();
    }

    private int[] union(Lists lists) throws IOException {
        if (lists.offsets.length == 1) {
            return index.postings(in, lists.offsets[0]);
        }
        int[] all = NONE;
        int end = 0;
        for (int i = 0; i < lists.offsets.length; i++) {
            if ((i & CHECK_MASK) == 0) {
                ReadCanceledException.throwIfInterrupted();
            }
            int[] more = index.postings(in, lists.offsets[i]);
            if (end + more.length > all.length) {
                all = Arrays.copyOf(all, Math.max(end + more.length, 2 * all.length));
            }
            System.arraycopy(more, 0, all, end, more.length);
            end += more.length;
        }
        ReferenceSort.sort(all, end);
        return end == all.length ? all : Arrays.copyOf(all, end);
    }

    static int[] intersect(int[] left, int[] right) {
        boolean leftIsShort = left.length <= right.length;
        int[] kept = leftIsShort ? left : right;
        int[] other = leftIsShort ? right : left;
        int end = 0;
        int at = 0;
        for (int i = 0; i < kept.length; i++) {
            look(i);
            int ref = kept[i];
            at = seek(other, at, ref);
            if (at == other.length) {
                break;
            }
            if (other[at] == ref) {
                kept[end++] = ref;
            }
        }
        return Arrays.copyOf(kept, end);
    }

    static int[] without(int[] left, int[] right) {
        int end = 0;
        int at = 0;
        for (int i = 0; i < left.length; i++) {
            look(i);
            int ref = left[i];
            at = seek(right, at, ref);
            if (at == right.length || right[at] != ref) {
                left[end++] = ref;
            }
        }
        return Arrays.copyOf(left, end);
    }

    private static void look(int done) {
        if ((done & POSTINGS_MASK) == 0) {
            ReadCanceledException.throwIfInterrupted();
        }
    }

    /** The place of the first entry that is not less, by steps that double. */
    private static int seek(int[] sorted, int from, int wanted) {
        int step = 1;
        int low = from;
        int high = from;
        while (high < sorted.length && sorted[high] < wanted) {
            low = high + 1;
            high += step;
            step *= 2;
        }
        int found = Arrays.binarySearch(sorted, low, Math.min(high, sorted.length), wanted);
        return found >= 0 ? found : -found - 1;
    }
}
