// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.http.HeaderFields.Field;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * HTTP/2 (RFC 9113) on one connection, as a client that has one request under way at a time and reads only while it waits for
 * its answer: what another end sends beside that comes to a halt by itself. Settings and windows are those of Go's client.
 * After a failure the connection cannot be used any more. For one thread at a time.
 */
final class Http2Session {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_BYTES = 9;
    private static final int MAX_FRAME_BYTES = 1 << 14;
    private static final int MAX_HEAD_BYTES = 1 << 20;
    /** Frames within one answer that are no part of it, and headers in pieces: more are a flood. */
    private static final int MAX_OTHER_FRAMES = 1000;
    /** Those of them that are answered; what is answered may fill what the other end does not read. */
    private static final int MAX_ECHOES = 100;

    private static final int STREAM_WINDOW_BYTES = 4 << 20;
    private static final int CONNECTION_WINDOW_BYTES = 1 << 30;
    private static final int DEFAULT_TABLE_BYTES = 4096;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PUSH_PROMISE = 5;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;

    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 0x20;
    private static final int PRIORITY_BYTES = 5;

    private static final int SETTING_TABLE_SIZE = 1;
    private static final int SETTING_PUSH = 2;
    private static final int SETTING_WINDOW = 4;
    private static final int SETTING_FRAME_SIZE = 5;
    private static final int SETTING_LIST_SIZE = 6;
    private static final int LIST_BYTES = 10 << 20;

    private final InputStream in;
    private final OutputStream out;
    private final byte[] frameHead = new byte[HEAD_BYTES];
    private final HeaderFields fields = new HeaderFields();

    private boolean begun;
    private int stream = -1;
    private boolean leaving;
    /** What the other end's table for our fields may hold, where that has become less than at the beginning. */
    private int tableBytes = DEFAULT_TABLE_BYTES;

    private int toldTableBytes = DEFAULT_TABLE_BYTES;
    private int consumed;

    // Of the current answer.
    private boolean answered;
    private int others;
    private int echoes;
    private ResponseHead head = new ResponseHead();
    private long bodyBytes;
    private int streamConsumed;

