// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import dev.narthex.model.time.Scheduler;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A {@link RepeatedCall} in the clear, straight to the target, on an {@link HttpLoop}. Its fields are the loop's thread's. */
final class LoopCall implements RepeatedCall {
    /** Larger bodies keep the thread too long. */
    private static final int MAX_OWN_BODY_BYTES = 1 << 19;

    private static final int MAX_READS = 16;
    private static final long MAX_IDLE_NANOS = Duration.ofMinutes(5).toNanos();

    private final HttpLoop loop;
    private final String host;
    private final int port;
    /** The host, where that is an address and no name. */
    private final @Nullable InetAddress literal;

    private final ByteBuffer request;
    private final Duration timeout;
    private final boolean followsRedirects;
    private final BodyBuffer body;
    private final Listener listener;
    private final AnswerReader reader = new AnswerReader();

    private @Nullable SelectionKey connection;
    private long idleSinceNanos;
    private boolean waiting;
    private boolean closing;
    /** The connection was there before this call: the other end may have closed it. */
    private boolean kept;
    /** Tells the calls apart for those who come late. */
    private long calls;

    /** Made once: who is asked each second would make one each second. */
    private final Runnable expiry = this::expire;

    private Scheduler.@Nullable Task timer;

    LoopCall(
            HttpLoop loop,
            Route route,
            byte[] request,
            Duration timeout,
            boolean followsRedirects,
            BodyBuffer body,
            Listener listener) {
        this.loop = loop;
        host = route.host();
        port = route.port();
        this.request = ByteBuffer.allocateDirect(request.length).put(request);
        this.timeout = timeout;
        this.followsRedirects = followsRedirects;
        this.body = body;
        this.listener = listener;
        literal = literal(host);
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    @Override
    public void start() {
        if (loop.isOwnThread()) {
            begin();
        } else {
            loop.execute(this::begin);
        }
    }

    @Override
    public void close() {
        loop.execute(() -> {
            closing = true;
            if (!waiting) {
                drop();
            }
        });
    }

    private void begin() {
        waiting = true;
        calls++;
        timer = loop.scheduleBrief(timeout, expiry);
        if (loop.isClosed()) {
            fail(new IOException("the client is closed"));
            return;
        }
        if (connection != null && loop.ticker().nanos() - idleSinceNanos > MAX_IDLE_NANOS) {
            drop();
        }
        if (connection == null) {
            dial();
        } else {
            kept = true;
            send(connection);
        }
    }

    /** The time is over. What has come meanwhile counts, though there was no time yet to look at it. */
    private void expire() {
        if (!waiting) {
            return;
        }
        SelectionKey key = connection;
        if (key != null && key.isValid() && key.interestOps() != SelectionKey.OP_CONNECT) {
            read(key);
        }
        if (waiting && key != null && reader.endByStatus()) {
            complete(false);
        } else if (waiting) {
            fail(Deadline.exceeded());
        }
    }

    /** Connects: at once where the host is an address, else once another thread has looked the name up, as that blocks. */
    private void dial() {
        kept = false;
        reader.start();
        if (literal != null) {
            connect(new InetSocketAddress(literal, port));
            return;
        }
        long call = calls;
        HttpLoop.fork(() -> {
            InetSocketAddress address = new InetSocketAddress(host, port);
            loop.execute(() -> {
                if (!waiting || call != calls) {
                    return;
                }
                if (address.isUnresolved()) {
                    fail(Failures.ofDialing(new UnknownHostException(), host, port));
                } else {
                    connect(address);
                }
            });
        });
    }

    private void connect(InetSocketAddress address) {
        if (loop.isClosed()) {
            fail(new IOException("the client is closed"));
            return;
        }
        try {
            SocketChannel channel = SocketChannel.open();
            SelectionKey key;
            try {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                key = loop.register(channel, this);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            connection = key;
            if (channel.connect(address)) {
                send(key);
            } else {
                key.interestOps(SelectionKey.OP_CONNECT);
            }
        } catch (IOException e) {
            notConnected(e);
        }
    }

    private void finishConnecting(SelectionKey key) {
        try {
            ((SocketChannel) key.channel()).finishConnect();
            key.interestOps(SelectionKey.OP_READ);
            send(key);
        } catch (IOException e) {
            notConnected(e);
        }
    }

    private void notConnected(IOException failure) {
        boolean refused = failure instanceof ConnectException || failure instanceof NoRouteToHostException;
        fail(refused ? Failures.ofDialing(failure, host, port) : failure);
    }

    private void send(SelectionKey key) {
        reader.start();
        request.rewind();
        write(key);
    }

    private void write(SelectionKey key) {
        try {
            ((SocketChannel) key.channel()).write(request);
            int interest = request.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
            if (key.interestOps() != interest) {
                key.interestOps(interest);
            }
        } catch (IOException e) {
            lost(e);
        }
    }

    /** The connection is gone. Where it had been closed while it waited, the request has not been worked on. */
    private void lost(IOException failure) {
        if (kept && !reader.isBegun()) {
            drop();
            dial();
        } else {
            fail(failure);
        }
    }

    /** The socket can be read or written. */
    void ready() {
        SelectionKey key = connection;
        if (key == null || !key.isValid()) {
            return;
        }
        if (!waiting) {
            // Closed by the other end, or else something that nobody has asked for.
            drop();
            return;
        }
        if (key.isConnectable()) {
            finishConnecting(key);
            return;
        }
        if (key.isWritable() && request.hasRemaining()) {
            write(key);
        }
        if (waiting && key.isValid() && key.isReadable()) {
            read(key);
        }
    }

    private void read(SelectionKey key) {
        ByteBuffer scratch = loop.scratch();
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            for (int i = 0; i < MAX_READS; i++) {
                scratch.clear();
                int read = channel.read(scratch);
                if (read < 0) {
                    if (kept && !reader.isBegun()) {
                        lost(new IOException("closed"));
                    } else {
                        reader.end();
                        complete(false);
                    }
                    return;
                }
                boolean full = !scratch.hasRemaining();
                scratch.flip();
                if (reader.take(scratch, body)) {
                    complete(reader.head().keepAlive && !scratch.hasRemaining());
                    return;
                }
                if (!full) {
                    return;
                }
            }
        } catch (BodyTooLargeException e) {
            fail(e);
        } catch (IOException e) {
            lost(e);
        }
    }

    private void complete(boolean reusable) {
        ended(reusable && !request.hasRemaining());
        ResponseHead head = reader.head();
        if (followsRedirects && Redirects.isRedirect(head.status) && !head.location.isEmpty()) {
            listener.redirected();
            return;
        }
        HttpAnswer answer = HttpAnswer.of(head);
        if (body.size() > MAX_OWN_BODY_BYTES || loop.isLate()) {
            HttpLoop.fork(() -> listener.answered(answer));
        } else {
            listener.answered(answer);
        }
    }

    private void fail(IOException failure) {
        ended(false);
        boolean plain = failure instanceof BodyTooLargeException || failure instanceof HttpTimeoutException;
        listener.failed(plain ? failure : Failures.explained(failure));
    }

    /** Fails the call that is on its way, and closes the connection. */
    void abort(IOException failure) {
        if (waiting) {
            fail(failure);
        } else {
            drop();
        }
    }

    private void ended(boolean reusable) {
        waiting = false;
        Scheduler.Task waitingFor = timer;
        if (waitingFor != null) {
            waitingFor.cancel();
            timer = null;
        }
        if (reusable && !closing) {
            idleSinceNanos = loop.ticker().nanos();
        } else {
            drop();
        }
    }

    private void drop() {
        SelectionKey key = connection;
        connection = null;
        if (key != null) {
            loop.drop(key);
        }
    }
}
