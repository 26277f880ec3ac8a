// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.ByteSlab;
import dev.narthex.memory.LongRecords;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Exemplar;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.ExemplarQueryable;
import dev.narthex.storage.ExemplarSeries;
import dev.narthex.tsdb.wal.ExemplarRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The newest exemplars of all series, in a ring of slabs: a new one takes the place of the oldest when the ring is full.
 * The exemplars of a series are a chain through it, and ascend: one that is older than the newest of its series, or equal
 * to it, is not taken. The labels of a series are kept with its exemplars, which may outlive it. Safe for use by many
 * threads.
 *
 * <pre>
 * exemplar   0 series entry | 1 timestamp | 2 bits of the value | 3 labels (32 bits), next newer of the series (32 bits)
 * series     0 labels (32 bits), number of exemplars (32 bits) | 1 oldest (32 bits), newest (32 bits) | 2 reference
 * labels     length (4 bytes) | as in {@link LabelBytes}
 * </pre>
 */
final class ExemplarRing implements ExemplarQueryable {
    /** The labels of an exemplar may have so many characters in all. */
    static final int MAX_LABEL_CHARACTERS = 128;

    private final int capacity;
    private final LongRecords exemplars;
    private final LongRecords series;
    private final ByteSlab labels;
    private final LongIntTable entries;
    private final LabelBytes codec = new LabelBytes();
    /** Ring position + 1 of the exemplar that is the next to go, once the ring is full. */
    private int oldest = 1;

    private int size;
    private long appended;
    private long outOfOrder;

    /** @param capacity how many exemplars are kept, 0 for none */
    ExemplarRing(MemoryAccount account, int capacity) {
        this.capacity = capacity;
        exemplars = new LongRecords(account.tag("exemplars"), 4);
        series = new LongRecords(account.tag("exemplars"), 3);
        labels = new ByteSlab(account.tag("exemplars"));
        entries = new LongIntTable(account.tag("exemplars"));
    }

    /** Whether an exemplar would be taken, as Prometheus decides it. */
    synchronized AppendResult check(long ref, Exemplar exemplar) {
        if (capacity == 0) {
            return AppendResult.EXEMPLARS_DISABLED;
        }
        if (characters(exemplar.labels()) > MAX_LABEL_CHARACTERS) {
            return AppendResult.EXEMPLAR_TOO_LONG;
        }
        int entry = entries.get(ref);
        if (entry == 0) {
            return AppendResult.ACCEPTED;
        }
        Exemplar newest = exemplar((int) field(series, entry, 1));
        int order = Long.compare(exemplar.timestampMs(), newest.timestampMs());
        // What is not a number is neither less nor more, as in Prometheus.
        order = order != 0 ? order : exemplar.value() < newest.value() ? -1 : exemplar.value() > newest.value() ? 1 : 0;
        order = order != 0 ? order : exemplar.labels().compareTo(newest.labels());
        if (order == 0) {
            return AppendResult.DUPLICATE_EXEMPLAR;
        }
        return order > 0 ? AppendResult.ACCEPTED : AppendResult.OUT_OF_ORDER_EXEMPLAR;
    }

    private static int characters(Labels labels) {
        int count = 0;
        for (int i = 0; i < labels.size(); i++) {
            String name = labels.name(i);
            String value = labels.value(i);
            count += name.codePointCount(0, name.length()) + value.codePointCount(0, value.length());
        }
        return count;
    }

    /**
     * Adds an exemplar if it is still one to be taken.
     *
     * @param seriesLabels the labels of the series; read only where its first exemplar comes
     */
    synchronized void append(long ref, Supplier<Labels> seriesLabels, Exemplar exemplar) {
        AppendResult result = check(ref, exemplar);
        if (!result.isAccepted()) {
            outOfOrder += result == AppendResult.OUT_OF_ORDER_EXEMPLAR ? 1 : 0;
            return;
        }
        int entry = entries.get(ref);
        if (entry == 0) {
            entry = series.allocate();
            set(series, entry, 0, (long) store(seriesLabels.get()) << 32);
            set(series, entry, 1, 0);
            set(series, entry, 2, ref);
            entries.put(ref, entry);
        }
        // Counted first, so that the entry stays when the one that goes is of the same series.
        set(series, entry, 0, field(series, entry, 0) + 1);
        int place;
        if (size < capacity) {
            place = exemplars.allocate();
            size++;
        } else {
            place = oldest;
            evict(place);
            oldest = oldest == capacity ? 1 : oldest + 1;
        }
        set(exemplars, place, 0, entry);
        set(exemplars, place, 1, exemplar.timestampMs());
        set(exemplars, place, 2, Double.doubleToRawLongBits(exemplar.value()));
        set(exemplars, place, 3, (long) store(exemplar.labels()) << 32);
        long ends = field(series, entry, 1);
        int newest = (int) ends;
        if (newest == 0) {
            set(series, entry, 1, (long) place << 32 | place);
        } else {
            set(exemplars, newest, 3, field(exemplars, newest, 3) | place);
            set(series, entry, 1, (ends & ~0xffffffffL) | place);
        }
        appended++;
    }

