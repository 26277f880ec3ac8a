// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.model.LabelMatcher;
import dev.narthex.storage.ReadCanceledException;
import dev.narthex.storage.ReferenceSort;
import dev.narthex.tsdb.match.ValueCondition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the series that meet matchers.
 *
 * <p>The matcher with the fewest series gives the candidates. Another one is checked either by its own postings, where
 * they are not much longer than the candidates, or by the candidates' labels, where each value is looked at once. So a
 * selection costs what its rarest matcher has, whatever the others have. For one thread, which is entered in
 * {@link Readers}.
 */
final class SeriesSelector {
    private static final int[] NO_RECORDS = {};
    /** Decoding a posting is this much cheaper than looking into the labels of a series. */
    private static final int LABEL_LOOK_COST = 16;

    /** How often to look whether anybody still waits: an expression may take a microsecond for each value. */
    private static final int CHECK_MASK = 1023;

    /** The same where there is but a step in a list to be taken. */
    private static final int POSTINGS_MASK = (1 << 16) - 1;

    private final HeadIndex index;

    private final SelectionMemory memory;
    /** What is not needed when the records are found. */
    private long taken;

    /** @param memory what the lists are counted in, and the records that are found stay */
    SeriesSelector(HeadIndex index, SelectionMemory memory) {
        this.index = index;
        this.memory = memory;
    }

    /** The records of the series that meet all matchers, in the order of references. */
    int[] select(List<LabelMatcher> matchers) {
        List<Condition> conditions = new ArrayList<>(matchers.size());
        for (LabelMatcher matcher : matchers) {
            Condition condition = condition(matcher);
            if (condition.impossible) {
                return NO_RECORDS;
            }
            if (!condition.always) {
                conditions.add(condition);
            }
        }
        Condition base = base(conditions);
        long[] candidates = base == null ? refs(new int[] {LabelPairs.ALL}) : refs(pairsOf(base));
        int count = candidates.length;
        for (Condition condition : conditions) {
            if (condition != base && condition.byPostings(count)) {
                count = intersect(candidates, count, refs(pairsOf(condition)));
                condition.done = true;
            }
        }
        memory.take((long) Integer.BYTES * count);
        int[] records = new int[count];
        int found = 0;
        for (int i = 0; i < count; i++) {
            int record = index.refs.record(candidates[i]);
            if ((i & CHECK_MASK) == 0) {
                ReadCanceledException.throwIfInterrupted();
            }
            if (record != 0 && meets(record, conditions, base)) {
                records[found++] = record;
            }
        }
        memory.giveBack(taken);
        return found == count ? records : Arrays.copyOf(records, found);
    }

