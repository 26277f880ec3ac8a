// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A connection to one host, by HTTP/1.1 or HTTP/2, for one request after the other. For one thread at a time; may be closed by any. */
final class HttpConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_LINE_BYTES = 1 << 16;

    private final TimedSocket plain;
    private final InputStream in;
    private final OutputStream out;
    private final BufferPool pool;

    private final AnswerReader reader = new AnswerReader();
    /** Speaks HTTP/2, where TLS has negotiated it. */
    private final @Nullable Http2Session http2;

    /**
     * A connection on a socket.
     *
     * @param plain the socket below, which keeps the time, and is closed without a word
     * @param socket what is written to and read from: the same, or TLS above it
     */
    HttpConnection(TimedSocket plain, Socket socket, BufferPool pool) throws IOException {
        this.plain = plain;
        this.pool = pool;
        in = socket.getInputStream();
        out = socket.getOutputStream();
        http2 = Dialer.speaksHttp2(socket) ? new Http2Session(in, out) : null;
    }

    /** Tells a proxy to open a tunnel; what follows on the socket is the target's. */
    void tunnel(byte[] request) throws IOException {
        out.write(request);
        ResponseHead head = new ResponseHead();
        byte[] line = line();
        head.statusLine(line, 0, line.length);
        for (line = line(); line.length > 0; line = line()) {
            head.field(line, 0, line.length);
        }
        if (head.status != 200) {
            throw new IOException("proxy refused to connect: HTTP status " + head.reason);
        }
    }

    /** A line without its end, byte by byte, so that nothing behind it is read. */
    private byte[] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] next = new byte[1];
        while (line.size() <= MAX_LINE_BYTES) {
            if (in.read(next, 0, 1) < 0) {
                throw new IOException("unexpected end of the proxy's answer");
            }
            if (next[0] == '\n') {
                byte[] bytes = line.toByteArray();
                boolean withReturn = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
                return withReturn ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
            }
            line.write(next[0]);
        }
        throw new IOException("a line of the proxy's answer is too long");
    }

    /** Whether the last request got any answer at all: a kept connection may have been closed at the other end. */
    boolean isAnswered() {
        return http2 == null ? reader.isBegun() : http2.isAnswered();
    }

    /**
     * Sends a request, by HTTP/2 where that was negotiated, and reads the whole answer.
     *
     * @return the head; its {@code keepAlive} says whether the connection can be used again
     */
    ResponseHead exchange(RequestFields request, BodyBuffer into, Deadline deadline) throws IOException {
        reader.start();
        byte[] buffer = pool.take(BUFFER_BYTES);
        try {
            plain.keep(deadline);
            if (http2 != null) {
                return http2.exchange(request.ofHttp2(), buffer, into);
            }
            send(request.ofHttp1());
            while (true) {
                int read = in.read(buffer, 0, buffer.length);
                if (read < 0) {
                    reader.end();
                    ResponseHead head = reader.head();
                    head.keepAlive = false;
                    return head;
                }
                ByteBuffer part = ByteBuffer.wrap(buffer, 0, read);
                if (reader.take(part, into)) {
                    ResponseHead head = reader.head();
                    head.keepAlive &= !part.hasRemaining();
                    return head;
                }
            }
        } catch (SocketTimeoutException _) {
            if (http2 == null && reader.endByStatus()) {
                return reader.head();
            }
            throw Deadline.exceeded();
        } finally {
            pool.give(buffer);
        }
    }

    private void send(byte[] request) throws IOException {
        try {
            out.write(request);
        } catch (SocketException e) {
            // The other end may have said why it has gone.
            try {
                if (in.read() >= 0) {
                    throw e;
                }
            } catch (SSLException alert) {
                alert.addSuppressed(e);
                throw alert;
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        plain.close();
    }
}
