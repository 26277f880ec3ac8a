// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks gzip (RFC 1952) from one buffer to another, members one after the other. Unlike
 * {@link java.util.zip.GZIPInputStream} it is reused, so that a scrape makes no native decompressor. For one thread.
 */
public final class GzipDecoder implements AutoCloseable {
    private static final int HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int HAS_HEADER_CRC = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int RESERVED = 0xe0;
    /** As in Go, with the end. */
    private static final int MAX_TEXT_BYTES = 512;

    private static final int MAX_STEP_BYTES = 1 << 16;

    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();

    /**
     * Unpacks all of a compressed body.
     *
     * @throws BodyTooLargeException when it is larger unpacked than the target takes
     * @throws IOException when it is no gzip, damaged or cut off
     */
    public void decode(BodyBuffer from, BodyBuffer into) throws IOException {
        byte[] packed = from.bytes();
        int limit = from.size();
        int at = 0;
        do {
            at = member(packed, at, limit, into);
        } while (at < limit);
    }

    private int member(byte[] packed, int start, int limit, BodyBuffer into) throws IOException {
        int at = skipHeader(packed, start, limit);
        inflater.reset();
        crc.reset();
        inflater.setInput(packed, at, limit - at);
        int produced = 0;
        try {
            while (!inflater.finished()) {
                // One byte more than there may be shows that the body is too large.
                int step = Math.clamp(into.bytes().length - into.size(), 1, MAX_STEP_BYTES);
                into.reserve(Math.min(step, Math.max(1, into.remaining())));
                int written = inflater.inflate(into.bytes(), into.size(), Math.min(step, into.remaining()));
                crc.update(into.bytes(), into.size(), written);
                into.added(written);
                produced += written;
                if (written == 0 && !inflater.finished()) {
                    throw new IOException("gzip: body is cut off");
                }
            }
        } catch (DataFormatException e) {
            throw new IOException("gzip: damaged body: " + e.getMessage(), e);
        }
        int trailer = limit - inflater.getRemaining();
        if (limit - trailer < TRAILER_BYTES) {
            throw new IOException("gzip: body is cut off");
        }
        if (littleEndian(packed, trailer) != (int) crc.getValue() || littleEndian(packed, trailer + 4) != produced) {
            throw new IOException("gzip: invalid checksum");
        }
        return trailer + TRAILER_BYTES;
    }

    private static int skipHeader(byte[] packed, int start, int limit) throws IOException {
        if (limit - start < HEADER_BYTES) {
            throw new IOException("gzip: body is cut off");
        }
        if (packed[start] != 0x1f || packed[start + 1] != (byte) 0x8b || packed[start + 2] != 8) {
            throw new IOException("gzip: invalid header");
        }
        int flags = packed[start + 3];
        if ((flags & RESERVED) != 0) {
            throw new IOException("gzip: invalid header");
        }
        int at = start + HEADER_BYTES;
        if ((flags & HAS_EXTRA) != 0 && at + 2 <= limit) {
            at += 2 + (packed[at] & 0xff) + ((packed[at + 1] & 0xff) << 8);
        }
        if ((flags & HAS_NAME) != 0) {
            at = skipText(packed, at, limit);
        }
        if ((flags & HAS_COMMENT) != 0) {
            at = skipText(packed, at, limit);
        }
        if ((flags & HAS_HEADER_CRC) != 0) {
            at += 2;
            if (at <= limit && !isHeaderCrc(packed, start, at - 2)) {
                throw new IOException("gzip: invalid header");
            }
        }
        if (at > limit) {
            throw new IOException("gzip: body is cut off");
        }
        return at;
    }

    private static boolean isHeaderCrc(byte[] packed, int start, int at) {
        CRC32 header = new CRC32();
        header.update(packed, start, at - start);
        return (header.getValue() & 0xffff) == ((packed[at] & 0xff) | (packed[at + 1] & 0xff) << 8);
    }

    private static int skipText(byte[] packed, int from, int limit) throws IOException {
        int at = from;
        while (at < limit && packed[at] != 0) {
            at++;
            if (at - from >= MAX_TEXT_BYTES) {
                throw new IOException("gzip: invalid header");
            }
        }
        return at + 1;
    }

    private static int littleEndian(byte[] bytes, int at) {
        return (bytes[at] & 0xff)
                | (bytes[at + 1] & 0xff) << 8
                | (bytes[at + 2] & 0xff) << 16
                | (bytes[at + 3] & 0xff) << 24;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
