// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;

/**
 * A connected socket that keeps a deadline whoever reads from it, TLS and handshakes with proxies too: a timeout of a socket
 * begins again with each byte, so that another end that sends one now and then would never be given up. For one thread at a
 * time; may be closed by any.
 */
final class TimedSocket extends Socket {
    private final Socket socket;
    private volatile Deadline deadline;

    /** @param socket a connected one */
    TimedSocket(Socket socket, Deadline deadline) {
        this.socket = socket;
        this.deadline = deadline;
    }

    /** From now on reads are to be over by another time. */
    void keep(Deadline newDeadline) {
        deadline = newDeadline;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(socket.getInputStream()) {
            @Override
            public int read() throws IOException {
                awaitNoLonger();
                return in.read();
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                awaitNoLonger();
                return in.read(into, offset, length);
            }
        };
    }

    private void awaitNoLonger() throws IOException {
        try {
            socket.setSoTimeout(deadline.remainingMs());
        } catch (HttpTimeoutException _) {
            throw new SocketTimeoutException("the deadline has passed");
        }
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return socket.getOutputStream();
    }

    /** Does nothing: the deadline says how long reads may take. */
    @Override
    public void setSoTimeout(int milliseconds) {
        // As said.
    }

    @Override
    public int getSoTimeout() {
        return 0;
    }

    @Override
    public boolean isConnected() {
        return socket.isConnected();
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public InetAddress getInetAddress() {
        return socket.getInetAddress();
    }

    @Override
    public int getPort() {
        return socket.getPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
