// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a TSDB must have after the steps of a {@link History}: a naive model, which is held against what is read. For one
 * thread.
 */
final class HistoryModel {
    /** A sample that a transaction took. */
    record Taken(Labels labels, long timestampMs, HistoryValue value) {}

    /** A transaction that was committed, or failed and may come to light nevertheless. */
    record Step(List<Taken> taken, boolean certain) {}

    /** What the model looks at. */
    interface Reads {
        /** All samples of a range, by series. */
        Map<String, List<String>> read(long fromMs, long toMs);

        /** Where the blocks of samples in order end. */
        long blocksEndMs();
    }

    private final Reads reads;
    /** How much older than the newest sample one may be that is out of order; 0 for no such samples. */
    private final long lateMs;
    /** What must be there, and what was deleted of it. */
    Map<Labels, TreeMap<Long, HistoryValue>> samples = new TreeMap<>();

    final Map<Labels, TreeSet<Long>> deleted = new TreeMap<>();
    /** From here on everything must be there. */
    long mintMs = Long.MIN_VALUE;

    long maxTimeMs = Long.MIN_VALUE;
    /** Transactions that failed since the last one that did not: one of them may come to light after a crash. */
    final List<List<Taken>> maybe = new ArrayList<>();
    /** Samples of all transactions that failed since the start: a power cut may undo that they were taken back. */
    final List<Taken> failed = new ArrayList<>();
    /** Transactions that were made while the log was replayed. */
    final List<Step> during = new ArrayList<>();
    /** How many of them earlier processes made. */
    int processBegan;
    /** Everything that was ever taken: blocks keep more than they must. */
    final Map<Labels, TreeMap<Long, HistoryValue>> ever = new TreeMap<>();
    /** What was in transactions that were committed, or failed, and not deleted since: values as text by series and time. */
    private final Map<String, TreeMap<Long, Set<String>>> offered = new TreeMap<>();

    HistoryModel(Reads reads, long lateMs) {
        this.reads = reads;
        this.lateMs = lateMs;
    }

    /** The value that failed or open transactions have tried at a time, which may come to light. */
    HistoryValue valueOf(List<Taken> taken, Labels labels, long t, HistoryValue value) {
        for (List<Taken> list : tried(taken)) {
            for (Taken sample : list) {
                if (sample.labels.equals(labels) && sample.timestampMs == t) {
                    return sample.value;
                }
            }
        }
        return value;
    }

    private List<List<Taken>> tried(List<Taken> taken) {
        List<List<Taken>> tried = new ArrayList<>(maybe);
        during.forEach(step -> tried.add(step.taken));
        tried.add(failed);
        tried.add(taken);
        return tried;
    }

    /** The newest time that any sample had so far, or may have had. */
    long newestOfAll(List<Taken> taken) {
        long newest = Long.MIN_VALUE + Duration.ofDays(365).toMillis();
        for (TreeMap<Long, HistoryValue> of : ever.values()) {
            newest = Math.max(newest, of.isEmpty() ? newest : of.lastKey());
        }
        for (List<Taken> list : tried(taken)) {
            for (Taken sample : list) {
                newest = Math.max(newest, sample.timestampMs);
            }
        }
        return newest;
    }

    Map.@Nullable Entry<Long, HistoryValue> last(Labels labels) {
        TreeMap<Long, HistoryValue> of = samples.get(labels);
        return of == null ? null : of.lastEntry();
    }

    void apply(List<Taken> taken) {
        maybe.clear();
        for (Taken sample : taken) {
            Map.Entry<Long, HistoryValue> last = last(sample.labels);
            boolean alreadyThere = last != null
                    && last.getKey() == sample.timestampMs
                    && last.getValue().isSame(sample.value);
            if (lateMs > 0 || last == null || sample.timestampMs > last.getKey()) {
                samples.computeIfAbsent(sample.labels, _ -> new TreeMap<>()).put(sample.timestampMs, sample.value);
                ever.computeIfAbsent(sample.labels, _ -> new TreeMap<>()).put(sample.timestampMs, sample.value);
            }
            if (!alreadyThere) {
                maxTimeMs = Math.max(maxTimeMs, sample.timestampMs);
            }
        }
    }

    /** After a start only what was replayed counts for order and bounds. */
    void forgetOld() {
        maxTimeMs = Long.MIN_VALUE;
        for (TreeMap<Long, HistoryValue> of : samples.values()) {
            of.headMap(mintMs, false).clear();
            if (!of.isEmpty() && of.lastKey() >= reads.blocksEndMs()) {
                maxTimeMs = Math.max(maxTimeMs, of.lastKey());
            }
        }
        samples.values().removeIf(TreeMap::isEmpty);
    }

    /** Finds out which of the failed transactions came to light, and goes on from there. */
    void settle(List<Step> all) {
        if (lateMs > 0) {
            settleLate(all);
            return;
        }
        Map<String, List<String>> found = recent();
        Map<Labels, TreeMap<Long, HistoryValue>> start = copy(samples);
        long uncertain = all.stream().filter(step -> !step.certain).count();
        assertThat(uncertain).isLessThan(16);
        for (int chosen = 1 << uncertain; chosen >= 0; chosen--) { // none of them at last
            samples = copy(start);
            int bit = 1;
            for (Step step : all) {
                if (step.certain || (chosen & bit) != 0) {
                    forgetOld();
                    apply(step.taken);
                }
                bit <<= step.certain ? 0 : 1;
            }
            forgetOld();
            if (found.equals(expectedReads())) {
                return;
            }
        }
    }

    /** With a window the order of transactions does not matter, and one that failed may come to light in parts. */
    private void settleLate(List<Step> all) {
        for (Step step : all) {
            if (step.certain) {
                forgetOld();
                apply(step.taken);
            }
        }
        all.stream().filter(step -> !step.certain).forEach(step -> maybe.add(step.taken));
        forgetOld();
        takeWhatIsFound(recent());
    }

