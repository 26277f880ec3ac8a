// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A name server on a loopback port, by UDP and TCP. It knows records by {@code NAME TYPE}; of names that it does not
 * know it says that there are none, and of names below {@code broken.} that it has failed. Where it is told to, it answers
 * with another code, or not at all.
 */
final class LoopbackDns implements AutoCloseable {
    private static final int MAX_UDP = 512;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
    private final Map<String, Integer> codes = new ConcurrentHashMap<>();
    private final List<String> questions = new CopyOnWriteArrayList<>();

    LoopbackDns() throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** On a certain address and port. */
    LoopbackDns(InetSocketAddress at) throws IOException {
        tcp = new ServerSocket(at.getPort(), 16, at.getAddress());
        udp = new DatagramSocket(new InetSocketAddress(at.getAddress(), tcp.getLocalPort()));
        Thread.ofVirtual().start(this::serveUdp);
        Thread.ofVirtual().start(this::serveTcp);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(tcp.getInetAddress(), tcp.getLocalPort());
    }

    /** All questions so far, as {@code udp NAME TYPE}. */
    List<String> questions() {
        return questions;
    }

    /** Knows records from now on; their data as bytes. */
    void put(String name, RecordType type, byte[]... data) {
        records.put(name + " " + type.number(), List.of(data));
    }

    /** Answers questions on a name with a code from now on; a negative one is no answer. */
    void code(String name, int code) {
        codes.put(name, code);
    }

    /** Forgets all that it knows. */
    void clear() {
        records.clear();
        codes.clear();
        questions.clear();
    }

    static byte[] address(String literal) {
        return InetAddress.ofLiteral(literal).getAddress();
    }

    static byte[] srv(int port, String target) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 1, 0, 2, (byte) (port >>> 8), (byte) port});
        out.writeBytes(name(target));
        return out.toByteArray();
    }

    static byte[] mx(String target) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 10});
        out.writeBytes(name(target));
        return out.toByteArray();
    }

    static byte[] name(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.isEmpty() ? new String[0] : name.split("\\.", 0)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    private void serveUdp() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
                udp.receive(packet);
                byte[] answer = answer(packet.getData(), "udp", MAX_UDP);
                if (answer.length == 0) {
                    continue;
                }
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (SocketException _) {
            // It is closed.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serveTcp() {
        try {
            while (true) {
                try (Socket socket = tcp.accept()) {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    byte[] question = new byte[in.readUnsignedShort()];
                    in.readFully(question);
                    byte[] answer = answer(question, "tcp", 1 << 16);
                    if (answer.length == 0) {
                        continue;
                    }
                    socket.getOutputStream().write(new byte[] {(byte) (answer.length >>> 8), (byte) answer.length});
                    socket.getOutputStream().write(answer);
                }
            }
        } catch (IOException _) {
            // It is closed.
        }
    }

    private byte[] answer(byte[] question, String transport, int max) {
        StringBuilder name = new StringBuilder();
        int at = 12;
        while (question[at] != 0) {
            name.append(new String(question, at + 1, question[at], StandardCharsets.UTF_8))
                    .append('.');
            at += 1 + question[at];
        }
        int type = question[at + 2] & 0xff;
        questions.add(transport + " " + name + " " + type);
        List<byte[]> found = records.getOrDefault(name + " " + type, List.of());
        boolean known = records.keySet().stream().anyMatch(key -> key.startsWith(name + " "));
        int code = codes.getOrDefault(name.toString(), name.toString().endsWith("broken.") ? 2 : known ? 0 : 3);
        if (code < 0) {
            return new byte[0];
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(question, 0, 2);
        out.writeBytes(new byte[] {(byte) 0x81, (byte) (0x80 | code), 0, 1});
        out.writeBytes(new byte[] {0, (byte) (found.isEmpty() ? 0 : found.size() + 1), 0, 0, 0, 0});
        out.write(question, 12, at + 5 - 12);
        if (!found.isEmpty()) {
            // An alias comes first, as where the name is one.
            record(out, 5, name("alias.example"));
        }
        found.forEach(data -> record(out, type, data));
        byte[] whole = out.toByteArray();
        if (whole.length > max) {
            // Of the records none is left.
            whole[2] |= 2;
            whole[6] = 0;
            whole[7] = 0;
            return Arrays.copyOf(whole, at + 5);
        }
        return whole;
    }

    private static void record(ByteArrayOutputStream out, int type, byte[] data) {
        out.writeBytes(new byte[] {(byte) 0xc0, 12, 0, (byte) type, 0, 1, 0, 0, 0, 30});
        out.write(data.length >>> 8);
        out.write(data.length);
        out.writeBytes(data);
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
