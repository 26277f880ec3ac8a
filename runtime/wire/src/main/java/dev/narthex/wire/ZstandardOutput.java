// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

import java.util.Arrays;

/** Bytes that are written behind each other and copied from themselves, up to a limit. For one thread. */
final class ZstandardOutput {
    private byte[] bytes = {};
    private int size;
    private int limit;

    void reset(int maxBytes) {
        size = 0;
        limit = maxBytes;
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    void put(byte[] from, int offset, int count) {
        reserve(count);
        System.arraycopy(from, offset, bytes, size, count);
        size += count;
    }

    void fill(byte value, int count) {
        reserve(count);
        Arrays.fill(bytes, size, size + count, value);
        size += count;
    }

    /** Copies from what stands a distance before the end; what is copied may be copied again. */
    void copy(int distance, int count) {
        ZstandardFormat.check(distance > 0 && distance <= size);
        reserve(count);
        if (distance >= count) {
            System.arraycopy(bytes, size - distance, bytes, size, count);
        } else {
            for (int i = 0; i < count; i++) {
                bytes[size + i] = bytes[size + i - distance];
            }
        }
        size += count;
    }

    private void reserve(int count) {
        ZstandardFormat.check(count >= 0 && count <= limit - size);
        if (bytes.length - size < count) {
            bytes = Arrays.copyOf(bytes, Math.max(size + count, 2 * bytes.length));
        }
    }
}
