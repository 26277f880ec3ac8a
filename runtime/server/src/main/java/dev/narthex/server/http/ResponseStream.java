// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer on its way to the client. A body that fits the first piece goes out in one write with its
 * length; a longer one goes in chunks, at most one piece ahead of the socket, so that a slow client holds back the
 * writer and not the memory.
 */
final class ResponseStream extends OutputStream {
    private static final int FIRST_PIECE_BYTES = 32 << 10;
    /** Each piece takes two changes of threads, so long answers go in long pieces. */
    private static final int LARGEST_PIECE_BYTES = 256 << 10;

    private final HttpServerResponse response;
    private byte[] piece = new byte[1 << 10];
    private int size;
    private int limit = FIRST_PIECE_BYTES;
    private boolean chunked;
    private @Nullable Future<Void> onItsWay;

    ResponseStream(HttpServerResponse response) {
        this.response = response;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int at = from;
        int end = from + length;
        while (at < end) {
            if (size == limit) {
                send();
            }
            int count = Math.min(end - at, limit - size);
            ensure(size + count);
            System.arraycopy(bytes, at, piece, size, count);
            size += count;
            at += count;
        }
    }

    private void ensure(int capacity) {
        if (capacity > piece.length) {
            piece = Arrays.copyOf(piece, Math.min(limit, Math.max(capacity, 4 * piece.length)));
        }
    }

    private void send() throws IOException {
        if (!chunked) {
            chunked = true;
            response.setChunked(true);
        }
        awaitEarlier();
        // Nothing to write still sends the head of the answer.
        onItsWay = response.write(take());
        limit = Math.min(LARGEST_PIECE_BYTES, 2 * limit);
    }

    /** A copy of the piece, since the socket reads it later. */
    private Buffer take() {
        Buffer copy = Buffer.buffer(size).appendBytes(piece, 0, size);
        size = 0;
        return copy;
    }

    private void awaitEarlier() throws IOException {
        Future<Void> earlier = onItsWay;
        if (earlier == null) {
            return;
        }
        onItsWay = null;
        try {
            earlier.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new IOException("answer: the client has gone away", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException gone = new InterruptedIOException("answer: the client has gone away");
            gone.initCause(e);
            throw gone;
        }
    }

    /** Sends what there is so far: for an answer whose parts come in time. */
    @Override
    public void flush() throws IOException {
        send();
    }

    /** Ends the answer. */
    @Override
    public void close() throws IOException {
        awaitEarlier();
        if (size == 0) {
            response.end();
        } else {
            response.end(take());
        }
    }
}
