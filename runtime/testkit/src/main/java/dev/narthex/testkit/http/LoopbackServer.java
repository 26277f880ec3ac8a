// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * A small HTTP/1.1 server on a loopback port of its own. It reads requests as they should be and writes what its handler
 * says, so that a test can also let an endless, slow or broken answer come.
 */
public final class LoopbackServer implements AutoCloseable {
    private final ServerSocket socket;
    private final LoopbackHandler handler;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;

    private LoopbackServer(ServerSocket socket, LoopbackHandler handler) {
        this.socket = socket;
        this.handler = handler;
        acceptor = Thread.ofVirtual().name("loopback-server").unstarted(this::accept);
        acceptor.start();
    }

    /** Starts a server that answers by a handler. */
    public static LoopbackServer start(LoopbackHandler handler) throws IOException {
        return new LoopbackServer(new ServerSocket(0, 512, InetAddress.getLoopbackAddress()), handler);
    }

    /**
     * Starts a server that speaks TLS.
     *
     * @param clientsAuthenticate whether clients must show a certificate that the context trusts
     * @param protocols the versions that it speaks, for example {@code TLSv1.2}; all where there are none
     */
    public static LoopbackServer startTls(
            SSLContext context, boolean clientsAuthenticate, LoopbackHandler handler, String... protocols)
            throws IOException {
        SSLServerSocket socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 512, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(clientsAuthenticate);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        return new LoopbackServer(socket, handler);
    }

    /** Host and port, for example {@code 127.0.0.1:41234}. */
    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    /** Writes a whole answer. */
    public static void respond(OutputStream out, int status, Map<String, String> headers, byte[] body)
            throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" -\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
    }

    /** Writes a whole answer with a text of some type. */
    public static void respond(OutputStream out, String contentType, byte[] body) throws IOException {
        respond(out, 200, Map.of("Content-Type", contentType), body);
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                connections.add(connection);
                Thread.ofVirtual().name("loopback-connection").start(() -> serve(connection));
            }
        } catch (IOException _) {
            // The server is closed.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = new BufferedOutputStream(connection.getOutputStream(), 1 << 16);
            String requestLine = readLine(in);
            while (!requestLine.isEmpty()) {
                handler.answer(readRequest(requestLine, in), out);
                out.flush();
                requestLine = readLine(in);
            }
        } catch (IOException _) {
            // The other end has gone, or the handler wants it to.
        } finally {
            connections.remove(connection);
        }
    }

    private static LoopbackRequest readRequest(String requestLine, InputStream in) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                headers.put(name, line.substring(colon + 1).strip());
            }
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        String[] words = requestLine.split(" ", 3);
        String target = words.length > 1 ? words[1] : "";
        return new LoopbackRequest(words[0], target, headers, new String(body, StandardCharsets.ISO_8859_1));
    }

    /** A line without its end; empty at the end of the stream too. */
    private static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
            if (octet != '\r') {
                line.write(octet);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    /** Stops to listen and cuts off all connections. */
    @Override
    public void close() {
        try {
            socket.close();
            // Until then the port takes connections.
            acceptor.join();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("loopback server: cannot close", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
