// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** Requests to the byte, over a connection of their own, and what comes back. */
public final class RawHttp {
    private static final int PATIENCE_MS = 10_000;

    private RawHttp() {}

    /**
     * An answer.
     *
     * @param status the code, behind {@code 100+} where the server asked to go on first; a word where there is no answer
     * @param headers by name in lower case, several of a name with commas between
     * @param body unpacked
     */
    public record Answer(String status, Map<String, String> headers, String body) {
        static Answer none(String word) {
            return new Answer(word, Map.of(), "");
        }

        public String header(String name) {
            return headers.getOrDefault(name, "-");
        }
    }

    /** Sends a request; {@code {HOST}} stands for the server. */
    public static Answer ask(URI server, String request) throws IOException {
        byte[] bytes = request.replace("{HOST}", server.getAuthority()).getBytes(StandardCharsets.ISO_8859_1);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
            socket.setSoTimeout(PATIENCE_MS);
            try {
                socket.getOutputStream().write(bytes);
            } catch (SocketException _) {
                // Refused half way: the answer may be there.
            }
            return read(new Reading(socket.getInputStream()), request.startsWith("HEAD "));
        } catch (SocketTimeoutException _) {
            return Answer.none("silence");
        } catch (SocketException _) {
            return Answer.none("cut off");
        }
    }

    private static Answer read(Reading in, boolean head) throws IOException {
        String first = in.line();
        if (first.isEmpty()) {
            return Answer.none("closed");
        }
        String status = first.split(" ", -1)[1];
        Map<String, String> headers = new TreeMap<>();
        for (String line = in.line(); !line.isEmpty(); line = in.line()) {
            String[] parts = line.split(": ?", 2);
            headers.merge(parts[0].toLowerCase(Locale.ROOT), parts[1], (one, other) -> one + ", " + other);
        }
        if (status.equals("100")) {
            Answer then = read(in, head);
            return new Answer("100+" + then.status, then.headers, then.body);
        }
        if (head || status.equals("204") || status.equals("304")) {
            return new Answer(status, headers, "");
        }
        return new Answer(status, headers, unpacked(body(in, headers), headers.getOrDefault("content-encoding", "")));
    }

    private static byte[] body(Reading in, Map<String, String> headers) throws IOException {
        String length = headers.get("content-length");
        if (length != null) {
            return in.bytes(Integer.parseInt(length));
        }
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            return in.rest();
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            byte[] chunk = in.bytes(Integer.parseInt(in.line().split(";", 2)[0], 16));
            in.line();
            if (chunk.length == 0) {
                return body.toByteArray();
            }
            body.writeBytes(chunk);
        }
    }

    private static String unpacked(byte[] body, String coding) throws IOException {
        InputStream packed = new ByteArrayInputStream(body);
        InputStream plain = switch (coding) {
            case "gzip" -> new GZIPInputStream(packed);
            case "deflate" -> new InflaterInputStream(packed);
            default -> packed;
        };
        return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Reads lines and counted bytes. */
    private record Reading(InputStream in) {
        String line() throws IOException {
            List<Byte> line = new ArrayList<>();
            int next = in.read();
            while (next >= 0 && next != '\n') {
                if (next != '\r') {
                    line.add((byte) next);
                }
                next = in.read();
            }
            byte[] bytes = new byte[line.size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = line.get(i);
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        byte[] bytes(int count) throws IOException {
            return in.readNBytes(count);
        }

        byte[] rest() throws IOException {
            return in.readAllBytes();
        }
    }
}
