// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.files;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a name stands for: its present state, and the state that would survive a loss of power. */
sealed interface MemoryNode {
    /** What a process finds that starts after the former one was killed: all that was written. */
    MemoryNode afterKill();

    /**
     * What is found after a loss of power: what was synced, and, given random numbers, a random beginning of what was
     * not, its last write torn.
     */
    MemoryNode afterPowerLoss(@Nullable Random random);

    /** A directory: names, and the names that were synced. */
    final class Directory implements MemoryNode {
        final TreeMap<String, MemoryNode> entries = new TreeMap<>();
        private final TreeMap<String, MemoryNode> durable = new TreeMap<>();

        void sync() {
            durable.clear();
            durable.putAll(entries);
        }

        @Override
        public Directory afterKill() {
            Directory copy = new Directory();
            entries.forEach((name, node) -> copy.entries.put(name, node.afterKill()));
            copy.sync();
            return copy;
        }

        @Override
        public Directory afterPowerLoss(@Nullable Random random) {
            Directory copy = new Directory();
            durable.forEach((name, node) -> copy.entries.put(name, node.afterPowerLoss(random)));
            copy.sync();
            return copy;
        }
    }

    /** A regular file: its bytes, and the changes that were not synced. */
    final class RegularFile implements MemoryNode {
        private static final byte[] EMPTY = {};

        private byte[] bytes;
        private int size;
        private byte[] durable;
        private final List<Change> unsynced = new ArrayList<>();

        RegularFile() {
            this(EMPTY);
        }

        RegularFile(byte[] content) {
            bytes = content.clone();
            size = content.length;
            durable = content.clone();
        }

        int size() {
            return size;
        }

        byte[] content() {
            return Arrays.copyOf(bytes, size);
        }

        int read(byte[] into, int offset) {
            if (offset >= size) {
                return -1;
            }
            int count = Math.min(into.length, size - offset);
            System.arraycopy(bytes, offset, into, 0, count);
            return count;
        }

        void write(byte[] from, int offset) {
            unsynced.add(new Change(offset, from));
            apply(from, offset);
        }

        void truncate(int newSize) {
            unsynced.add(new Change(newSize, null));
            applyTruncate(newSize);
        }

        void sync() {
            durable = content();
            unsynced.clear();
        }

        void flip(int offset, int mask) {
            bytes[offset] ^= (byte) mask;
            durable = content();
        }

        private void apply(byte[] from, int offset) {
            int end = offset + from.length;
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
            }
            System.arraycopy(from, 0, bytes, offset, from.length);
            size = Math.max(size, end);
        }

        private void applyTruncate(int newSize) {
            if (newSize < size) {
                Arrays.fill(bytes, newSize, size, (byte) 0);
                size = newSize;
            } else {
                apply(new byte[newSize - size], size);
            }
        }

        @Override
        public RegularFile afterKill() {
            return new RegularFile(content());
        }

        @Override
        public RegularFile afterPowerLoss(@Nullable Random random) {
            RegularFile found = new RegularFile(durable);
            if (random != null && !unsynced.isEmpty()) {
                int survivors = random.nextInt(unsynced.size() + 1);
                for (int i = 0; i < survivors; i++) {
                    found.replay(unsynced.get(i), i == survivors - 1 ? random : null);
                }
                found.sync();
            }
            return found;
        }

        private void replay(Change change, @Nullable Random tear) {
            byte[] written = change.written();
            if (written == null) {
                applyTruncate(change.offset());
            } else {
                int kept = tear == null ? written.length : tear.nextInt(written.length + 1);
                apply(Arrays.copyOf(written, kept), change.offset());
            }
        }

        /** A write at an offset, or, without bytes, a truncation to it. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        private record Change(int offset, byte @Nullable [] written) {}
    }
}
