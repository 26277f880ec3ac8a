// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** A connection to one host, for one request after the other. For one thread at a time; may be closed by any. */
final class HttpConnection implements AutoCloseable {
    private static final int MAX_HEAD_BYTES = 1 << 16;
    private static final int MAX_CHUNK_DIGITS = 15;

    private final Socket plain;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final BufferPool pool;

    // Of the current answer: what has been read and not used yet.
    private byte[] buffer = new byte[0];
    private int at;
    private int end;
    private boolean answered;

    /**
     * A connection on a socket.
     *
     * @param plain the socket below, closed without a word
     * @param socket what is written to and read from: the same, or TLS above it
     */
    HttpConnection(Socket plain, Socket socket, BufferPool pool) throws IOException {
        this.plain = plain;
        this.socket = socket;
        this.pool = pool;
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** Whether TLS has negotiated HTTP/2, which this class does not speak. */
    boolean speaksHttp2() {
        return Dialer.speaksHttp2(socket);
    }

    /** Tells a proxy to open a tunnel; what follows on the socket is the target's. */
    void tunnel(byte[] request, Deadline deadline) throws IOException {
        buffer = pool.take(MAX_HEAD_BYTES);
        at = 0;
        end = 0;
        try {
            out.write(request);
            ResponseHead head = new ResponseHead();
            readHead(head, deadline);
            if (head.status / 100 != 2) {
                throw new IOException("proxy refused to connect: HTTP status " + head.status);
            }
        } finally {
            pool.give(buffer);
            buffer = new byte[0];
        }
    }

    /** Whether the last request got any answer at all: a kept connection may have been closed at the other end. */
    boolean isAnswered() {
        return answered;
    }

    /**
     * Sends a request and reads the whole answer.
     *
     * @return the head; its {@code keepAlive} says whether the connection can be used again
     */
    ResponseHead exchange(byte[] request, BodyBuffer into, Deadline deadline) throws IOException {
        answered = false;
        buffer = pool.take(MAX_HEAD_BYTES);
        at = 0;
        end = 0;
        try {
            out.write(request);
            ResponseHead head = new ResponseHead();
            readHead(head, deadline);
            while (head.status >= 100 && head.status < 200) {
                head = new ResponseHead();
                readHead(head, deadline);
            }
            readBody(head, into, deadline);
            head.keepAlive &= at == end;
            return head;
        } catch (SocketTimeoutException _) {
            throw Deadline.exceeded();
        } finally {
            pool.give(buffer);
            buffer = new byte[0];
        }
    }

    private void readHead(ResponseHead head, Deadline deadline) throws IOException {
        int lineEnd = line(deadline);
        head.statusLine(buffer, at, lineEnd);
        next(lineEnd);
        lineEnd = line(deadline);
        while (lineEnd > at) {
            head.field(buffer, at, lineEnd);
            next(lineEnd);
            lineEnd = line(deadline);
        }
        next(lineEnd);
    }

    /** The end of the line that starts at the next byte, without its line break, which is in the buffer too. */
    private int line(Deadline deadline) throws IOException {
        int p = at;
        while (true) {
            while (p < end) {
                if (buffer[p] == '\n') {
                    return p > at && buffer[p - 1] == '\r' ? p - 1 : p;
                }
                p++;
            }
            if (end == buffer.length) {
                if (at == 0) {
                    throw new IOException("HTTP response header is too large");
                }
                System.arraycopy(buffer, at, buffer, 0, end - at);
                p -= at;
                end -= at;
                at = 0;
            }
            int read = read(buffer, end, buffer.length - end, deadline);
            if (read < 0) {
                throw new IOException("unexpected end of the HTTP response header");
            }
            end += read;
        }
    }

    private void next(int lineEnd) {
        at = lineEnd + (buffer[lineEnd] == '\r' ? 2 : 1);
    }

    private void readBody(ResponseHead head, BodyBuffer into, Deadline deadline) throws IOException {
        if (head.isWithoutBody()) {
            return;
        }
        if (head.chunked) {
            long size = chunkSize(deadline);
            while (size > 0) {
                copy(size, into, deadline);
                next(line(deadline));
                size = chunkSize(deadline);
            }
            int lineEnd = line(deadline);
            while (lineEnd > at) {
                next(lineEnd);
                lineEnd = line(deadline);
            }
            next(lineEnd);
        } else if (head.contentLength != ResponseHead.UNKNOWN_LENGTH) {
            copy(head.contentLength, into, deadline);
        } else {
            head.keepAlive = false;
            copy(Long.MAX_VALUE, into, deadline);
        }
    }

    private long chunkSize(Deadline deadline) throws IOException {
        int lineEnd = line(deadline);
        long size = 0;
        int p = at;
        while (p < lineEnd && Character.digit(buffer[p], 16) >= 0) {
            size = 16 * size + Character.digit(buffer[p], 16);
            p++;
        }
        if (p == at || p - at > MAX_CHUNK_DIGITS || (p < lineEnd && buffer[p] != ';' && buffer[p] != ' ')) {
            throw new IOException("malformed chunk of an HTTP response");
        }
        next(lineEnd);
        return size;
    }

    /** Copies so many bytes of the body, or all up to the end of the stream. */
    private void copy(long length, BodyBuffer into, Deadline deadline) throws IOException {
        boolean toEnd = length == Long.MAX_VALUE;
        if (!toEnd && length > into.remaining()) {
            into.reserve(Integer.MAX_VALUE);
        }
        long left = length;
        int buffered = (int) Math.min(left, end - at);
        into.add(buffer, at, buffered);
        at += buffered;
        left -= buffered;
        if (!toEnd) {
            // Not all at once: the length is only what the target says.
            into.reserve((int) Math.min(left, MAX_HEAD_BYTES));
        }
        while (left > 0) {
            if (toEnd && into.remaining() == 0 && read(buffer, 0, 1, deadline) < 0) {
                return;
            }
            into.reserve(1);
            int room = (int) Math.min(left, into.room());
            int read = read(into.bytes(), into.size(), room, deadline);
            if (read < 0) {
                if (toEnd) {
                    return;
                }
                throw new IOException("unexpected end of the HTTP response body");
            }
            into.added(read);
            left -= read;
        }
    }

    private int read(byte[] into, int from, int length, Deadline deadline) throws IOException {
        socket.setSoTimeout(deadline.remainingMs());
        int read = in.read(into, from, length);
        answered |= read > 0;
        return read;
    }

    @Override
    public void close() throws IOException {
        plain.close();
    }
}
