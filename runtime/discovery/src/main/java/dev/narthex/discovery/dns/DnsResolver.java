// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.dns;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.List;

/**
 * Looks up records: by UDP, and by TCP where the answer does not fit a datagram. Each lookup goes by the settings of its
 * moment. Safe for use by many threads.
 */
public final class DnsResolver {
    private static final int TIMEOUT_MS = 5_000;
    private static final int OK = 0;
    private static final int NO_SUCH_NAME = 3;

    private final SettingsSource settings;
    private final SecureRandom ids = new SecureRandom();

    /** Gives the settings that hold now. */
    @FunctionalInterface
    public interface SettingsSource {
        ResolverSettings read() throws IOException;
    }

    public DnsResolver(SettingsSource settings) {
        this.settings = settings;
    }

    /**
     * The records of a name, which is looked for in the search domains too, up to the first that there is, be it without
     * records of the type; none where the name does not exist.
     *
     * @throws IOException when for some possible name no server has given an answer that counts
     */
    List<DnsRecord> lookUp(String name, RecordType type) throws IOException {
        ResolverSettings now = settings.read();
        IOException failure = null;
        for (String candidate : now.candidates(name)) {
            try {
                DnsMessage.Answer answer = lookUp(now, candidate, type);
                if (answer.code() == OK) {
                    return answer.records();
                }
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return List.of();
    }

    private DnsMessage.Answer lookUp(ResolverSettings now, String name, RecordType type) throws IOException {
        IOException failure = new IOException("could not resolve " + name + ": no name server is known");
        for (InetSocketAddress server : now.servers()) {
            try {
                DnsMessage.Answer answer = ask(server, name, type);
                if (answer.code() == OK || answer.code() == NO_SUCH_NAME) {
                    return answer;
                }
                failure = new IOException("could not resolve " + name + ": the server " + server.getHostString()
                        + " answered with code " + answer.code());
            } catch (IOException e) {
                failure = new IOException(
                        "could not resolve " + name + ": " + server.getHostString() + ": " + e.getMessage(), e);
            }
        }
        throw failure;
    }

    private DnsMessage.Answer ask(InetSocketAddress server, String name, RecordType type) throws IOException {
        int id = ids.nextInt(1 << 16);
        byte[] question = DnsMessage.question(id, name, type);
        DnsMessage.Answer answer = byUdp(server, question, id, type);
        return answer.truncated() ? byTcp(server, question, id, type) : answer;
    }

    private static DnsMessage.Answer byUdp(InetSocketAddress server, byte[] question, int id, RecordType type)
            throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.send(new DatagramPacket(question, question.length));
            DatagramPacket packet = new DatagramPacket(new byte[DnsMessage.UDP_BYTES], DnsMessage.UDP_BYTES);
            socket.receive(packet);
            return DnsMessage.answer(packet.getData(), packet.getLength(), id, type);
        }
    }

    private static DnsMessage.Answer byTcp(InetSocketAddress server, byte[] question, int id, RecordType type)
            throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server, TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            OutputStream out = socket.getOutputStream();
            byte[] framed = new byte[question.length + 2];
            framed[0] = (byte) (question.length >>> 8);
            framed[1] = (byte) question.length;
            System.arraycopy(question, 0, framed, 2, question.length);
            out.write(framed);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            return DnsMessage.answer(answer, answer.length, id, type);
        }
    }
}
