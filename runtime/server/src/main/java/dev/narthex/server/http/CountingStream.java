// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.http;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Counts the bytes of a body on their way. */
final class CountingStream extends FilterOutputStream {
    private long countBytes;

    CountingStream(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
        countBytes++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
        countBytes += length;
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
