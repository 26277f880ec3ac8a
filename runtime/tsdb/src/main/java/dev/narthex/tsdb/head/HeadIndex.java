// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.LongRecords;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.storage.SeriesLimitException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.locks.StampedLock;

/**
 * Which series there are, and how to find them: by labels, by reference, by label pair.
 *
 * <p>Look-ups of single entries take the lock for reading, changes for writing; both are short. Lists (postings, the
 * values of a name) are read without it by those who are entered in {@link Readers}.
 */
final class HeadIndex {
    /** What a new series may cost: it is refused where this much is not left below the memory limit. */
    static final int NEW_SERIES_BYTES = 1024;

    private static final int PAIR_KIND = 1;
    private static final int BLOCK_KIND = 2;
    private static final int SYMBOL_KIND = 3;
    private static final int NAME_KIND = 4;
    private static final int SERIES_KIND = 5;
    private static final int LABELS_KIND = 6;

    /** So many series get their postings before others may use the index. */
    private static final int POSTINGS_SERIES = 1 << 12;

    final StampedLock lock = new StampedLock();
    final Symbols symbols;
    final LabelPairs pairs;
    final SeriesRefs refs;
    private final LabelNames names;
    private final FormerLabels former = new FormerLabels();
    private final LongRecords series;
    final LabelSets labelSets;
    private final IdTable seriesTable;
    private final DeferredFrees frees;
    private final MemoryAccount account;
    /** References that a replayed log has for series which have another one, too. */
    private long[] aliases = {};

    private int aliasCount;
    private long lastRef;
    /** Where a replay began to give references to new series, and the last one that it brought back. */
    private long reservedRef;

    private long lastRestoredRef;
    /** References that series got during a replay before their older ones came back, which are names of them now. */
    private int newNames;
    /** Whether nothing on disk has those. */
    private boolean newNamesForgotten;

    private boolean postingsDeferred;

    HeadIndex(MemoryAccount account, Readers readers, LongRecords series) {
        this.account = account;
        this.series = series;
        MemoryAccount.Tag tag = account.tag("series");
        symbols = new Symbols(account.tag("symbols"));
        pairs = new LabelPairs(account.tag("label pairs"), account.tag("postings"));
        refs = new SeriesRefs(tag);
        names = new LabelNames(account.tag("label pairs"), pairs);
        labelSets = new LabelSets(account.tag("labels"), symbols, pairs);
        seriesTable = new IdTable(tag);
        frees = new DeferredFrees(readers, account.tag("deferred frees"), this::free);
    }

