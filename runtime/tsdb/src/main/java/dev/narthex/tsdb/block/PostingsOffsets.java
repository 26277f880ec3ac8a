// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.model.Utf8Order;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the postings of label pairs lie. Version 2 keeps its table sorted: in memory is one in
 * {@link IndexLayout#SAMPLING} values of each name, the others are looked up in the file. Version 1 promises no order, so
 * all of it is taken. Safe for use by many threads, each with a reader of its own.
 */
final class PostingsOffsets {
    /** Takes a value of a name and the offset of its postings. */
    @FunctionalInterface
    interface Visitor {
        void value(String value, long postingsOffset) throws IOException;
    }

    /** The entries of one name. */
    private static final class Name {
        private final List<String> sampled = new ArrayList<>();
        private long[] offsets = new long[4];
        private int count;
        private long end;
        /** All values of version 1, sorted. */
        private final @Nullable TreeMap<String, Long> all;

        Name(boolean keepAll) {
            all = keepAll ? new TreeMap<>(Utf8Order.COMPARATOR) : null;
        }

        void add(String value, long entryOffset, long postingsOffset) {
            if (all != null) {
                all.put(value, postingsOffset);
            } else if (count % IndexLayout.SAMPLING == 0) {
                int place = sampled.size();
                if (place == offsets.length) {
                    offsets = Arrays.copyOf(offsets, 2 * place);
                }
                sampled.add(value);
                offsets[place] = entryOffset;
            }
            count++;
        }
    }

    private final Map<String, Name> names = new HashMap<>();
    private final List<String> sortedNames = new ArrayList<>();
    private long allPostings = -1;

    private PostingsOffsets() {}

    static PostingsOffsets read(PageReader in, long offsetBytes, boolean keepAll) throws IOException {
        PostingsOffsets table = new PostingsOffsets();
        ByteCursor cursor = IndexParts.open(in, offsetBytes);
        int count = cursor.be32();
        String name = "";
        String value = "";
        Name current = null;
        for (int i = 0; i < count; i++) {
            long entryOffset = cursor.offsetBytes();
            if (cursor.u8() != 2) {
                throw cursor.corrupt("an entry of postings must have a name and a value");
            }
            String nextName = cursor.text();
            String nextValue = cursor.text();
            long postings = cursor.uvarint();
            if (nextName.isEmpty() && nextValue.isEmpty()) {
                table.allPostings = postings;
                continue;
            }
            if (current == null || !nextName.equals(name)) {
                if (!keepAll && table.names.containsKey(nextName)) {
                    throw cursor.corrupt("the names of postings are not in order");
                }
                current = table.names.computeIfAbsent(nextName, _ -> new Name(keepAll));
            } else if (!keepAll && Utf8Order.compare(value, nextValue) >= 0) {
                throw cursor.corrupt("the values of postings are not in order");
            }
            current.add(nextValue, entryOffset, postings);
            current.end = cursor.offsetBytes();
            name = nextName;
            value = nextValue;
        }
        table.sortedNames.addAll(table.names.keySet());
        table.sortedNames.sort(Utf8Order.COMPARATOR);
        return table;
    }

    /** The label names, sorted. */
    List<String> names() {
        return sortedNames;
    }

    /** How many values a name has. */
    int valueCount(String name) {
        Name found = names.get(name);
        return found == null ? 0 : found.count;
    }

    /** Where the postings of all series lie, -1 where there are none. */
    long allPostings() {
        return allPostings;
    }

    /** Where the postings of a pair lie, -1 where there are none. */
    long find(PageReader in, String name, String value) throws IOException {
        Name found = names.get(name);
        if (found == null) {
            return -1;
        }
        if (found.all != null) {
            return found.all.getOrDefault(value, -1L);
        }
        int low = 0;
        int high = found.sampled.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Utf8Order.compare(found.sampled.get(middle), value) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == 0) {
            return -1;
        }
        long begin = found.offsets[low - 1];
        long end = low < found.sampled.size() ? found.offsets[low] : found.end;
        ByteCursor cursor = in.at(begin, Math.toIntExact(end - begin));
        while (cursor.left() > 0) {
            cursor.u8();
            cursor.skipText();
            String present = cursor.text();
            long postings = cursor.uvarint();
            int order = Utf8Order.compare(present, value);
            if (order == 0) {
                return postings;
            }
            if (order > 0) {
                return -1;
            }
        }
        return -1;
    }

    /** Goes through the values of a name in order. */
    void values(PageReader in, String name, Visitor visitor) throws IOException {
        Name found = names.get(name);
        if (found == null) {
            return;
        }
        if (found.all != null) {
            for (Map.Entry<String, Long> entry : found.all.entrySet()) {
                visitor.value(entry.getKey(), entry.getValue());
            }
            return;
        }
        for (int i = 0; i < found.sampled.size(); i++) {
            long begin = found.offsets[i];
            long end = i + 1 < found.sampled.size() ? found.offsets[i + 1] : found.end;
            ByteCursor cursor = in.at(begin, Math.toIntExact(end - begin));
            List<String> values = new ArrayList<>(IndexLayout.SAMPLING);
            long[] offsets = new long[IndexLayout.SAMPLING];
            while (cursor.left() > 0 && values.size() < IndexLayout.SAMPLING) {
                cursor.u8();
                cursor.skipText();
                values.add(cursor.text());
                offsets[values.size() - 1] = cursor.uvarint();
            }
            for (int v = 0; v < values.size(); v++) {
                visitor.value(values.get(v), offsets[v]); // may read with the same reader
            }
        }
    }
}
