// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that opens tunnels, and notes what it was asked. */
final class TunnelProxy implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final String answer;

    private final boolean answersAtOnce;

    TunnelProxy(String answer) throws IOException {
        this(answer, false);
    }

    /** @param answersAtOnce whether it says its answer to whoever connects, and nothing else */
    TunnelProxy(String answer, boolean answersAtOnce) throws IOException {
        this.answer = answer;
        this.answersAtOnce = answersAtOnce;
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** The heads of all requests so far. */
    List<String> heads() {
        return heads;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> tunnel(client));
            }
        } catch (IOException _) {
            // It is closed.
        }
    }

    private void tunnel(Socket client) {
        try (client) {
            StringBuilder head = new StringBuilder();
            InputStream in = client.getInputStream();
            if (answersAtOnce) {
                client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                in.transferTo(OutputStream.nullOutputStream());
                return;
            }
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            heads.add(head.toString());
            String[] authority = head.substring(8, head.indexOf(" HTTP")).split(":", -1);
            client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            try (Socket target = new Socket(authority[0], Integer.parseInt(authority[1]))) {
                InputStream fromTarget = target.getInputStream();
                OutputStream toClient = client.getOutputStream();
                Thread back = Thread.ofVirtual().start(() -> copy(fromTarget, toClient));
                copy(in, target.getOutputStream());
                back.join();
            }
        } catch (IOException _) {
            // One end has gone.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(InputStream in, OutputStream out) {
        try (out) {
            in.transferTo(out);
        } catch (IOException _) {
            // One end has gone.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
