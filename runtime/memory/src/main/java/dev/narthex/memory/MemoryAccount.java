// SPDX-License-Identifier: Apache-2.0
package dev.narthex.memory;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of memory are held, by tag and in all, against a limit.
 *
 * <p>The limit is for those who ask: {@link #hasRoom} tells whether something new may be begun. What is begun goes on:
 * a tag may take the account above its limit, so that samples of known series are never refused for want of a page.
 * Safe for use by many threads.
 */
public final class MemoryAccount {
    private final long limitBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final ConcurrentHashMap<String, Tag> tags = new ConcurrentHashMap<>();

    /** @param limitBytes the limit, greater than zero; {@link Long#MAX_VALUE} for none */
    public MemoryAccount(long limitBytes) {
        if (limitBytes <= 0) {
            throw new IllegalArgumentException(
                    "memory account: limit must be greater than zero, found " + limitBytes + " bytes");
        }
        this.limitBytes = limitBytes;
    }

    /** The tag of this name, made where there is none. */
    public Tag tag(String name) {
        return tags.computeIfAbsent(name, Tag::new);
    }

    /** The bytes held under all tags. */
    public long bytes() {
        return bytes.get();
    }

    public long limitBytes() {
        return limitBytes;
    }

    /** Whether this many bytes more stay within the limit. */
    public boolean hasRoom(long moreBytes) {
        return bytes.get() <= limitBytes - moreBytes;
    }

    /** A copy of the bytes held, by tag, in the order of names. */
    public Map<String, Long> bytesPerTag() {
        Map<String, Long> perTag = new TreeMap<>();
        tags.forEach((name, tag) -> perTag.put(name, tag.bytes()));
        return perTag;
    }

    /** The share of one purpose. Safe for use by many threads. */
    public final class Tag {
        private final String name;
        private final AtomicLong held = new AtomicLong();

        private Tag(String name) {
            this.name = name;
        }

        public String name() {
            return name;
        }

        /** The bytes held under this tag. */
        public long bytes() {
            return held.get();
        }

        /** Enters bytes that were taken. */
        public void take(long takenBytes) {
            held.addAndGet(takenBytes);
            bytes.addAndGet(takenBytes);
        }

        /**
         * Enters bytes that are to be taken, where all of the account stays within its limit then.
         *
         * @return whether they were entered
         */
        public boolean tryTake(long wantedBytes) {
            // What is beyond all limits must not be added: the sum would come round to a number that is below.
            if (wantedBytes > limitBytes - bytes.get()) {
                return false;
            }
            long all = bytes.addAndGet(wantedBytes);
            if (all > limitBytes || all < wantedBytes) {
                bytes.addAndGet(-wantedBytes);
                return false;
            }
            held.addAndGet(wantedBytes);
            return true;
        }

        /**
         * Enters bytes that were given back.
         *
         * @throws IllegalStateException when more is given back than was taken, which is a bug
         */
        public void giveBack(long givenBytes) {
            long left = held.addAndGet(-givenBytes);
            bytes.addAndGet(-givenBytes);
            if (left < 0) {
                throw new IllegalStateException(
                        "memory account: tag " + name + " gave back " + -left + " bytes more than it took");
            }
        }
    }
}
