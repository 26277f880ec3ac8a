// SPDX-License-Identifier: Apache-2.0
package dev.narthex.remote.read;

import dev.narthex.model.MatchOp;
import dev.narthex.wire.ProtobufException;
import dev.narthex.wire.ProtobufReader;
import dev.narthex.wire.SnappyBlock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The message {@code ReadRequest}.
 *
 * @param queries each answered by itself
 * @param isStreamed whether the answer is to be streamed in chunks rather than given as samples
 */
record ReadRequest(List<Query> queries, boolean isStreamed) {
    private static final long SAMPLES = 0;
    private static final long STREAMED_XOR_CHUNKS = 1;

    /** What a series must meet; the operator is null where the message has one that there is not. */
    record Matcher(@Nullable MatchOp op, String name, String value) {}

    /** What the reader is going to do; the range takes the place of that of the query. */
    record Hints(long startMs, long endMs, long stepMs, long rangeMs, String function) {}

    /** One question. */
    record Query(
            long startMs,
            long endMs,
            List<Matcher> matchers,
            @Nullable Hints hints) {
        Query {
            matchers = List.copyOf(matchers);
        }

        long fromMs() {
            return hints == null ? startMs : hints.startMs;
        }

        long toMs() {
            return hints == null ? endMs : hints.endMs;
        }
    }

    ReadRequest {
        queries = List.copyOf(queries);
    }

    /**
     * Reads the compressed message.
     *
     * @throws RemoteReadException when it is none, or asks for an answer that there is not
     */
    static ReadRequest parse(byte[] body, int maxBytes) throws RemoteReadException {
        byte[] message = uncompress(body, maxBytes);
        List<Query> queries = new ArrayList<>();
        List<Long> accepted = new ArrayList<>();
        try {
            ProtobufReader reader = new ProtobufReader().over(message, 0, message.length);
            for (int field = reader.next(); field != 0; field = reader.next()) {
                switch (field) {
                    case 1 -> queries.add(query(reader));
                    case 2 -> types(reader, accepted);
                    default -> {}
                }
            }
        } catch (ProtobufException e) {
            throw new RemoteReadException(400, String.valueOf(e.getMessage()));
        }
        return new ReadRequest(queries, isStreamed(accepted));
    }

    private static byte[] uncompress(byte[] body, int maxBytes) throws RemoteReadException {
        int length = SnappyBlock.uncompressedLength(body, 0, body.length);
        if (length > maxBytes) {
            throw new RemoteReadException(
                    400, "snappy: decoded length " + length + ", more than " + maxBytes + "; ask for less at once");
        }
        byte[] message = new byte[Math.max(0, length)];
        if (length < 0 || !SnappyBlock.uncompress(body, 0, body.length, message, 0, length)) {
            throw new RemoteReadException(400, "snappy: corrupt input");
        }
        return message;
    }

    private static void types(ProtobufReader reader, List<Long> into) {
        if (reader.wireType() != ProtobufReader.BYTES) {
            into.add(reader.int64());
            return;
        }
        int outer = reader.enterPacked();
        while (reader.hasPacked()) {
            into.add(reader.packedInt64());
        }
        reader.leave(outer);
    }

    private static boolean isStreamed(List<Long> accepted) throws RemoteReadException {
        for (long type : accepted) {
            if (type == SAMPLES || type == STREAMED_XOR_CHUNKS) {
                return type == STREAMED_XOR_CHUNKS;
            }
        }
        if (accepted.isEmpty()) {
            return false;
        }
        throw new RemoteReadException(
                400,
                "server does not support any of the requested response types: "
                        + accepted.toString().replace(",", "")
                        + "; supported: map[SAMPLES:{} STREAMED_XOR_CHUNKS:{}]");
    }

    private static Query query(ProtobufReader reader) {
        int outer = reader.enter();
        long startMs = 0;
        long endMs = 0;
        List<Matcher> matchers = new ArrayList<>();
        Hints hints = null;
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 1 -> startMs = reader.int64();
                case 2 -> endMs = reader.int64();
                case 3 -> matchers.add(matcher(reader));
                case 4 -> hints = hints(reader);
                default -> {}
            }
        }
        reader.leave(outer);
        return new Query(startMs, endMs, matchers, hints);
    }

    private static Matcher matcher(ProtobufReader reader) {
        int outer = reader.enter();
        long type = 0;
        String name = "";
        String value = "";
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 1 -> type = reader.int64();
                case 2 -> name = reader.text();
                case 3 -> value = reader.text();
                default -> {}
            }
        }
        reader.leave(outer);
        MatchOp op = switch ((int) type) {
            case 0 -> MatchOp.EQUAL;
            case 1 -> MatchOp.NOT_EQUAL;
            case 2 -> MatchOp.REGEX;
            case 3 -> MatchOp.NOT_REGEX;
            default -> null;
        };
        return new Matcher(op, name, value);
    }

    private static Hints hints(ProtobufReader reader) {
        int outer = reader.enter();
        long stepMs = 0;
        String function = "";
        long startMs = 0;
        long endMs = 0;
        long rangeMs = 0;
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 1 -> stepMs = reader.int64();
                case 2 -> function = reader.text();
                case 3 -> startMs = reader.int64();
                case 4 -> endMs = reader.int64();
                case 7 -> rangeMs = reader.int64();
                default -> {}
            }
        }
        reader.leave(outer);
        return new Hints(startMs, endMs, stepMs, rangeMs, function);
    }
}
