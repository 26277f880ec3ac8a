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

    private final ArrayDeque<byte[]>[] idle;
    private final long maxIdleBytes;
    private long idleBytes;

    /** @param maxIdleBytes most bytes kept while nobody uses them */
    @SuppressWarnings({"unchecked", "rawtypes"})
    public BufferPool(long maxIdleBytes) {
        this.maxIdleBytes = maxIdleBytes;
        idle = new ArrayDeque[MAX_SHIFT + 1];
        for (int shift = MIN_SHIFT; shift <= MAX_SHIFT; shift++) {
            idle[shift] = new ArrayDeque<>(4);
        }
    }

    /** An array of at least that many bytes, with anything in it. */
    byte[] take(int minBytes) {
        int shift = shiftOf(minBytes);
        synchronized (this) {
            byte[] kept = idle[shift].pollLast();
            if (kept != null) {
                idleBytes -= kept.length;
                return kept;
            }
        }
        return new byte[1 << shift];
    }

    /** Takes an array back that nobody uses any more. */
    void give(byte[] array) {
        synchronized (this) {
            if (idleBytes + array.length <= maxIdleBytes) {
                idle[shiftOf(array.length)].addLast(array);
                idleBytes += array.length;
            }
        }
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
