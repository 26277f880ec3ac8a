// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

import java.util.Arrays;

/** Uncompresses the blocks of a frame, which share tables and offsets (RFC 8878, section 3.1.1.3). For one thread. */
final class ZstandardBlock {
    private static final int MAX_LITERALS = 1 << 17;

    final ZstandardOutput out = new ZstandardOutput();
    private final HuffmanTable huffman = new HuffmanTable();
    private final EntropyTable literalLengths = new EntropyTable(ZstandardFormat.MAX_LITERAL_LOG);
    private final EntropyTable offsets = new EntropyTable(ZstandardFormat.MAX_OFFSET_LOG);
    private final EntropyTable matchLengths = new EntropyTable(ZstandardFormat.MAX_MATCH_LOG);
    private final BackwardBits stream = new BackwardBits();
    private final int[] recent = new int[3];
    private byte[] literals = new byte[1024];
    private int literalCount;
    private boolean tablesPresent;

    /** Begins a frame. */
    void begin() {
        huffman.clear();
        tablesPresent = false;
        recent[0] = 1;
        recent[1] = 4;
        recent[2] = 8;
    }

    void uncompress(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int at = literals(bytes, offset, end);
        sequences(bytes, at, end);
    }

    private int literals(byte[] bytes, int offset, int end) {
        ZstandardFormat.check(offset < end);
        int kind = bytes[offset] & 3;
        int format = bytes[offset] >>> 2 & 3;
        if (kind < 2) {
            int headerBytes = (format & 1) == 0 ? 1 : format == 1 ? 2 : 3;
            ZstandardFormat.check(headerBytes <= end - offset);
            int header = (int) ZstandardFrame.littleEndian(bytes, offset, headerBytes);
            int count = header >>> ((format & 1) == 0 ? 3 : 4);
            int at = offset + headerBytes;
            reserve(count);
            if (kind == 0) {
                ZstandardFormat.check(count <= end - at);
                System.arraycopy(bytes, at, literals, 0, count);
                return at + count;
            }
            ZstandardFormat.check(at < end);
            Arrays.fill(literals, 0, count, bytes[at]);
            return at + 1;
        }
        int headerBytes = format < 2 ? 3 : format == 2 ? 4 : 5;
        int sizeBits = format < 2 ? 10 : format == 2 ? 14 : 18;
        ZstandardFormat.check(headerBytes <= end - offset);
        long header = ZstandardFrame.littleEndian(bytes, offset, headerBytes);
        int count = (int) (header >>> 4) & ((1 << sizeBits) - 1);
        int size = (int) (header >>> (4 + sizeBits)) & ((1 << sizeBits) - 1);
        int at = offset + headerBytes;
        ZstandardFormat.check(size <= end - at);
        int streamsEnd = at + size;
        if (kind == 2) {
            at = huffman.read(bytes, at, streamsEnd);
        }
        ZstandardFormat.check(huffman.isPresent());
        reserve(count);
        if (format == 0) {
            huffman.decode(bytes, at, streamsEnd - at, literals, 0, count);
        } else {
            fourStreams(bytes, at, streamsEnd, count);
        }
        return streamsEnd;
    }

    private void fourStreams(byte[] bytes, int offset, int end, int count) {
        ZstandardFormat.check(end - offset >= 6);
        int each = (count + 3) / 4;
        ZstandardFormat.check(3 * each <= count);
        int at = offset + 6;
        for (int i = 0; i < 4; i++) {
            int size = i < 3 ? (int) ZstandardFrame.littleEndian(bytes, offset + 2 * i, 2) : end - at;
            ZstandardFormat.check(size <= end - at);
            huffman.decode(bytes, at, size, literals, i * each, i < 3 ? each : count - 3 * each);
            at += size;
        }
    }

    private void reserve(int count) {
        ZstandardFormat.check(count <= MAX_LITERALS);
        literalCount = count;
        if (literals.length < count) {
            literals = new byte[Math.max(count, 2 * literals.length)];
        }
    }

