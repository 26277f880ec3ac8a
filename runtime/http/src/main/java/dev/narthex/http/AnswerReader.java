// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads an answer of HTTP/1.1 (RFC 9112) as it comes, in pieces of any size, as strictly as Go's client. Reused; for one
 * thread at a time.
 */
final class AnswerReader {
    private static final int OK = 200;
    private static final int MAX_HEAD_BYTES = 1 << 20;
    private static final int MAX_CHUNK_LINE_BYTES = 1 << 12;
    private static final int MAX_CHUNK_DIGITS = 16;
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
    private final ResponseHead trailer = new ResponseHead();
    private byte[] line = new byte[FIRST_LINE_BYTES];
    private int lineLength;
    private int headBytes;
    private long left;
    private boolean begun;
    /** A field has come to the end of its line, and goes on if the next line begins with a blank. */
    private boolean folding;

    private boolean skipping;

    /** Begins with another answer. */
    void start() {
        state = State.STATUS;
        head = new ResponseHead();
        if (line.length > MAX_CHUNK_LINE_BYTES) {
            line = new byte[FIRST_LINE_BYTES];
        }
        lineLength = 0;
        headBytes = 0;
        left = 0;
        begun = false;
        folding = false;
        skipping = false;
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
        try {
            return takeAll(in, into);
        } catch (IOException e) {
            if (!isInBody() || head.status == OK) {
                throw e;
            }
            // What the status says counts, whatever becomes of the body.
            endEarly();
            return true;
        }
    }

    private boolean isInBody() {
        return state != State.STATUS && state != State.FIELDS;
    }

    /**
     * Ends an answer whose status says how it went, though its body has not come: nobody reads that.
     *
     * @return whether it was such a one
     */
    boolean endByStatus() {
        if (!isInBody() || state == State.DONE || !head.saysAll()) {
            return false;
        }
        endEarly();
        return true;
    }

    private void endEarly() {
        head.keepAlive = false;
        state = State.DONE;
    }

    private boolean takeAll(ByteBuffer in, BodyBuffer into) throws IOException {
        while (state != State.DONE && in.hasRemaining()) {
            switch (state) {
                case BODY, CHUNK -> takeBody(in, into);
                case BODY_TO_END -> into.add(in);
                case CHUNK_END -> endChunk(in);
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
        if (isInBody() && head.status != OK) {
            endEarly();
            return;
        }
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

    /** A chunk ends with a line break. */
    private void endChunk(ByteBuffer in) throws IOException {
        byte next = in.get();
        if (next != (lineLength == 0 ? '\r' : '\n')) {
            throw malformedChunk();
        }
        lineLength++;
        if (next == '\n') {
            lineLength = 0;
            state = State.CHUNK_SIZE;
        }
    }

    /** Collects the line up to its end; false where the end has not come. */
    private boolean takeLine(ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            if (folding) {
                byte following = in.get(in.position());
                folding = false;
                if (following != ' ' && following != '\t') {
                    return true;
                }
                unfold();
            }
            byte next = in.get();
            if (skipping && (next == ' ' || next == '\t')) {
                continue;
            }
            skipping = false;
            if (next == '\n') {
                if (state == State.CHUNK_SIZE && (lineLength == 0 || line[lineLength - 1] != '\r')) {
                    throw malformedChunk();
                }
                if (lineLength > 0 && line[lineLength - 1] == '\r') {
                    lineLength--;
                }
                if (lineLength == 0 || !(state == State.FIELDS || state == State.TRAILER)) {
                    return true;
                }
                folding = true;
                continue;
            }
            if (lineLength == line.length) {
                line = Arrays.copyOf(line, 2 * lineLength);
            }
            line[lineLength++] = next;
            if (state == State.CHUNK_SIZE ? lineLength > MAX_CHUNK_LINE_BYTES : ++headBytes > MAX_HEAD_BYTES) {
                throw new IOException("HTTP response header is too large");
            }
        }
        return false;
    }

    /** One blank stands for all around the break of a line. */
    private void unfold() {
        while (lineLength > 0 && (line[lineLength - 1] == ' ' || line[lineLength - 1] == '\t')) {
            lineLength--;
        }
        line[lineLength++] = ' ';
        skipping = true;
    }

    private static IOException malformedChunk() {
        return new IOException("malformed chunk of an HTTP response");
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
            case TRAILER -> {
                if (lineLength == 0) {
                    state = State.DONE;
                } else {
                    // Of no interest, but as well-formed as any.
                    trailer.field(line, 0, lineLength);
                }
            }
            case BODY, BODY_TO_END, CHUNK, CHUNK_END, DONE -> throw new IllegalStateException("a line in " + state);
        }
    }

    private void endHead(BodyBuffer into) throws IOException {
        head.end();
        if (head.isInformational()) {
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
        int end = lineLength;
        while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t' || line[end - 1] == '\r')) {
            end--;
        }
        long size = 0;
        int p = 0;
        while (p < end && Character.digit(line[p], 16) >= 0) {
            size = 16 * size + Character.digit(line[p], 16);
            p++;
        }
        if (p == 0 || p > MAX_CHUNK_DIGITS || (p < end && line[p] != ';')) {
            throw malformedChunk();
        }
        beginPart(size < 0 ? Long.MAX_VALUE : size, into);
        state = left == 0 ? State.TRAILER : State.CHUNK;
    }

    private void beginPart(long length, BodyBuffer into) throws BodyTooLargeException {
        if (length > into.remaining()) {
            into.reserve(Integer.MAX_VALUE);
        }
        left = length;
    }
}
