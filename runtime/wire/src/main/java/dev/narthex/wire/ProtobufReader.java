// SPDX-License-Identifier: Apache-2.0
package dev.narthex.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over the fields of a protobuf message in a byte array, without objects a field. Source: Protocol Buffers,
 * "Encoding". For one thread; used again and again.
 *
 * <p>{@link #next()} moves to a field; the caller then reads its value by the method of the field's type, or leaves it
 * and the next call skips it. A message inside is entered by {@link #enter()} and left by {@link #leave(int)}, wherever
 * the cursor then is in it.
 */
public final class ProtobufReader {
    public static final int VARINT = 0;
    public static final int FIXED64 = 1;
    public static final int BYTES = 2;
    public static final int FIXED32 = 5;

    /** Opens a group, which no schema of today has; it is skipped with all that is in it. */
    private static final int GROUP = 3;

    private static final int END_OF_GROUP = 4;
    private static final int MAX_GROUPS = 100;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_VARINT_BYTES = 10;
    /** Tags of the fields of a pair, and the bytes that it has beside what is in it: three lengths and two tags. */
    private static final int PAIR_FIRST = 1 << 3 | BYTES;

    private static final int PAIR_SECOND = 2 << 3 | BYTES;
    private static final int PAIR_OVERHEAD = 5;
    /** What the decoder of texts puts where the bytes are no UTF-8. */
    private static final char REPLACEMENT = '\ufffd';

    private byte[] bytes = {};
    private int at;
    private int end;
    private int wireType;
    private boolean pending;
    private int start;
    private int stop;
    private int firstStart;
    private int firstStop;

    /** Sets the message to read. */
    public ProtobufReader over(byte[] message, int offset, int length) {
        bytes = message;
        at = offset;
        end = offset + length;
        pending = false;
        return this;
    }

    /**
     * Moves to the next field of the message.
     *
     * @return the number of the field, 0 at the end of the message
     * @throws ProtobufException where the message is damaged
     */
    public int next() {
        if (pending) {
            skip();
        }
        if (at == end) {
            return 0;
        }
        long tag = varint64();
        wireType = (int) (tag & 7);
        // Of a number that is too large the lower bits count, as in Prometheus.
        int field = (int) (tag >>> 3);
        if (field <= 0) {
            throw damaged("bad field number " + field);
        }
        pending = true;
        return field;
    }

    /** The wire type of the current field. */
    public int wireType() {
        return wireType;
    }

    private void skip() {
        pending = false;
        switch (wireType) {
            case VARINT -> varint64();
            case FIXED64 -> advance(Long.BYTES);
            case BYTES -> advance(length());
            case FIXED32 -> advance(Integer.BYTES);
            case GROUP -> skipGroup();
            default -> throw damaged("unknown wire type " + wireType);
        }
    }

    private void skipGroup() {
        int depth = 1;
        while (depth > 0) {
            int inner = (int) (varint64() & 7);
            switch (inner) {
                case GROUP -> depth++;
                case END_OF_GROUP -> depth--;
                case VARINT -> varint64();
                case FIXED64 -> advance(Long.BYTES);
                case BYTES -> advance(length());
                case FIXED32 -> advance(Integer.BYTES);
                default -> throw damaged("unknown wire type " + inner);
            }
            if (depth > MAX_GROUPS) {
                throw damaged("groups nested deeper than " + MAX_GROUPS);
            }
        }
    }

    private void take(int expected) {
        if (wireType != expected) {
            throw damaged("wire type " + expected + " wanted, found " + wireType);
        }
        pending = false;
    }

    /** The value of a field of type int64, uint64, int32, uint32, enum. */
    public long int64() {
        take(VARINT);
        return varint64();
    }

    public int int32() {
        return (int) int64();
    }

    public boolean bool() {
        return int64() != 0;
    }

    /** The value of a field of type sint64 or sint32. */
    public long sint64() {
        return zigzag(int64());
    }

    /** The value of a field of type double. */
    public double float64() {
        take(FIXED64);
        return Double.longBitsToDouble(fixed64());
    }

    /** The bytes of a field, as text. */
    public String text() {
        take(BYTES);
        int length = length();
        int from = at;
        advance(length);
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    /** The bytes of a field as text, null where they are no UTF-8. */
    public @Nullable String utf8() {
        bytes();
        return utf8(bytes, start, stop);
    }

    /** A range of bytes as text, null where they are no UTF-8. */
    public static @Nullable String utf8(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        byte[] back = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(back, 0, back.length, bytes, from, to) ? text : null;
    }

    /** Passes over the bytes of a field; {@link #start()} and {@link #stop()} then say where they lie. */
    public void bytes() {
        take(BYTES);
        int length = length();
        start = at;
        advance(length);
        stop = at;
    }

    /** Where the bytes that {@link #bytes()} passed over begin in the array. */
    public int start() {
        return start;
    }

    /** Where the bytes that {@link #bytes()} passed over end in the array, exclusive. */
    public int stop() {
        return stop;
    }

    /** Enters the message that is the current field; give the answer to {@link #leave(int)}. */
    public int enter() {
        take(BYTES);
        int length = length();
        int outer = end;
        end = at + length;
        return outer;
    }

    /** Leaves a message that was entered, skipping what is unread of it. */
    public void leave(int outerEnd) {
        at = end;
        end = outerEnd;
        pending = false;
    }

    /**
     * Goes past a message of two fields of bytes, 1 and 2 in this order, where it is as encoders write it and each is shorter
     * than 128 bytes: {@link #firstStart()} and {@link #firstStop()} then say where the bytes of field 1 lie, {@link #start()}
     * and {@link #stop()} those of field 2.
     *
     * @return false where the current field is no such message, and nothing has happened
     */
    public boolean enteredPair() {
        int from = at;
        if (wireType != BYTES || end - from < PAIR_OVERHEAD) {
            return false;
        }
        int length = bytes[from];
        int first = bytes[from + 2];
        if (length < PAIR_OVERHEAD - 1
                || length > end - from - 1
                || bytes[from + 1] != PAIR_FIRST
                || first < 0
                || first > length - (PAIR_OVERHEAD - 1)) {
            return false;
        }
        int behindFirst = from + 3 + first;
        int stopAt = from + 1 + length;
        if (bytes[behindFirst] != PAIR_SECOND || bytes[behindFirst + 1] != stopAt - behindFirst - 2) {
            return false;
        }
        firstStart = from + 3;
        firstStop = behindFirst;
        start = behindFirst + 2;
        stop = stopAt;
        at = stopAt;
        pending = false;
        return true;
    }

    /** Where the bytes of the first field begin that {@link #enteredPair()} passed over. */
    public int firstStart() {
        return firstStart;
    }

    /** Where the bytes of the first field end that {@link #enteredPair()} passed over, exclusive. */
    public int firstStop() {
        return firstStop;
    }

    /**
     * Begins to read a repeated field of numbers, packed or not: as often as {@link #hasPacked} says, one of the
     * {@code packed} methods takes the next one; {@link #leave(int)} ends it.
     *
     * @return what {@link #leave(int)} is to be given
     */
    public int enterPacked() {
        pending = false;
        int outer = end;
        switch (wireType) {
            case BYTES -> {
                int length = length();
                end = at + length;
            }
            case VARINT -> {
                int from = at;
                varint64();
                end = at;
                at = from;
            }
            case FIXED64 -> end = checkedEnd(Long.BYTES);
            default -> throw damaged("numbers wanted, found wire type " + wireType);
        }
        return outer;
    }

    public boolean hasPacked() {
        return at < end;
    }

    /**
     * Begins to read a repeated field of numbers of one wire type, packed or not, as Prometheus does: the last number of a
     * packed field may go beyond the field, and the message then goes on behind it. As often as {@link #hasMore} says, one
     * of the {@code packed} methods takes the next one.
     *
     * @param expected of a number that is not packed, {@link #VARINT} or {@link #FIXED64}
     * @return where the field ends, for {@link #hasMore}
     */
    public int openPacked(int expected) {
        pending = false;
        if (wireType == BYTES) {
            int length = length();
            return at + length;
        }
        if (wireType != expected) {
            throw damaged("wire type " + expected + " wanted, found " + wireType);
        }
        return at + 1;
    }

    /** Whether there are more numbers before the end that {@link #openPacked} gave. */
    public boolean hasMore(int packedEnd) {
        return at < packedEnd;
    }

    public long packedInt64() {
        return varint64();
    }

    public long packedSint64() {
        return zigzag(varint64());
    }

    public double packedFloat64() {
        return Double.longBitsToDouble(fixed64());
    }

    private static long zigzag(long value) {
        return (value >>> 1) ^ -(value & 1);
    }

    private long fixed64() {
        int from = at;
        advance(Long.BYTES);
        return (long) LONGS.get(bytes, from);
    }

    /** The value of a field of type fixed32, sfixed32 or float, as bits. */
    public int fixed32() {
        take(FIXED32);
        int from = at;
        advance(Integer.BYTES);
        return (int) INTS.get(bytes, from);
    }

    private int length() {
        long length = varint64();
        if (length < 0 || length > end - at) {
            throw damaged("length " + Long.toUnsignedString(length) + " where " + (end - at) + " bytes are left");
        }
        return (int) length;
    }

    private int checkedEnd(int count) {
        if (count > end - at) {
            throw damaged("ends early");
        }
        return at + count;
    }

    private void advance(int count) {
        at = checkedEnd(count);
    }

    private long varint64() {
        int from = at;
        if (from < end && bytes[from] >= 0) {
            at = from + 1;
            return bytes[from];
        }
        if (from + 1 < end && bytes[from + 1] >= 0) {
            at = from + 2;
            return (bytes[from] & 0x7f) | bytes[from + 1] << 7;
        }
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES && from + i < end; i++) {
            byte b = bytes[from + i];
            value |= (b & 0x7fL) << (7 * i);
            if (b >= 0) {
                at = from + i + 1;
                return value;
            }
        }
        throw damaged("bad number");
    }

    private ProtobufException damaged(String what) {
        return new ProtobufException("protobuf: " + what + " at offset " + at);
    }
}
