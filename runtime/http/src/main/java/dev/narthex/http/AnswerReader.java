// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads an answer of HTTP/1.1 (RFC 9112) as it comes, in pieces of any size. Reused; for one thread at a time. The same
 * rules as of {@link HttpConnection}, which waits for what it reads.
 */
final class AnswerReader {
    private static final int MAX_LINE_BYTES = 1 << 16;
    private static final int MAX_CHUNK_DIGITS = 15;
    private static final int FIRST_LINE_BYTES = 128;

    private enum State {
        STATUS,
        FIELDS,
        BODY,
        BODY_TO_END,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        DONE
    }

    private State state = State.DONE;
    private ResponseHead head = new ResponseHead();
    private byte[] line = new byte[FIRST_LINE_BYTES];
    private int lineLength;
    private long left;
    private boolean begun;

    /** Begins with another answer. */
    void start() {
        state = State.STATUS;
        head = new ResponseHead();
        lineLength = 0;
        left = 0;
        begun = false;
    }

    /** The head, once the answer is complete. */
    ResponseHead head() {
        return head;
    }

    /** Whether any byte of the answer has come. */
    boolean isBegun() {
        return begun;
    }

    /**
     * Takes what has come; bytes behind the answer are left in it.
     *
     * @return whether the answer is complete
     */
    boolean take(ByteBuffer in, BodyBuffer into) throws IOException {
        begun |= in.hasRemaining();
        while (state != State.DONE && in.hasRemaining()) {
            switch (state) {
                case BODY, CHUNK -> takeBody(in, into);
                case BODY_TO_END -> into.add(in);
                default -> {
                    if (!takeLine(in)) {
                        return false;
                    }
                    endLine(into);
                    lineLength = 0;
                }
            }
        }
        return state == State.DONE;
    }

    /** Says that nothing more comes; an answer whose end that is not, is none. */
    void end() throws IOException {
        state = switch (state) {
            case BODY_TO_END -> State.DONE;
            case STATUS, FIELDS -> throw new IOException("unexpected end of the HTTP response header");
            default -> throw new IOException("unexpected end of the HTTP response body");
        };
    }

    private void takeBody(ByteBuffer in, BodyBuffer into) throws IOException {
        int limit = in.limit();
        int part = (int) Math.min(left, in.remaining());
        in.limit(in.position() + part);
        into.add(in);
        in.limit(limit);
        left -= part;
        if (left == 0) {
            state = state == State.CHUNK ? State.CHUNK_END : State.DONE;
        }
    }

    /** Collects the line up to its end; false where the end has not come. */
    private boolean takeLine(ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            byte next = in.get();
            if (next == '\n') {
                if (lineLength > 0 && line[lineLength - 1] == '\r') {
                    lineLength--;
                }
                return true;
            }
            if (lineLength == line.length) {
                if (lineLength >= MAX_LINE_BYTES) {
                    throw new IOException("HTTP response header is too large");
                }
                line = Arrays.copyOf(line, 2 * lineLength);
            }
            line[lineLength++] = next;
        }
        return false;
    }

    private void endLine(BodyBuffer into) throws IOException {
        switch (state) {
            case STATUS -> {
                head.statusLine(line, 0, lineLength);
                state = State.FIELDS;
            }
            case FIELDS -> {
                if (lineLength > 0) {
                    head.field(line, 0, lineLength);
                } else {
                    endHead(into);
                }
            }
            case CHUNK_SIZE -> beginChunk(into);
            case CHUNK_END -> state = State.CHUNK_SIZE;
            case TRAILER -> {
                if (lineLength == 0) {
                    state = State.DONE;
                }
            }
            case BODY, BODY_TO_END, CHUNK, DONE -> throw new IllegalStateException("a line in " + state);
        }
    }

    private void endHead(BodyBuffer into) throws IOException {
        if (head.status >= 100 && head.status < 200) {
            head = new ResponseHead();
            state = State.STATUS;
        } else if (head.isWithoutBody()) {
            state = State.DONE;
        } else if (head.chunked) {
            state = State.CHUNK_SIZE;
        } else if (head.contentLength == ResponseHead.UNKNOWN_LENGTH) {
            head.keepAlive = false;
            state = State.BODY_TO_END;
        } else {
            beginPart(head.contentLength, into);
            state = left == 0 ? State.DONE : State.BODY;
        }
    }

    private void beginChunk(BodyBuffer into) throws IOException {
        long size = 0;
        int p = 0;
        while (p < lineLength && Character.digit(line[p], 16) >= 0) {
            size = 16 * size + Character.digit(line[p], 16);
            p++;
            if (p > MAX_CHUNK_DIGITS) {
                throw new IOException("malformed chunk of an HTTP response");
            }
        }
        if (p == 0 || (p < lineLength && line[p] != ';' && line[p] != ' ')) {
            throw new IOException("malformed chunk of an HTTP response");
        }
        beginPart(size, into);
        state = left == 0 ? State.TRAILER : State.CHUNK;
    }

    private void beginPart(long length, BodyBuffer into) throws BodyTooLargeException {
        if (length > into.remaining()) {
            into.reserve(Integer.MAX_VALUE);
        }
        left = length;
    }
}