    private void evict(int place) {
        int entry = (int) field(exemplars, place, 0);
        long last = field(exemplars, place, 3);
        labels.free((int) (last >>> 32));
        int next = (int) last;
        long count = field(series, entry, 0) - 1;
        set(series, entry, 0, count);
        if ((int) count == 0) {
            labels.free((int) (count >>> 32));
            entries.remove(field(series, entry, 2));
            series.free(entry);
        } else {
            long ends = field(series, entry, 1);
            set(series, entry, 1, next == 0 ? 0 : (long) next << 32 | (ends & 0xffffffffL));
        }
    }

    @Override
    public synchronized List<ExemplarSeries> exemplars(long startMs, long endMs, List<List<LabelMatcher>> selectors) {
        Map<Labels, List<Exemplar>> found = new TreeMap<>();
        for (long ref : entries.keys()) {
            int entry = entries.get(ref);
            List<Exemplar> inRange = new ArrayList<>();
            for (int at = (int) (field(series, entry, 1) >>> 32); at != 0; at = (int) field(exemplars, at, 3)) {
                long timestampMs = field(exemplars, at, 1);
                if (timestampMs >= startMs && timestampMs <= endMs) {
                    inRange.add(exemplar(at));
                }
            }
            if (inRange.isEmpty()) {
                continue;
            }
            Labels of = load((int) (field(series, entry, 0) >>> 32));
            if (selectors.stream().anyMatch(selector -> matches(selector, of))) {
                found.computeIfAbsent(of, _ -> new ArrayList<>()).addAll(inRange);
            }
        }
        List<ExemplarSeries> all = new ArrayList<>(found.size());
        found.forEach((of, list) -> {
            list.sort((one, other) -> Long.compare(one.timestampMs(), other.timestampMs()));
            all.add(new ExemplarSeries(of, list));
        });
        return all;
    }

    private static boolean matches(List<LabelMatcher> selector, Labels of) {
        for (LabelMatcher matcher : selector) {
            if (!matcher.matches(of.getOrEmpty(matcher.name()))) {
                return false;
            }
        }
        return true;
    }

    /** Hands out all exemplars, the oldest first. */
    synchronized void inOrder(ExemplarRecords.Exemplars taker) {
        for (int i = 0; i < size; i++) {
            int place = (size < capacity ? i : (oldest - 1 + i) % capacity) + 1;
            taker.exemplar(field(series, (int) field(exemplars, place, 0), 2), exemplar(place));
        }
    }

    synchronized ExemplarStats stats() {
        long oldestTimestampMs = size == 0 ? Long.MIN_VALUE : field(exemplars, size < capacity ? 1 : oldest, 1);
        return new ExemplarStats(size, capacity, entries.size(), appended, outOfOrder, oldestTimestampMs);
    }

    synchronized void clear() {
        exemplars.clear();
        series.clear();
        labels.clear();
        entries.clear();
        size = 0;
        oldest = 1;
    }

    private Exemplar exemplar(int at) {
        return new Exemplar(
                load((int) (field(exemplars, at, 3) >>> 32)),
                Double.longBitsToDouble(field(exemplars, at, 2)),
                field(exemplars, at, 1));
    }

    private int store(Labels set) {
        codec.set(set);
        int length = codec.length();
        int ref = labels.allocate(4 + length);
        byte[] page = labels.page(ref);
        int at = labels.offset(ref);
        page[at] = (byte) (length >>> 24);
        page[at + 1] = (byte) (length >>> 16);
        page[at + 2] = (byte) (length >>> 8);
        page[at + 3] = (byte) length;
        codec.copy(page, at + 4);
        return ref;
    }

    private Labels load(int ref) {
        byte[] page = labels.page(ref);
        int at = labels.offset(ref);
        int length = (page[at] & 0xff) << 24
                | (page[at + 1] & 0xff) << 16
                | (page[at + 2] & 0xff) << 8
                | (page[at + 3] & 0xff);
        codec.wrap(page, at + 4, at + 4 + length);
        return codec.toLabels();
    }

    private static long field(LongRecords records, int record, int field) {
        return records.page(record)[records.offset(record) + field];
    }

    private static void set(LongRecords records, int record, int field, long value) {
        records.page(record)[records.offset(record) + field] = value;
    }
}
