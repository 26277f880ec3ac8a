// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.util.ArrayDeque;

/**
 * Byte arrays for bodies, kept for the next scrape up to a total size. Sizes are powers of two. Safe for use by many
 * threads.
 */
public final class BufferPool {
    private static final int MIN_SHIFT = 14;
    private static final int MAX_SHIFT = 30;
    private static final int LARGE_BYTES = 1 << 20;

    private final ArrayDeque<byte[]>[] idle;
    private final long maxIdleBytes;
    private final long maxLargeBytes;
    private long idleBytes;
    /** Of arrays from {@link #LARGE_BYTES} on that are in use. */
    private long largeBytes;

    /** @param maxIdleBytes most bytes kept while nobody uses them */
    public BufferPool(long maxIdleBytes) {
        this(maxIdleBytes, Long.MAX_VALUE);
    }

    /**
     * A pool that lets no number of large bodies take all memory.
     *
     * @param maxIdleBytes most bytes kept while nobody uses them
     * @param maxLargeBytes most bytes of arrays of a mebibyte and more that are in use
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    public BufferPool(long maxIdleBytes, long maxLargeBytes) {
        this.maxIdleBytes = maxIdleBytes;
        this.maxLargeBytes = maxLargeBytes;
        idle = new ArrayDeque[MAX_SHIFT + 1];
        for (int shift = MIN_SHIFT; shift <= MAX_SHIFT; shift++) {
            idle[shift] = new ArrayDeque<>(4);
        }
    }

    /**
     * An array of at least that many bytes, with anything in it.
     *
     * @throws BodyTooLargeException where so much is in use that there is no room for a large one
     */
    byte[] take(int minBytes) throws BodyTooLargeException {
        int shift = shiftOf(minBytes);
        int bytes = 1 << shift;
        synchronized (this) {
            if (bytes >= LARGE_BYTES) {
                if (largeBytes + bytes > maxLargeBytes) {
                    throw BodyTooLargeException.besideOthers(largeBytes, maxLargeBytes);
                }
                largeBytes += bytes;
            }
            byte[] kept = idle[shift].pollLast();
            if (kept != null) {
                idleBytes -= kept.length;
                return kept;
            }
        }
        return new byte[bytes];
    }

    /** Takes an array back that nobody uses any more. */
    void give(byte[] array) {
        synchronized (this) {
            if (array.length >= LARGE_BYTES) {
                largeBytes -= array.length;
            }
            if (idleBytes + array.length <= maxIdleBytes) {
                idle[shiftOf(array.length)].addLast(array);
                idleBytes += array.length;
            }
        }
    }

    /** Bytes of large arrays that are in use. */
    public synchronized long largeBytes() {
        return largeBytes;
    }

    /** Bytes that are kept and not in use. */
    public synchronized long idleBytes() {
        return idleBytes;
    }

    private static int shiftOf(int bytes) {
        int shift = Math.max(MIN_SHIFT, 32 - Integer.numberOfLeadingZeros(Math.max(bytes, 1) - 1));
        if (shift > MAX_SHIFT) {
            throw new IllegalArgumentException("buffer: " + bytes + " bytes; at most " + (1 << MAX_SHIFT));
        }
        return shift;
    }
}
