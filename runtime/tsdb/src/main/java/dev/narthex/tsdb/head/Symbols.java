// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.head;

import dev.narthex.memory.ByteSlab;
import dev.narthex.memory.LongRecords;
import dev.narthex.memory.MemoryAccount;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The strings of all label names and values, each once, counted by use.
 *
 * <pre>
 * record:  0  bytes (32 bits) | length in bytes (32 bits)
 *          1  hash (32 bits)  | uses (32 bits)
 * </pre>
 *
 * Guarded by the lock of the index; readers may read a symbol's bytes without it while they are entered in
 * {@link Readers}.
 */
final class Symbols {
    private static final int FIELDS = 2;
    private static final int CACHE_SLOTS = 1 << 13;
    private static final int LONGEST_CACHED = 256;

    private final ByteSlab slab;
    private final LongRecords records;
    private final IdTable table;
    private final AtomicReferenceArray<@Nullable CachedString> cache = new AtomicReferenceArray<>(CACHE_SLOTS);

    Symbols(MemoryAccount.Tag tag) {
        slab = new ByteSlab(tag);
        records = new LongRecords(tag, FIELDS);
        table = new IdTable(tag);
    }

    /** The symbol of a string, 0 where there is none. */
    int find(byte[] bytes, int offset, int length, int hash) {
        for (int place = table.next(table.place(hash), hash); ; place = table.next(table.after(place), hash)) {
            int symbol = table.at(place);
            if (symbol == 0 || equal(symbol, bytes, offset, length)) {
                return symbol;
            }
        }
    }

    int find(byte[] bytes) {
        return find(bytes, 0, bytes.length, LabelBytes.hash(bytes, 0, bytes.length));
    }

    /** Makes the symbol of a string that has none and is not used yet. */
    int create(byte[] bytes, int offset, int length, int hash) {
        int symbol = records.allocate();
        int ref = slab.allocate(length);
        System.arraycopy(bytes, offset, slab.page(ref), slab.offset(ref), length);
        set(symbol, 0, (long) ref << 32 | length);
        set(symbol, 1, (long) hash << 32);
        table.add(symbol, hash);
        return symbol;
    }

    /** One use more. */
    void use(int symbol) {
        set(symbol, 1, get(symbol, 1) + 1);
    }

    /** One use less; true where it was the last one, and the symbol is to be freed when no reader holds it. */
    boolean release(int symbol) {
        long field = get(symbol, 1) - 1;
        set(symbol, 1, field);
        if ((int) field == 0) {
            table.remove(symbol, hashOf(symbol));
            return true;
        }
        return false;
    }

    void free(int symbol) {
        cache.set(symbol & (CACHE_SLOTS - 1), null);
        slab.free((int) (get(symbol, 0) >>> 32));
        records.free(symbol);
    }

    boolean equal(int symbol, byte[] bytes, int offset, int length) {
        long field = get(symbol, 0);
        if ((int) field != length) {
            return false;
        }
        int ref = (int) (field >>> 32);
        int at = slab.offset(ref);
        return Arrays.equals(slab.page(ref), at, at + length, bytes, offset, offset + length);
    }

    /** Compares two symbols by their bytes, which is the order of code points. */
    int compare(int left, int right) {
        if (left == right) {
            return 0;
        }
        long leftField = get(left, 0);
        long rightField = get(right, 0);
        int leftRef = (int) (leftField >>> 32);
        int rightRef = (int) (rightField >>> 32);
        int leftAt = slab.offset(leftRef);
        int rightAt = slab.offset(rightRef);
        return Arrays.compareUnsigned(
                slab.page(leftRef),
                leftAt,
                leftAt + (int) leftField,
                slab.page(rightRef),
                rightAt,
                rightAt + (int) rightField);
    }

    int length(int symbol) {
        return (int) get(symbol, 0);
    }

    /** Copies a symbol's bytes; the offset behind them. */
    int copy(int symbol, byte[] into, int offset) {
        long field = get(symbol, 0);
        int ref = (int) (field >>> 32);
        System.arraycopy(slab.page(ref), slab.offset(ref), into, offset, (int) field);
        return offset + (int) field;
    }

    /** A symbol as a string; the same string again and again for what is asked often. */
    String string(int symbol) {
        int slot = symbol & (CACHE_SLOTS - 1);
        CachedString cached = cache.get(slot);
        if (cached != null && cached.symbol == symbol) {
            return cached.text;
        }
        long field = get(symbol, 0);
        int ref = (int) (field >>> 32);
        String text = new String(slab.page(ref), slab.offset(ref), (int) field, StandardCharsets.UTF_8);
        if ((int) field <= LONGEST_CACHED) {
            cache.set(slot, new CachedString(symbol, text));
        }
        return text;
    }

    int size() {
        return table.size();
    }

    void clear() {
        slab.clear();
        records.clear();
        table.clear();
    }

    private int hashOf(int symbol) {
        return (int) (get(symbol, 1) >>> 32);
    }

    private long get(int symbol, int field) {
        return records.page(symbol)[records.offset(symbol) + field];
    }

    private void set(int symbol, int field, long value) {
        records.page(symbol)[records.offset(symbol) + field] = value;
    }

    private record CachedString(int symbol, String text) {}
}
