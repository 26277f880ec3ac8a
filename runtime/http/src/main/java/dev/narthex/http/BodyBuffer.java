// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.nio.ByteBuffer;

/**
 * Collects a body up to a limit in one pooled array, which it borrows with the first byte and gives back when it is
 * released. Belongs to the scrape that fills it.
 */
public final class BodyBuffer {
    /** The largest limit there is; larger ones are cut to it. */
    public static final int MAX_BYTES = 1 << 30;

    private static final byte[] NOTHING = new byte[0];

    private final BufferPool pool;
    private byte[] bytes = NOTHING;
    private int size;
    private int limit = MAX_BYTES;
    private int expectedBytes;

    public BodyBuffer(BufferPool pool) {
        this.pool = pool;
    }

    /**
     * Starts on a new body.
     *
     * @param limitBytes most bytes it may have
     */
    public void start(long limitBytes) {
        size = 0;
        limit = (int) Math.min(limitBytes, MAX_BYTES);
    }

    /** Adds what is left in a buffer. */
    public void add(ByteBuffer more) throws BodyTooLargeException {
        int length = more.remaining();
        reserve(length);
        more.get(bytes, size, length);
        size += length;
    }

    /** Forgets the bytes and keeps the limit. */
    void clear() {
        size = 0;
    }

    /** Makes room behind the bytes there are; the caller writes to {@link #bytes} itself and calls {@link #added}. */
    void reserve(int more) throws BodyTooLargeException {
        if (more > limit - size) {
            throw new BodyTooLargeException(limit);
        }
        if (size + more > bytes.length) {
            long doubled = Math.max(2L * bytes.length, expectedBytes);
            byte[] larger = pool.take((int) Math.max(size + more, Math.min(doubled, MAX_BYTES)));
            System.arraycopy(bytes, 0, larger, 0, size);
            giveBack();
            bytes = larger;
        }
    }

    void added(int more) {
        size += more;
    }

    /** How many bytes may still come. */
    int remaining() {
        return limit - size;
    }

    /** The array that the body is in, from 0 to {@link #size}; valid until more is added or the buffer is released. */
    public byte[] bytes() {
        return bytes;
    }

    public int size() {
        return size;
    }

    /** Gives the memory back; the next body is expected to be about as large as this one. */
    public void release() {
        expectedBytes = size;
        size = 0;
        giveBack();
        bytes = NOTHING;
    }

    private void giveBack() {
        if (bytes.length > 0) {
            pool.give(bytes);
        }
    }
}
