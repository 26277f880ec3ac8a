// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

/**
 * Uncompresses Zstandard frames (RFC 8878, "Zstandard Compression and the 'application/zstd' Media Type"): frame, block
 * and literal sections, sequences. Frames with a dictionary are refused; a checksum is passed over, for what holds the
 * frame has one. The libraries for it use native code or {@code sun.misc.Unsafe}, which a native executable had better
 * do without. Reused; for one thread.
 */
public final class ZstandardFrame {
    private static final int SKIPPABLE = 0x184d2a50;
    private static final int MAX_BLOCK_BYTES = 1 << 17;

    private final ZstandardBlock block = new ZstandardBlock();
    private final int maxBytes;

    /** @param maxBytes a frame that becomes larger is refused */
    public ZstandardFrame(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whether bytes begin as a frame does. */
    public static boolean isFrame(byte[] bytes, int offset, int length) {
        return length >= 4 && littleEndian(bytes, offset, 4) == (ZstandardFormat.MAGIC & 0xffffffffL);
    }

    /**
     * Uncompresses one frame after the other.
     *
     * @return the content, which stands at the beginning of {@link #output()}, or -1 where a frame is damaged
     */
    public int uncompress(byte[] bytes, int offset, int length) {
        try {
            block.out.reset(maxBytes);
            int at = offset;
            int end = offset + length;
            while (at < end) {
                at = frame(bytes, at, end);
            }
            return block.out.size();
        } catch (ZstandardFormat.DamagedException | IndexOutOfBoundsException e) {
            return -1;
        }
    }

    /** Holds what was uncompressed last. */
    public byte[] output() {
        return block.out.bytes();
    }

    private int frame(byte[] bytes, int offset, int end) {
        int at = offset;
        ZstandardFormat.check(end - at >= 5);
        long magic = littleEndian(bytes, at, 4);
        at += 4;
        if ((magic & 0xfffffff0L) == SKIPPABLE) {
            ZstandardFormat.check(end - at >= 4);
            long skipped = littleEndian(bytes, at, 4);
            ZstandardFormat.check(skipped <= end - at - 4);
            return at + 4 + (int) skipped;
        }
        ZstandardFormat.check(magic == (ZstandardFormat.MAGIC & 0xffffffffL));
        int descriptor = bytes[at++] & 0xff;
        boolean single = (descriptor & 0x20) != 0;
        boolean checksum = (descriptor & 0x04) != 0;
        ZstandardFormat.check((descriptor & 0x08) == 0);
        if (!single) {
            at++; // the window: all of the output is kept
        }
        int[] dictionaryBytes = {0, 1, 2, 4};
        int idBytes = dictionaryBytes[descriptor & 3];
        ZstandardFormat.check(end - at >= idBytes);
        ZstandardFormat.check(littleEndian(bytes, at, idBytes) == 0);
        at += idBytes;
        int[] contentBytes = {single ? 1 : 0, 2, 4, 8};
        at += contentBytes[descriptor >>> 6];
        block.begin();
        boolean last = false;
        while (!last) {
            ZstandardFormat.check(end - at >= 3);
            int header = (int) littleEndian(bytes, at, 3);
            at += 3;
            last = (header & 1) != 0;
            int kind = header >>> 1 & 3;
            int size = header >>> 3;
            ZstandardFormat.check(size <= MAX_BLOCK_BYTES);
            switch (kind) {
                case 0 -> {
                    ZstandardFormat.check(size <= end - at);
                    block.out.put(bytes, at, size);
                    at += size;
                }
                case 1 -> {
                    ZstandardFormat.check(at < end);
                    block.out.fill(bytes[at++], size);
                }
                case 2 -> {
                    ZstandardFormat.check(size <= end - at);
                    block.uncompress(bytes, at, size);
                    at += size;
                }
                default -> throw new ZstandardFormat.DamagedException();
            }
        }
        return checksum ? at + 4 : at;
    }

    static long littleEndian(byte[] bytes, int at, int count) {
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << 8 | (bytes[at + i] & 0xff);
        }
        return value;
    }
}
