// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.InvalidPathException;
import java.util.Locale;

/**
 * A socket on this machine that a path names, as far as {@link HttpConnection} and TLS above it need one: the JDK has
 * none that is a {@link Socket} and keeps time. For one thread at a time; may be closed by any.
 */
final class UnixSocket extends Socket {
    private final SocketChannel channel;
    private final Selector selector;
    private int timeoutMs;

    private UnixSocket(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    /**
     * Opens a connection.
     *
     * @throws IOException where nobody listens there; the message says why, as Go's does
     */
    static UnixSocket connect(String path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        boolean done = false;
        try {
            channel.configureBlocking(false);
            if (!channel.connect(UnixDomainSocketAddress.of(path))) {
                // Whoever listens has as many callers waiting as it lets wait.
                throw new SocketException("resource temporarily unavailable");
            }
            Selector selector = Selector.open();
            channel.register(selector, 0);
            done = true;
            return new UnixSocket(channel, selector);
        } catch (SocketException | InvalidPathException e) {
            String reason = e.getMessage() == null ? "connection refused" : e.getMessage();
            throw new IOException("dial unix " + path + ": connect: " + reason.toLowerCase(Locale.ROOT), e);
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public void setSoTimeout(int milliseconds) {
        timeoutMs = milliseconds;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMs;
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                ByteBuffer buffer = ByteBuffer.wrap(into, offset, length);
                int read = channel.read(buffer);
                while (read == 0) {
                    await(SelectionKey.OP_READ);
                    read = channel.read(buffer);
                }
                return read;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
                while (buffer.hasRemaining()) {
                    if (channel.write(buffer) == 0) {
                        await(SelectionKey.OP_WRITE);
                    }
                }
            }
        };
    }

    private void await(int operation) throws IOException {
        try {
            SelectionKey key = channel.keyFor(selector);
            if (key == null) {
                throw new ClosedChannelException();
            }
            key.interestOps(operation);
            int ready = selector.select(timeoutMs);
            selector.selectedKeys().clear();
            if (ready == 0 && channel.isOpen()) {
                throw new SocketTimeoutException("timed out");
            }
        } catch (ClosedSelectorException e) {
            throw new SocketException("socket closed", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        selector.close();
    }
}
