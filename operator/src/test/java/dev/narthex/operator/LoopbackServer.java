// SPDX-License-Identifier: Apache-2.0
package dev.narthex.operator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Function;

/** A web server on a loopback port that answers every request with what a function makes of the path, and then closes. */
public final class LoopbackServer implements AutoCloseable {
    private final ServerSocket socket;
    private final Function<String, Answer> answers;

    /** What is answered. */
    public record Answer(int status, String body) {}

    private LoopbackServer(ServerSocket socket, Function<String, Answer> answers) {
        this.socket = socket;
        this.answers = answers;
    }

    /** Starts a server; the function is called on threads of its own. */
    public static LoopbackServer start(Function<String, Answer> answers) throws IOException {
        LoopbackServer server = new LoopbackServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), answers);
        Thread.ofVirtual().name("loopback-server").start(server::accept);
        return server;
    }

    /** Where it listens: host and port. */
    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** Where it listens, without a path. */
    public String url() {
        return "http://" + address();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> answer(connection));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private void answer(Socket connection) {
        try (connection) {
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
            String path = reader.readLine().split(" ", 3)[1];
            long bodyLength = 0;
            String line = reader.readLine();
            while (line != null && !line.isEmpty()) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    bodyLength =
                            Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
                }
                line = reader.readLine();
            }
            reader.skip(bodyLength);
            Answer answer = answers.apply(path);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            String type = answer.body().startsWith("{") ? "application/json" : "text/plain; version=0.0.4";
            String head = "HTTP/1.1 " + answer.status() + " Status\r\nContent-Type: " + type + "\r\nContent-Length: "
                    + body.length + "\r\nConnection: close\r\n\r\n";
            connection.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            connection.getOutputStream().write(body);
            connection.getOutputStream().flush();
        } catch (IOException _) {
            return; // the other side does not wait for the answer any more
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