    Http2Session(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /** Whether anything of the last answer has come. */
    boolean isAnswered() {
        return answered;
    }

    /**
     * Sends a request without a body and reads its answer.
     *
     * @param request its fields in order, names in lower case
     * @param buffer for frames, of at least 16 KiB
     * @return the head; its {@code keepAlive} says whether another request can follow
     */
    ResponseHead exchange(List<Field> request, byte[] buffer, BodyBuffer into) throws IOException {
        answered = false;
        others = 0;
        echoes = 0;
        head = new ResponseHead();
        bodyBytes = 0;
        streamConsumed = 0;
        stream += 2;
        send(request);
        try {
            return read(buffer, into);
        } catch (IOException e) {
            if (head.status == 0 || !head.saysAll()) {
                throw e;
            }
            // What the status says counts, whatever becomes of the body.
            head.keepAlive = false;
            return head;
        }
    }

    private ResponseHead read(byte[] buffer, BodyBuffer into) throws IOException {
        boolean hasHead = false;
        while (true) {
            readFully(frameHead, 0, HEAD_BYTES);
            int length = (frameHead[0] & 0xff) << 16 | (frameHead[1] & 0xff) << 8 | (frameHead[2] & 0xff);
            int type = frameHead[3] & 0xff;
            int flags = frameHead[4] & 0xff;
            int of = ByteBuffer.wrap(frameHead).getInt(5) & Integer.MAX_VALUE;
            if (length > MAX_FRAME_BYTES) {
                throw Http2Exception.protocol("frame too large");
            }
            readFully(buffer, 0, length);
            boolean own = of == stream;
            switch (type) {
                case HEADERS -> {
                    require(own, "headers of another stream");
                    answered = true;
                    List<Field> read = headers(flags, buffer, length);
                    if (!hasHead) {
                        hasHead = takeHead(read);
                    }
                    if ((flags & END_STREAM) != 0) {
                        require(hasHead, "an answer in between that ends the stream");
                        return end();
                    }
                    // What comes in between, and trailers, come once or twice.
                    countOther();
                }
                case DATA -> {
                    require(own && hasHead, "data before headers");
                    take(flags, buffer, length, into);
                    if ((flags & END_STREAM) != 0) {
                        return end();
                    }
                    if (length == 0) {
                        countOther();
                    }
                }
                default -> {
                    countOther();
                    control(type, flags, of, buffer, length);
                }
            }
        }
    }

    private static void require(boolean fulfilled, String otherwise) throws IOException {
        if (!fulfilled) {
            throw Http2Exception.protocol("protocol error: " + otherwise);
        }
    }

    private void countOther() throws IOException {
        if (++others > MAX_OTHER_FRAMES) {
            throw Http2Exception.protocol("too many frames that are no part of the answer");
        }
    }

    private void send(List<Field> request) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!begun) {
            begun = true;
            bytes.writeBytes(PREFACE);
            ByteBuffer settings = ByteBuffer.allocate(24);
            settings.putShort((short) SETTING_PUSH).putInt(0);
            settings.putShort((short) SETTING_WINDOW).putInt(STREAM_WINDOW_BYTES);
            settings.putShort((short) SETTING_FRAME_SIZE).putInt(MAX_FRAME_BYTES);
            settings.putShort((short) SETTING_LIST_SIZE).putInt(LIST_BYTES);
            frame(bytes, SETTINGS, 0, 0, settings.array(), 0, settings.capacity());
            frame(bytes, WINDOW_UPDATE, 0, 0, number(CONNECTION_WINDOW_BYTES), 0, 4);
        }
        byte[] block = block(request);
        int from = 0;
        do {
            int to = Math.min(block.length, from + MAX_FRAME_BYTES);
            int type = from == 0 ? HEADERS : CONTINUATION;
            int flags = (from == 0 ? END_STREAM : 0) | (to == block.length ? END_HEADERS : 0);
            frame(bytes, type, flags, stream, block, from, to - from);
            from = to;
        } while (from < block.length);
        out.write(bytes.toByteArray());
        out.flush();
    }

    /** Fields as texts that no table keeps (RFC 7541, section 6.2.2). */
    private byte[] block(List<Field> request) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        if (tableBytes < toldTableBytes) {
            toldTableBytes = tableBytes;
            number(block, 0x20, 5, tableBytes);
        }
        for (Field field : request) {
            block.write(0);
            text(block, field.name());
            text(block, field.value());
        }
        return block.toByteArray();
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(block, 0, 7, bytes.length);
        block.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream block, int first, int bits, int number) {
        int most = (1 << bits) - 1;
        if (number < most) {
            block.write(first | number);
            return;
        }
        block.write(first | most);
        int rest = number - most;
        for (; rest > 0x7f; rest >>>= 7) {
            block.write((rest & 0x7f) | 0x80);
        }
        block.write(rest);
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    private static void frame(
            ByteArrayOutputStream bytes, int type, int flags, int stream, byte[] payload, int from, int length) {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        head.putInt(length << 8 | type).put((byte) flags).putInt(stream);
        bytes.writeBytes(head.array());
        bytes.write(payload, from, length);
    }

    private void reply(int type, int flags, int of, byte[] payload, int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        frame(bytes, type, flags, of, payload, 0, length);
        out.write(bytes.toByteArray());
        out.flush();
    }

    private void readFully(byte[] buffer, int offset, int length) throws IOException {
        if (in.readNBytes(buffer, offset, length) < length) {
            throw new EOFException("unexpected end of the HTTP/2 connection");
        }
    }

    /** What a frame holds without its padding. */
    private static ByteBuffer content(int flags, byte[] buffer, int length) throws IOException {
        if ((flags & PADDED) == 0) {
            return ByteBuffer.wrap(buffer, 0, length);
        }
        int padding = buffer[0] & 0xff;
        require(length > padding, "padding");
        return ByteBuffer.wrap(buffer, 1, length - 1 - padding);
    }

    /** The fields of a block, which may go on in further frames. */
    private List<Field> headers(int flags, byte[] buffer, int length) throws IOException {
        ByteBuffer content = content(flags, buffer, length);
        int priority = (flags & PRIORITY) != 0 ? PRIORITY_BYTES : 0;
        require(priority <= content.remaining(), "padding");
        byte[] block = Arrays.copyOfRange(buffer, content.position() + priority, content.limit());
        for (int last = flags; (last & END_HEADERS) == 0; ) {
            readFully(frameHead, 0, HEAD_BYTES);
            int more = (frameHead[0] & 0xff) << 16 | (frameHead[1] & 0xff) << 8 | (frameHead[2] & 0xff);
            int of = ByteBuffer.wrap(frameHead).getInt(5) & Integer.MAX_VALUE;
            require(frameHead[3] == CONTINUATION && of == stream && more <= MAX_FRAME_BYTES, "no continuation");
            countOther();
            if (block.length + more > MAX_HEAD_BYTES) {
                throw Http2Exception.protocol("response header list larger than advertised limit");
            }
            readFully(buffer, 0, more);
            int before = block.length;
            block = Arrays.copyOf(block, before + more);
            System.arraycopy(buffer, 0, block, before, more);
            last = frameHead[4];
        }
        return fields.read(block, block.length, MAX_HEAD_BYTES);
    }

    /** Whether these are the fields of the answer, and not of one in between. */
    private boolean takeHead(List<Field> read) throws IOException {
        ResponseHead next = new ResponseHead();
        for (Field field : read) {
            if (field.name().equals(":status")) {
                next.status = status(field.value());
            } else if (!field.name().startsWith(":")) {
                byte[] line = (field.name() + ":" + field.value()).getBytes(StandardCharsets.ISO_8859_1);
                next.field(line, 0, line.length);
            }
        }
        if (next.status == 0) {
            throw Http2Exception.malformed(stream, "missing status pseudo header");
        }
        if (next.isInformational()) {
            return false;
        }
        next.end();
        head = next;
        return true;
    }

    private int status(String value) throws IOException {
        if (!value.matches("[0-9]{3}")) {
            throw Http2Exception.malformed(stream, "malformed non-numeric status pseudo header");
        }
        return Integer.parseInt(value);
    }

    private void take(int flags, byte[] buffer, int length, BodyBuffer into) throws IOException {
        ByteBuffer content = content(flags, buffer, length);
        bodyBytes += content.remaining();
        if (head.contentLength != ResponseHead.UNKNOWN_LENGTH && bodyBytes > head.contentLength) {
            throw new IOException("net/http: server replied with more than declared Content-Length; truncated");
        }
        into.add(content);
        consumed += length;
        streamConsumed += length;
        if (streamConsumed >= STREAM_WINDOW_BYTES / 2) {
            reply(WINDOW_UPDATE, 0, stream, number(streamConsumed), 4);
            streamConsumed = 0;
        }
        if (consumed >= CONNECTION_WINDOW_BYTES / 2) {
            reply(WINDOW_UPDATE, 0, 0, number(consumed), 4);
            consumed = 0;
        }
    }

    private ResponseHead end() throws IOException {
        boolean lacking = head.contentLength != ResponseHead.UNKNOWN_LENGTH && bodyBytes < head.contentLength;
        if (lacking && !head.isWithoutBody()) {
            throw new IOException("unexpected EOF");
        }
        head.keepAlive = !leaving && stream < Integer.MAX_VALUE - 2;
        return head;
    }

    private void control(int type, int flags, int of, byte[] payload, int length) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(payload, 0, length);
        switch (type) {
            case RST_STREAM -> {
                require(length == 4, "frame size");
                if (of == stream) {
                    answered = true;
                    throw Http2Exception.reset(stream, content.getInt());
                }
            }
            case SETTINGS -> {
                require(of == 0 && length % 6 == 0, "settings");
                if ((flags & ACK) == 0) {
                    takeSettings(content);
                    countEcho();
                    reply(SETTINGS, ACK, 0, payload, 0);
                }
            }
            case PING -> {
                require(of == 0 && length == 8, "ping");
                if ((flags & ACK) == 0) {
                    countEcho();
                    reply(PING, ACK, 0, payload, length);
                }
            }
            case GOAWAY -> {
                require(of == 0 && length >= 8, "frame size");
                leaving = true;
                if ((content.getInt() & Integer.MAX_VALUE) < stream) {
                    throw Http2Exception.goAway(content.getInt());
                }
            }
            case PUSH_PROMISE -> throw Http2Exception.protocol("protocol error: pushed though not wanted");
            case CONTINUATION -> throw Http2Exception.protocol("protocol error: a continuation of nothing");
            default -> {
                // Of no interest, or of a kind that is not known.
            }
        }
    }

    private void countEcho() throws IOException {
        if (++echoes > MAX_ECHOES) {
            throw Http2Exception.protocol("too many frames that want an answer");
        }
    }

    private void takeSettings(ByteBuffer settings) {
        while (settings.hasRemaining()) {
            int name = settings.getShort();
            int value = settings.getInt();
            if (name == SETTING_TABLE_SIZE) {
                tableBytes = value < 0 ? DEFAULT_TABLE_BYTES : Math.min(value, DEFAULT_TABLE_BYTES);
            }
        }
    }
}
