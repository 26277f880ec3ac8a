// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/**
 * Counts the bytes of a body on their way, and ends the body at the next piece once its thread was interrupted because the
 * client has gone. It stands before compression: megabytes may be compressed before the socket is written to again.
 */
final class CountingStream extends FilterOutputStream {
    private long countBytes;

    CountingStream(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        requireClient();
        out.write(b);
        countBytes++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        requireClient();
        out.write(bytes, from, length);
        countBytes += length;
    }

    private static void requireClient() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("answer: the client has gone away");
        }
    }

    /** Without the flush that {@link FilterOutputStream} has here, which would cut a short answer into pieces. */
    @Override
    public void close() throws IOException {
        out.close();
    }

    long countBytes() {
        return countBytes;
    }
}
