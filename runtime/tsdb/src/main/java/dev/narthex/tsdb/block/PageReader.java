// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.memory.FileWindow;
import java.io.IOException;

/**
 * Reads a file in pages, which are small where reads jump about and grow where they go on from one another. For one
 * thread that has acquired the window.
 */
final class PageReader {
    private static final int SMALL_BYTES = 2 << 10;
    private static final int LARGE_BYTES = 128 << 10;

    private final FileWindow window;
    private final ByteCursor cursor;
    private byte[] page = {};
    private long pageOffset;
    private int pageLength;
    private int next = SMALL_BYTES;

    PageReader(FileWindow window) {
        this.window = window;
        cursor = new ByteCursor(window.path());
    }

    long sizeBytes() {
        return window.sizeBytes();
    }

    /**
     * A cursor over so many bytes of the file, valid until the next call.
     *
     * @throws CorruptBlockException when they lead beyond the file
     */
    ByteCursor at(long offsetBytes, int length) throws IOException {
        if (length < 0 || offsetBytes < 0 || offsetBytes > window.sizeBytes() - length) {
            throw new CorruptBlockException(
                    window.path(),
                    offsetBytes,
                    "a reference leads beyond the end, found a length of " + Integer.toUnsignedString(length)
                            + "; the file has " + window.sizeBytes() + " bytes");
        }
        if (offsetBytes < pageOffset || offsetBytes + length > pageOffset + pageLength) {
            load(offsetBytes, length);
        }
        return cursor.over(page, (int) (offsetBytes - pageOffset), length, offsetBytes);
    }

    /** A cursor over so many bytes, or as many as there are. */
    ByteCursor upTo(long offsetBytes, int most) throws IOException {
        long left = window.sizeBytes() - offsetBytes;
        return at(offsetBytes, (int) Math.max(0, Math.min(most, left)));
    }

    private void load(long offsetBytes, int length) throws IOException {
        boolean goesOn = offsetBytes >= pageOffset && offsetBytes <= pageOffset + pageLength + SMALL_BYTES;
        next = goesOn ? Math.min(LARGE_BYTES, 2 * next) : SMALL_BYTES;
        int wanted = (int) Math.min(window.sizeBytes() - offsetBytes, Math.max(length, next));
        if (page.length < wanted) {
            page = new byte[wanted];
        }
        pageLength = 0;
        window.read(offsetBytes, page, 0, wanted);
        pageOffset = offsetBytes;
        pageLength = wanted;
    }
}