    @SuppressWarnings("NonApiType") // the model needs the order of its maps
    private static Map<Labels, TreeMap<Long, HistoryValue>> copy(Map<Labels, TreeMap<Long, HistoryValue>> samples) {
        Map<Labels, TreeMap<Long, HistoryValue>> copy = new TreeMap<>();
        samples.forEach((labels, of) -> copy.put(labels, new TreeMap<>(of)));
        return copy;
    }

    /** A failed transaction is there as a whole or not at all. */
    void settleMaybe() {
        Map<String, List<String>> found = recent();
        if (lateMs > 0) {
            takeWhatIsFound(found); // a transaction goes to two logs
            return;
        }
        for (List<Taken> failed : List.copyOf(maybe)) {
            if (found.equals(expectedReads())) {
                break;
            }
            Map<Labels, TreeMap<Long, HistoryValue>> without = new TreeMap<>();
            samples.forEach((labels, of) -> without.put(labels, new TreeMap<>(of)));
            apply(failed);
            forgetOld();
            if (!found.equals(expectedReads())) {
                samples = without;
                forgetOld();
            }
        }
        maybe.clear();
    }

    private void takeWhatIsFound(Map<String, List<String>> found) {
        List<Taken> come = new ArrayList<>();
        for (List<Taken> failed : maybe) {
            for (Taken sample : failed) {
                if (found.getOrDefault(sample.labels.toString(), List.of())
                        .contains(sample.timestampMs + "=" + sample.value.text())) {
                    come.add(sample);
                }
            }
        }
        apply(come);
        forgetOld();
    }

    private Map<String, List<String>> expectedReads() {
        Map<String, List<String>> expected = new TreeMap<>();
        samples.forEach((labels, of) -> {
            List<String> texts = new ArrayList<>();
            TreeSet<Long> hidden = deleted.getOrDefault(labels, new TreeSet<>());
            of.tailMap(mintMs, true).forEach((t, v) -> {
                if (hidden.isEmpty() || !hidden.contains(t)) {
                    texts.add(t + "=" + v.text());
                }
            });
            if (!texts.isEmpty()) {
                expected.put(labels.toString(), texts);
            }
        });
        return expected;
    }

    Map<String, List<String>> recent() {
        return reads.read(mintMs, Long.MAX_VALUE);
    }

    /** Holds what is found against what must be there. */
    void assertAgreement(List<String> steps) {
        Map<String, List<String>> found = recent();
        if (mintMs != Long.MIN_VALUE) {
            reads.read(Long.MIN_VALUE, mintMs - 1).forEach((labels, of) -> assertOlder(labels, of, steps));
        }
        Map<String, List<String>> expected = expectedReads();
        expected.forEach((labels, of) -> assertThat(found.getOrDefault(labels, List.of()))
                .as("%s after %s", labels, steps)
                .isEqualTo(of));
        assertThat(found.keySet()).as("after %s", steps).isEqualTo(expected.keySet());
    }

    /**
     * What is older than the retention may be there as long as nobody has come to drop it: but never what was rolled back or
     * deleted, and each time once, in order.
     */
    private void assertOlder(String labels, List<String> found, List<String> steps) {
        TreeMap<Long, Set<String>> taken = offered.getOrDefault(labels, new TreeMap<>());
        long former = Long.MIN_VALUE;
        for (String text : found) {
            long t = Long.parseLong(text.substring(0, text.indexOf('=')));
            assertThat(t).as("%s of %s after %s", text, labels, steps).isGreaterThan(former);
            assertThat(taken.getOrDefault(t, Set.of()))
                    .as("%s at %s after %s", labels, t, steps)
                    .contains(text.substring(text.indexOf('=') + 1));
            former = t;
        }
    }

    /** Notes what a commit was tried with. */
    void offer(List<Taken> taken) {
        for (Taken sample : taken) {
            offered.computeIfAbsent(sample.labels.toString(), _ -> new TreeMap<>())
                    .computeIfAbsent(sample.timestampMs, _ -> new HashSet<>())
                    .add(sample.value.text());
        }
    }

    /** Notes a deletion. */
    void delete(Labels labels, long fromMs, long toMs) {
        TreeMap<Long, HistoryValue> of = samples.get(labels);
        if (of != null) {
            deleted.computeIfAbsent(labels, _ -> new TreeSet<>())
                    .addAll(of.subMap(fromMs, true, toMs, true).keySet());
        }
        offered.getOrDefault(labels.toString(), new TreeMap<>())
                .subMap(fromMs, true, toMs, true)
                .clear();
    }

    /** Goes on from what is left after a power cut, which is part of what was there. */
    @SuppressWarnings("NonApiType") // the model needs the order of its maps
    void takeWhatIsLeft(List<Taken> uncertain, Map<Labels, TreeMap<Long, HistoryValue>> before) {
        Map<String, List<String>> found = recent();
        Map<Labels, TreeMap<Long, HistoryValue>> after = new TreeMap<>();
        for (Taken sample : uncertain) {
            before.computeIfAbsent(sample.labels, _ -> new TreeMap<>()).putIfAbsent(sample.timestampMs, sample.value);
        }
        before.forEach((labels, of) -> of.forEach((t, v) -> {
            if (found.getOrDefault(labels.toString(), List.of()).contains(t + "=" + v.text())) {
                after.computeIfAbsent(labels, _ -> new TreeMap<>()).put(t, v);
                ever.computeIfAbsent(labels, _ -> new TreeMap<>()).put(t, v);
            }
        }));
        samples = after;
        forgetOld();
    }
}