    private void sequences(byte[] bytes, int offset, int end) {
        ZstandardFormat.check(offset < end);
        int at = offset;
        int count = bytes[at++] & 0xff;
        if (count == 0) {
            ZstandardFormat.check(at == end);
            out.put(literals, 0, literalCount);
            return;
        }
        if (count == 255) {
            ZstandardFormat.check(end - at >= 2);
            count = (int) ZstandardFrame.littleEndian(bytes, at, 2) + 0x7f00;
            at += 2;
        } else if (count >= 128) {
            ZstandardFormat.check(at < end);
            count = (count - 128) * 256 + (bytes[at++] & 0xff);
        }
        ZstandardFormat.check(at < end);
        int modes = bytes[at++] & 0xff;
        ZstandardFormat.check((modes & 3) == 0);
        at = table(
                literalLengths,
                modes >>> 6,
                bytes,
                at,
                end,
                ZstandardFormat.LITERAL_DISTRIBUTION,
                ZstandardFormat.LITERAL_LOG,
                ZstandardFormat.MAX_LITERAL_LOG);
        at = table(
                offsets,
                modes >>> 4 & 3,
                bytes,
                at,
                end,
                ZstandardFormat.OFFSET_DISTRIBUTION,
                ZstandardFormat.OFFSET_LOG,
                ZstandardFormat.MAX_OFFSET_LOG);
        at = table(
                matchLengths,
                modes >>> 2 & 3,
                bytes,
                at,
                end,
                ZstandardFormat.MATCH_DISTRIBUTION,
                ZstandardFormat.MATCH_LOG,
                ZstandardFormat.MAX_MATCH_LOG);
        tablesPresent = true;
        stream.reset(bytes, at, end - at);
        execute(count);
    }

    private int table(
            EntropyTable table, int mode, byte[] bytes, int at, int end, short[] distribution, int log, int maxLog) {
        int maxSymbol = table == offsets ? ZstandardFormat.MAX_OFFSET_CODE : distribution.length - 1;
        return switch (mode) {
            case 0 -> {
                table.build(distribution, distribution.length, log);
                yield at;
            }
            case 1 -> {
                ZstandardFormat.check(at < end && (bytes[at] & 0xff) <= maxSymbol);
                table.single(bytes[at] & 0xff);
                yield at + 1;
            }
            case 2 -> table.read(bytes, at, end, maxLog, maxSymbol);
            default -> {
                ZstandardFormat.check(tablesPresent);
                yield at;
            }
        };
    }

    private void execute(int count) {
        int literalState = stream.read(literalLengths.log);
        int offsetState = stream.read(offsets.log);
        int matchState = stream.read(matchLengths.log);
        int literal = 0;
        for (int i = 0; i < count; i++) {
            int offsetCode = offsets.symbols[offsetState] & 0xff;
            int matchCode = matchLengths.symbols[matchState] & 0xff;
            int literalCode = literalLengths.symbols[literalState] & 0xff;
            ZstandardFormat.check(offsetCode <= 30);
            int offsetValue = (1 << offsetCode) + stream.read(offsetCode);
            int matchLength =
                    ZstandardFormat.MATCH_BASE[matchCode] + stream.read(ZstandardFormat.MATCH_BITS[matchCode]);
            int literalLength =
                    ZstandardFormat.LITERAL_BASE[literalCode] + stream.read(ZstandardFormat.LITERAL_BITS[literalCode]);
            int distance = distance(offsetValue, literalLength);
            ZstandardFormat.check(literalLength <= literalCount - literal);
            out.put(literals, literal, literalLength);
            literal += literalLength;
            out.copy(distance, matchLength);
            if (i + 1 < count) {
                literalState = next(literalLengths, literalState);
                matchState = next(matchLengths, matchState);
                offsetState = next(offsets, offsetState);
            }
            ZstandardFormat.check(stream.left() >= 0);
        }
        ZstandardFormat.check(stream.left() == 0);
        out.put(literals, literal, literalCount - literal);
    }

    private int next(EntropyTable table, int state) {
        return (table.bases[state] & 0xffff) + stream.read(table.bits[state]);
    }

    /** The distance of a match: a new one, or one of the last three (section 3.1.1.5). */
    private int distance(int value, int literalLength) {
        if (value > 3) {
            recent[2] = recent[1];
            recent[1] = recent[0];
            recent[0] = value - 3;
            return recent[0];
        }
        int which = literalLength == 0 ? value : value - 1;
        int distance = which < 3 ? recent[which] : recent[0] - 1;
        ZstandardFormat.check(distance > 0);
        if (which > 0) {
            if (which > 1) {
                recent[2] = recent[1];
            }
            recent[1] = recent[0];
            recent[0] = distance;
        }
        return distance;
    }
}