    /** The record of the series with these labels, 0 where there is none. */
    int find(LabelBytes labels, int hash) {
        long stamp = lock.readLock();
        try {
            return findLocked(labels, hash);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /**
     * The record of the series with these labels, which is made where there is none.
     *
     * @throws SeriesLimitException when it would be new and there is no memory for it
     */
    int findOrCreate(LabelBytes labels) {
        int hash = labels.hash();
        int found = find(labels, hash);
        if (found != 0) {
            return found;
        }
        long stamp = lock.writeLock();
        try {
            found = findLocked(labels, hash);
            return found != 0 ? found : create(labels, hash, lastRef + 1);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /**
     * Brings a series back with the reference it had. Where its labels have a series already, the greater one of the two
     * references becomes another name of it: a transaction that came before the log may have made it, and what is on disk
     * is to go on under one reference. Memory limits do not count: what was there before is taken.
     *
     * @return the record, or 0 when the reference stands for other labels already
     */
    int restore(LabelBytes labels, long ref) {
        int hash = labels.hash();
        long stamp = lock.writeLock();
        try {
            int found = findLocked(labels, hash);
            lastRestoredRef = Math.max(lastRestoredRef, ref);
            int known = refs.record(ref);
            if (known != 0) {
                return known == found ? found : 0;
            }
            if (found == 0) {
                return createUnchecked(labels, hash, ref);
            }
            refs.put(ref, found);
            long alias = ref;
            long name = refOf(found);
            if (ref < name) {
                SeriesFlags.rename(series.page(found), series.offset(found) + SeriesLayout.REF, ref);
                alias = name;
                newNames++;
            }
            if (aliasCount == aliases.length) {
                aliases = Arrays.copyOf(aliases, Math.max(16, 2 * aliasCount));
            }
            aliases[aliasCount++] = alias;
            lastRef = Math.max(lastRef, ref);
            return found;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** Keeps references up to this one from being given to new series: something on disk may still name them. */
    void reserveRefs(long ref) {
        long stamp = lock.writeLock();
        try {
            lastRef = Math.max(lastRef, ref);
            reservedRef = lastRef;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /**
     * Gives reserved references free that nothing has turned out to use, unless new series stand behind them.
     *
     * @param greatestRef something on disk may name references up to this one
     * @return the last reference that is not free
     */
    long settleRefs(long greatestRef) {
        long stamp = lock.writeLock();
        try {
            lastRestoredRef = Math.max(lastRestoredRef, greatestRef);
            if (lastRef == reservedRef) {
                lastRef = lastRestoredRef;
            }
            lastRef = Math.max(lastRef, lastRestoredRef);
            return lastRef;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    private int create(LabelBytes labels, int hash, long ref) {
        if (!account.hasRoom(NEW_SERIES_BYTES)) {
            throw new SeriesLimitException("head: no memory for another series, found " + account.bytes() + " of "
                    + account.limitBytes() + " bytes in use by " + refs.size()
                    + " series; raise the memory limit or scrape less");
        }
        return createUnchecked(labels, hash, ref);
    }

    private int createUnchecked(LabelBytes labels, int hash, long ref) {
        int count = labels.count();
        int record = series.allocate();
        int labelSet = labelSets.allocate(count);
        for (int i = 0; i < count; i++) {
            int pair = usePair(labels, i);
            labelSets.setPair(labelSet, i, pair);
            if (!postingsDeferred) {
                pairs.add(pair, ref);
            }
        }
        if (!postingsDeferred) {
            pairs.add(LabelPairs.ALL, ref);
        }
        former.replace(labels, labelSets.page(labelSet), labelSets.pairsOffset(labelSet));
        long[] fields = series.page(record);
        int base = series.offset(record);
        fields[base + SeriesLayout.REF] = ref;
        fields[base + SeriesLayout.LAST_T] = SeriesLayout.NO_TIME;
        fields[base + SeriesLayout.BEFORE_T] = SeriesLayout.NO_TIME;
        fields[base + SeriesLayout.OLDEST_T] = Long.MAX_VALUE;
        fields[base + SeriesLayout.LABELS] = (long) labelSet << 32 | (hash & 0xffffffffL);
        seriesTable.add(record, hash);
        refs.put(ref, record);
        lastRef = Math.max(lastRef, ref);
        return record;
    }

    private int usePair(LabelBytes labels, int label) {
        int known = former.pair(labels, label);
        if (known != 0) {
            return known;
        }
        byte[] bytes = labels.bytes();
        int nameOffset = labels.nameOffset(label);
        int nameLength = labels.nameLength(label);
        int nameHash = LabelBytes.hash(bytes, nameOffset, nameLength);
        int name = symbols.find(bytes, nameOffset, nameLength, nameHash);
        int valueOffset = labels.valueOffset(label);
        int valueLength = labels.valueLength(label);
        int valueHash = LabelBytes.hash(bytes, valueOffset, valueLength);
        int value = symbols.find(bytes, valueOffset, valueLength, valueHash);
        if (name != 0 && value != 0) {
            int pair = pairs.find(name, value);
            if (pair != 0) {
                return pair;
            }
        }
        if (name == 0) {
            name = symbols.create(bytes, nameOffset, nameLength, nameHash);
            // A value that is equal to its name is the same symbol.
            value = value == 0 ? symbols.find(bytes, valueOffset, valueLength, valueHash) : value;
        }
        if (value == 0) {
            value = symbols.create(bytes, valueOffset, valueLength, valueHash);
        }
        symbols.use(name);
        symbols.use(value);
        int pair = pairs.create(name, value);
        names.link(pair, name);
        return pair;
    }

    private int findLocked(LabelBytes labels, int hash) {
        int place = seriesTable.next(seriesTable.place(hash), hash);
        for (; ; place = seriesTable.next(seriesTable.after(place), hash)) {
            int record = seriesTable.at(place);
            if (record == 0 || labelSets.equal(labelSet(record), labels)) {
                return record;
            }
        }
    }

    /** The symbol of a label name, 0 where no series has it. */
    int nameSymbol(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        long stamp = lock.readLock();
        try {
            int symbol = symbols.find(bytes);
            return names.find(symbol) != 0 ? symbol : 0;
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** The pair of a name's symbol and a value, 0 where no series has it. */
    int pair(int name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        long stamp = lock.readLock();
        try {
            int symbol = symbols.find(bytes);
            return symbol == 0 ? 0 : pairs.find(name, symbol);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** The first of a name's pairs; go on with {@link LabelPairs#next}. */
    int firstPairOf(int name) {
        long stamp = lock.readLock();
        try {
            return names.firstPair(name);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** How many values a name has. */
    int valuesOf(int name) {
        long stamp = lock.readLock();
        try {
            return names.pairs(name);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** The symbols of all label names. */
    int[] nameSymbols() {
        long stamp = lock.readLock();
        try {
            return names.symbols();
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** What a series has of {@link #labelSets}. */
    int labelSet(int record) {
        return (int) (series.page(record)[series.offset(record) + SeriesLayout.LABELS] >>> 32);
    }

    /** The labels of a series as strings. */
    Labels labels(int record) {
        return labelSets.labels(labelSet(record));
    }

    /** The bytes of a series' labels, as {@link LabelBytes} has them. */
    int labelsBytes(int record) {
        return labelSets.bytes(labelSet(record));
    }

    /** Copies a series' labels in the form of {@link LabelBytes}; where they end. */
    int copyLabels(int record, byte[] into, int offset) {
        return labelSets.copy(labelSet(record), into, offset);
    }

    int seriesCount() {
        long stamp = lock.readLock();
        try {
            return seriesTable.size();
        } finally {
            lock.unlockRead(stamp);
        }
    }

    int labelPairCount() {
        long stamp = lock.readLock();
        try {
            return pairs.size();
        } finally {
            lock.unlockRead(stamp);
        }
    }

    int symbolCount() {
        long stamp = lock.readLock();
        try {
            return symbols.size();
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** From now on new series get no postings, until {@link #buildPostings}: for a replay, in which nobody queries. */
    void deferPostings() {
        postingsDeferred = true;
    }

    /**
     * Makes the postings of all series, in the order of references. New series may come meanwhile, with references greater
     * than all others.
     */
    void buildPostings() {
        long[] entries = entries();
        int built = 0;
        while (true) {
            long stamp = lock.writeLock();
            try {
                int end = Math.min(entries.length, built + POSTINGS_SERIES);
                for (; built < end; built++) {
                    addPostings(entries[built]);
                }
                if (built == entries.length && entries.length == refs.size()) {
                    postingsDeferred = false;
                    return;
                }
            } finally {
                lock.unlockWrite(stamp);
            }
            if (built == entries.length) {
                entries = entries(); // those that came meanwhile stand at its end
            }
        }
    }

    private void addPostings(long entry) {
        int record = SeriesRefs.recordOf(entry);
        long ref = SeriesRefs.refOf(entry);
        if (refOf(record) != ref) {
            return; // another name of the series
        }
        int labelSet = labelSet(record);
        int count = labelSets.size(labelSet);
        for (int i = 0; i < count; i++) {
            pairs.add(labelSets.pair(labelSet, i), ref);
        }
        pairs.add(LabelPairs.ALL, ref);
    }

    /** All series references, other names included, with their records, in order; see {@link SeriesRefs}. */
    long[] entries() {
        long stamp = lock.readLock();
        try {
            long[] all = refs.sortedEntries();
            return newNamesForgotten && newNames > 0
                    ? Arrays.stream(all).filter(this::isOnDisk).toArray()
                    : all;
        } finally {
            lock.unlockRead(stamp);
        }
    }

    private boolean isOnDisk(long entry) {
        long ref = SeriesRefs.refOf(entry);
        return ref <= reservedRef || refOf(SeriesRefs.recordOf(entry)) == ref;
    }

    /** Whether series have names that a replay has taken from them. */
    boolean hasNewNames() {
        long stamp = lock.readLock();
        try {
            return newNames > 0;
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Says that nothing on disk has such names; transactions may still use them. */
    void forgetNewNames() {
        long stamp = lock.writeLock();
        try {
            newNamesForgotten = true;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /**
     * Takes series out of the index; their references become 0. Records and labels are freed when no reader holds them.
     *
     * @param records the series, whose samples are gone already
     */
    void remove(int[] records, int count) {
        long stamp = lock.writeLock();
        try {
            removeAliases(records, count);
            former.clear();
            long[] gone = new long[count];
            int[] touched = new int[64];
            int touchedCount = 0;
            for (int i = 0; i < count; i++) {
                int record = records[i];
                gone[i] = refOf(record);
                series.page(record)[series.offset(record) + SeriesLayout.REF] = 0;
                seriesTable.remove(record, labelsHash(record));
                refs.remove(gone[i]);
                int labelSet = labelSet(record);
                int labels = labelSets.size(labelSet);
                if (touchedCount + labels > touched.length) {
                    touched = Arrays.copyOf(touched, Math.max(touchedCount + labels, 2 * touchedCount));
                }
                for (int label = 0; label < labels; label++) {
                    touched[touchedCount++] = labelSets.pair(labelSet, label);
                }
                frees.add(LABELS_KIND, labelSet);
                frees.add(SERIES_KIND, record);
            }
            Arrays.sort(gone);
            Arrays.sort(touched, 0, touchedCount);
            removePostings(LabelPairs.ALL, gone);
            for (int i = 0; i < touchedCount; i++) {
                if (i == 0 || touched[i] != touched[i - 1]) {
                    removePostings(touched[i], gone);
                }
            }
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** Forgets the other names of series that were removed. */
    private void removeAliases(int[] records, int count) {
        if (aliasCount == 0) {
            return;
        }
        int[] sorted = Arrays.copyOf(records, count);
        Arrays.sort(sorted);
        int kept = 0;
        for (int i = 0; i < aliasCount; i++) {
            long ref = aliases[i];
            if (Arrays.binarySearch(sorted, refs.record(ref)) >= 0) {
                refs.remove(ref);
            } else {
                aliases[kept++] = ref;
            }
        }
        aliasCount = kept;
    }

    /** Forgets the other names of all series, when nothing on disk that counts names them any more. */
    void removeAliases() {
        long stamp = lock.writeLock();
        try {
            for (int i = 0; i < aliasCount; i++) {
                refs.remove(aliases[i]);
            }
            aliasCount = 0;
            aliases = new long[0];
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    private void removePostings(int pair, long[] gone) {
        int count = pairs.count(pair);
        long[] present = new long[count];
        pairs.copyRefs(pair, present, 0, count);
        int kept = 0;
        int at = 0;
        for (long ref : present) {
            while (at < gone.length && gone[at] < ref) {
                at++;
            }
            if (at == gone.length || gone[at] != ref) {
                present[kept++] = ref;
            }
        }
        pairs.retain(pair, present, kept, frees, BLOCK_KIND);
        if (kept == 0 && pair != LabelPairs.ALL) {
            int name = pairs.name(pair);
            int value = pairs.value(pair);
            int unused = names.unlink(pair, name);
            if (unused != 0) {
                frees.add(NAME_KIND, unused);
            }
            pairs.remove(pair);
            frees.add(PAIR_KIND, pair);
            if (symbols.release(name)) {
                frees.add(SYMBOL_KIND, name);
            }
            if (symbols.release(value)) {
                frees.add(SYMBOL_KIND, value);
            }
        }
    }

    /** Frees what readers have left. */
    void drainFrees() {
        long stamp = lock.writeLock();
        try {
            frees.drain();
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    private void free(int kind, int ref) {
        switch (kind) {
            case PAIR_KIND -> pairs.free(ref);
            case BLOCK_KIND -> pairs.freeBlock(ref);
            case SYMBOL_KIND -> symbols.free(ref);
            case NAME_KIND -> names.free(ref);
            case SERIES_KIND -> series.free(ref);
            case LABELS_KIND -> labelSets.free(ref);
            default -> throw new IllegalStateException("head index: unknown kind of reference " + kind);
        }
    }

    void clear() {
        frees.clear();
        symbols.clear();
        pairs.clear();
        refs.clear();
        names.clear();
        former.clear();
        labelSets.clear();
        seriesTable.clear();
    }

    /** Whether a reference is a name of the series of a record, its own or another one. */
    boolean isName(int record, long ref) {
        return refOf(record) == ref || refs.record(ref) == record;
    }

    long refOf(int record) {
        return series.page(record)[series.offset(record) + SeriesLayout.REF] & SeriesLayout.REF_MASK;
    }

    private int labelsHash(int record) {
        return (int) series.page(record)[series.offset(record) + SeriesLayout.LABELS];
    }
}
