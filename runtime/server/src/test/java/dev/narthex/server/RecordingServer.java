// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * A target, a token server, a proxy and a SOCKS5 proxy in one, which notes all that it is asked, to the letter and in
 * order, by the name that the path or the host begins with. Tunnels to names below {@code in.example} lead to a target of
 * its owner's choice. On a port of its own, of all addresses of this machine.
 */
final class RecordingServer implements AutoCloseable {
    /** What is answered to whom. */
    @FunctionalInterface
    interface Answers {
        /** The whole answer, as Latin-1. */
        String to(String method, String target);
    }

    private static final int SOCKS_VERSION = 5;
    /** What TLS begins with. */
    private static final int HANDSHAKE = 22;

    private final ServerSocket socket;
    private final String label;
    private final Answers answers;
    private final Map<String, Set<String>> asked;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private volatile int plainPort;
    private volatile int securePort;

    /**
     * Starts one in the clear.
     *
     * @param label what tells its requests from those to others
     * @param asked where it notes what it is asked, by names
     */
    RecordingServer(String label, Answers answers, Map<String, Set<String>> asked) throws IOException {
        this(new ServerSocket(0, 512), label, answers, asked);
    }

    /** Starts one that speaks TLS; of these versions, all where there are none. */
    RecordingServer(
            String label,
            Answers answers,
            Map<String, Set<String>> asked,
            SSLContext context,
            boolean needsCertificate,
            String... versions)
            throws IOException {
        this(secured(context, needsCertificate, versions), label, answers, asked);
    }

    private RecordingServer(ServerSocket socket, String label, Answers answers, Map<String, Set<String>> asked) {
        this.socket = socket;
        this.label = label;
        this.answers = answers;
        this.asked = asked;
        Thread.ofVirtual().start(this::accept);
    }

    private static ServerSocket secured(SSLContext context, boolean needsCertificate, String... versions)
            throws IOException {
        SSLServerSocket socket =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 512);
        if (needsCertificate) {
            socket.setNeedClientAuth(true);
        } else {
            socket.setWantClientAuth(true);
        }
        if (versions.length > 0) {
            socket.setEnabledProtocols(versions);
        }
        return socket;
    }

    int port() {
        return socket.getLocalPort();
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    /** Where tunnels lead to: the ports of this machine for port 443, and for all others. */
    void tunnelTo(int newSecurePort, int newPlainPort) {
        securePort = newSecurePort;
        plainPort = newPlainPort;
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException _) {
            // It is closed.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            String how = label + shake(connection);
            BufferedInputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            in.mark(1);
            int first = in.read();
            in.reset();
            if (first == HANDSHAKE) {
                return;
            }
            if (first == SOCKS_VERSION) {
                socks(new DataInputStream(in), out, how);
                return;
            }
            while (request(in, out, how)) {
                out.flush();
            }
        } catch (IOException _) {
            // The other end has gone, or does not trust this one.
        } finally {
            connections.remove(connection);
        }
    }

    /** What of TLS the other end has shown. */
    private static String shake(Socket connection) throws IOException {
        if (!(connection instanceof SSLSocket secured)) {
            return "";
        }
        List<String> offered = new ArrayList<>();
        secured.setHandshakeApplicationProtocolSelector((_, protocols) -> {
            offered.addAll(protocols);
            return protocols.contains("http/1.1") ? "http/1.1" : "";
        });
        secured.startHandshake();
        ExtendedSSLSession session = (ExtendedSSLSession) secured.getSession();
        List<String> names = new ArrayList<>();
        for (SNIServerName name : session.getRequestedServerNames()) {
            names.add(name instanceof SNIHostName host ? host.getAsciiName() : name.toString());
        }
        String certificate;
        try {
            certificate = session.getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException _) {
            certificate = "none";
        }
        return " " + session.getProtocol() + " for " + names + " offering " + offered + " certificate " + certificate;
    }

    private boolean request(InputStream in, OutputStream out, String how) throws IOException {
        String line = line(in);
        if (line.isEmpty()) {
            return false;
        }
        StringBuilder noted = new StringBuilder(how).append('\n').append(line).append('\n');
        int length = 0;
        for (String field = line(in); !field.isEmpty(); field = line(in)) {
            // Both say who they are, in their own words.
            noted.append(field.replaceFirst("^(User-Agent: )(Prometheus|narthex)/\\S*$", "$1scraper"))
                    .append('\n');
            if (field.startsWith("Content-Length: ")) {
                length = Integer.parseInt(field.substring("Content-Length: ".length()));
            }
        }
        noted.append(new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
        String[] words = line.split(" ", -1);
        String target = words.length > 1 ? words[1] : "";
        if (words[0].equals("CONNECT")) {
            note(target, noted.toString());
            tunnel(target, in, out);
            return false;
        }
        String local = target.replaceFirst("^http://[^/]*", "");
        note(local.replaceFirst("^/(token/)?", ""), noted.toString());
        out.write(answers.to(words[0], local).getBytes(StandardCharsets.ISO_8859_1));
        return true;
    }

    private void note(String where, String what) {
        String name = where.replaceFirst("[^A-Za-z0-9_-].*", "");
        asked.computeIfAbsent(name, _ -> new ConcurrentSkipListSet<>()).add(what);
    }

    private void tunnel(String authority, InputStream in, OutputStream out) throws IOException {
        if (authority.startsWith("refuse-")) {
            String status = authority.substring(7, 10);
            out.write(("HTTP/1.1 " + status + " Refused\r\nContent-Length: 3\r\n\r\nno\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return;
        }
        out.write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
        int colon = authority.lastIndexOf(':');
        pass(in, out, port(authority.substring(0, colon), Integer.parseInt(authority.substring(colon + 1))));
    }

    private int port(String host, int port) {
        boolean isHere = host.equals("127.0.0.1") || host.equals("localhost");
        return isHere ? port : port == 443 ? securePort : plainPort;
    }

    /** RFC 1928 and RFC 1929. */
    private void socks(DataInputStream in, OutputStream out, String how) throws IOException {
        in.readByte();
        byte[] methods = in.readNBytes(in.readUnsignedByte());
        StringBuilder noted = new StringBuilder(how).append(" socks");
        boolean withUser = false;
        for (byte method : methods) {
            noted.append(' ').append(method);
            withUser |= method == 2;
        }
        out.write(new byte[] {5, (byte) (withUser ? 2 : 0)});
        if (withUser) {
            in.readByte();
            noted.append(' ').append(text(in)).append(':').append(text(in));
            out.write(new byte[] {1, 0});
        }
        in.readNBytes(3);
        int kind = in.readByte();
        String host;
        if (kind == 3) {
            host = text(in);
        } else {
            host = InetAddress.getByAddress(in.readNBytes(kind == 1 ? 4 : 16)).getHostAddress();
        }
        int port = in.readUnsignedShort();
        // Addresses have no name of their own.
        note(kind == 3 ? host : "socks-address", noted + " " + host + ":" + (kind == 3 ? port : "port"));
        boolean refused = host.startsWith("refuse-");
        out.write(new byte[] {5, (byte) (refused ? host.charAt(7) - '0' : 0), 0, 1, 127, 0, 0, 1, 0, 1});
        if (!refused) {
            pass(in, out, port(host, port));
        }
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
    }

    private static void pass(InputStream in, OutputStream out, int port) throws IOException {
        try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
            InputStream fromTarget = target.getInputStream();
            Thread back = Thread.ofVirtual().start(() -> copy(fromTarget, out));
            copy(in, target.getOutputStream());
            back.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(InputStream in, OutputStream out) {
        try (out) {
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException _) {
            // One end has gone.
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
