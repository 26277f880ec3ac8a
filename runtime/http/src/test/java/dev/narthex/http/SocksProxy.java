// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A SOCKS5 proxy (RFC 1928) without authentication that connects to one place, whatever it is asked for. */
final class SocksProxy implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final int targetPort;

    SocksProxy(int targetPort) throws IOException {
        this.targetPort = targetPort;
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** Names and ports it was asked for. */
    List<String> asked() {
        return asked;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException _) {
            // It is closed.
        }
    }

    private void serve(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            in.readByte();
            in.readNBytes(in.readUnsignedByte());
            out.write(new byte[] {5, 0});
            in.readNBytes(3);
            if (in.readByte() == 3) {
                String name = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII);
                asked.add(name + ":" + in.readUnsignedShort());
                out.write(new byte[] {5, 0, 0, 1, 127, 0, 0, 1, 0, 1});
                try (Socket target = new Socket(InetAddress.getLoopbackAddress(), targetPort)) {
                    InputStream fromTarget = target.getInputStream();
                    Thread back = Thread.ofVirtual().start(() -> copy(fromTarget, out));
                    copy(in, target.getOutputStream());
                    back.join();
                }
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