    private boolean meets(int record, List<Condition> conditions, @Nullable Condition base) {
        int labelSet = 0;
        for (Condition condition : conditions) {
            if (condition != base && !condition.done) {
                labelSet = labelSet == 0 ? index.labelSet(record) : labelSet;
                if (!condition.meets(pairOf(labelSet, condition.name))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The pair that a label set has for a name, 0 for none. */
    private int pairOf(int labelSet, int name) {
        int count = index.labelSets.size(labelSet);
        for (int i = 0; i < count; i++) {
            int pair = index.labelSets.pair(labelSet, i);
            if (index.pairs.name(pair) == name) {
                return pair;
            }
        }
        return 0;
    }

    private Condition condition(LabelMatcher matcher) {
        Condition condition = new Condition(matcher, index.nameSymbol(matcher.name()));
        boolean matchesEmpty = matcher.matchesEmpty();
        if (condition.name == 0) {
            condition.impossible = !matchesEmpty;
            condition.always = matchesEmpty;
            return condition;
        }
        condition.always = condition.value.isAlways();
        if (matchesEmpty) {
            return condition;
        }
        condition.positive = true;
        List<String> literals = condition.value.literals();
        if (literals != null) {
            int[] pairs = new int[literals.size()];
            int count = 0;
            for (String literal : literals) {
                int pair = index.pair(condition.name, literal);
                if (pair != 0) {
                    pairs[count++] = pair;
                }
            }
            condition.setPairs(
                    Arrays.stream(pairs, 0, count).sorted().distinct().toArray());
            condition.impossible = count == 0;
        }
        return condition;
    }

    /** The condition with the fewest series; null where none says what a series must have. */
    private @Nullable Condition base(List<Condition> conditions) {
        Condition best = null;
        for (Condition condition : conditions) {
            if (condition.pairs != null && (best == null || condition.series < best.series)) {
                best = condition;
            }
        }
        for (Condition condition : conditions) {
            // To list the pairs of an expression, each value of the name is looked at: only where that is less work.
            boolean open = condition.positive && condition.pairs == null;
            if (open && (best == null || index.valuesOf(condition.name) < best.series)) {
                pairsOf(condition);
                if (best == null || condition.series < best.series) {
                    best = condition;
                }
            }
        }
        return best;
    }

    private int[] pairsOf(Condition condition) {
        int[] known = condition.pairs;
        if (known != null) {
            return known;
        }
        take((long) Integer.BYTES * index.valuesOf(condition.name));
        int[] pairs = new int[16];
        int count = 0;
        int looked = 0;
        for (int pair = index.firstPairOf(condition.name); pair != 0; pair = index.pairs.next(pair)) {
            if ((++looked & CHECK_MASK) == 0) {
                ReadCanceledException.throwIfInterrupted();
            }
            if (condition.matches(pair)) {
                if (count == pairs.length) {
                    pairs = Arrays.copyOf(pairs, 2 * count);
                }
                pairs[count++] = pair;
            }
        }
        int[] found = Arrays.copyOf(pairs, count);
        condition.setPairs(found);
        return found;
    }

    private void take(long bytes) {
        memory.take(bytes);
        taken += bytes;
    }

    /** The series of several pairs of one name, in order. A series has one value of a name, so none comes twice. */
    private long[] refs(int[] pairs) {
        long total = 0;
        for (int pair : pairs) {
            total += index.pairs.count(pair);
        }
        take((pairs.length > 1 ? 2L : 1L) * Long.BYTES * total); // sorted with the help of another list
        long[] refs = new long[Math.toIntExact(total)];
        int end = 0;
        for (int i = 0; i < pairs.length; i++) {
            if ((i & CHECK_MASK) == 0) {
                ReadCanceledException.throwIfInterrupted();
            }
            end = index.pairs.copyRefs(pairs[i], refs, end, refs.length - end);
        }
        if (end < refs.length) {
            refs = Arrays.copyOf(refs, end);
        }
        if (pairs.length > 1) {
            ReferenceSort.sort(refs, refs.length);
        }
        return refs;
    }

    /** Keeps of the first list what is in the second one, too. */
    private static int intersect(long[] kept, int count, long[] other) {
        int end = 0;
        int at = 0;
        for (int i = 0; i < count; i++) {
            if ((i & POSTINGS_MASK) == 0) {
                ReadCanceledException.throwIfInterrupted();
            }
            while (at < other.length && other[at] < kept[i]) {
                at++;
            }
            if (at < other.length && other[at] == kept[i]) {
                kept[end++] = kept[i];
            }
        }
        return end;
    }

    /** A matcher with what is known of it. */
    private final class Condition {
        private final ValueCondition value;
        private final int name;
        private boolean impossible;
        private boolean always;
        /** A series without the label does not meet it. */
        private boolean positive;

        private boolean done;
        private int @Nullable [] pairs;
        private long series;
        private final PairVerdicts verdicts = new PairVerdicts();

        Condition(LabelMatcher matcher, int name) {
            this.value = ValueCondition.of(matcher);
            this.name = name;
        }

        void setPairs(int[] found) {
            pairs = found;
            series = 0;
            for (int pair : found) {
                series += index.pairs.count(pair);
            }
        }

        boolean byPostings(int candidates) {
            return pairs != null && series < (long) LABEL_LOOK_COST * candidates;
        }

        /** Whether a series with this pair for the name (0 for none) meets the matcher. */
        boolean meets(int pair) {
            if (pair == 0) {
                return !positive;
            }
            int[] known = pairs;
            if (known != null && known.length == 1) {
                return pair == known[0];
            }
            return verdicts.of(pair, this::matches);
        }

        boolean matches(int pair) {
            return value.matches(index.symbols.string(index.pairs.value(pair)));
        }
    }
}
