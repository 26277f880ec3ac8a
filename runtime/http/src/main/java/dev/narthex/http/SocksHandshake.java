// SPDX-License-Identifier: Apache-2.0
package dev.narthex.http;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Asks a SOCKS5 proxy for a connection (RFC 1928), as the user that its URL names, if any (RFC 1929). That of the JDK names
 * the user that the process runs as, and leaves addresses of this machine to nobody.
 */
final class SocksHandshake {
    private static final int VERSION = 5;
    private static final int WITHOUT_USER = 0;
    private static final int WITH_USER = 2;
    private static final int CONNECT = 1;
    private static final int ADDRESS_4 = 1;
    private static final int NAME = 3;
    private static final int ADDRESS_6 = 4;
    private static final int MAX_TEXT_BYTES = 255;

    private final Route route;

    SocksHandshake(Route route) {
        this.route = route;
    }

    /** Asks on a connection to the proxy; behind that it is one to the target. */
    void on(Socket socket) throws IOException {
        try {
            shake(socket);
        } catch (EOFException _) {
            throw failure("EOF");
        }
    }

    private void shake(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        String user = route.proxyUser();
        out.write(
                user == null
                        ? new byte[] {VERSION, 1, WITHOUT_USER}
                        : new byte[] {VERSION, 2, WITHOUT_USER, WITH_USER});
        int version = in.readUnsignedByte();
        int method = in.readUnsignedByte();
        if (version != VERSION) {
            throw failure("unexpected protocol version " + version);
        }
        if (method == WITH_USER && user != null) {
            authenticate(in, out, user);
        } else if (method != WITHOUT_USER) {
            throw failure("no acceptable authentication methods");
        }
        connect(in, out);
    }

    private void authenticate(DataInputStream in, OutputStream out, String user) throws IOException {
        int colon = user.indexOf(':');
        byte[] name = text(Route.decoded(colon < 0 ? user : user.substring(0, colon)));
        byte[] password = text(colon < 0 ? "" : Route.decoded(user.substring(colon + 1)));
        byte[] request = new byte[3 + name.length + password.length];
        request[0] = 1;
        request[1] = (byte) name.length;
        System.arraycopy(name, 0, request, 2, name.length);
        request[2 + name.length] = (byte) password.length;
        System.arraycopy(password, 0, request, 3 + name.length, password.length);
        out.write(request);
        in.readUnsignedByte();
        if (in.readUnsignedByte() != 0) {
            throw failure("username/password authentication failed");
        }
    }

    private void connect(DataInputStream in, OutputStream out) throws IOException {
        byte[] address;
        int kind;
        try {
            address = InetAddress.ofLiteral(route.host()).getAddress();
            kind = address.length == 4 ? ADDRESS_4 : ADDRESS_6;
        } catch (IllegalArgumentException _) {
            address = text(route.host());
            kind = NAME;
        }
        int at = kind == NAME ? 5 : 4;
        byte[] request = new byte[at + address.length + 2];
        request[0] = VERSION;
        request[1] = CONNECT;
        request[3] = (byte) kind;
        if (kind == NAME) {
            request[4] = (byte) address.length;
        }
        System.arraycopy(address, 0, request, at, address.length);
        request[request.length - 2] = (byte) (route.port() >>> 8);
        request[request.length - 1] = (byte) route.port();
        out.write(request);
        if (in.readUnsignedByte() != VERSION) {
            throw failure("unexpected protocol version");
        }
        int reply = in.readUnsignedByte();
        if (reply != 0) {
            throw failure("unknown error " + words(reply));
        }
        in.readUnsignedByte();
        int bound = switch (in.readUnsignedByte()) {
            case ADDRESS_4 -> 4;
            case ADDRESS_6 -> 16;
            case NAME -> in.readUnsignedByte();
            default -> throw failure("unknown address type");
        };
        in.readFully(new byte[bound + 2]);
    }

    private byte[] text(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_TEXT_BYTES) {
            throw failure("a name, user or password of more than 255 bytes");
        }
        return bytes;
    }

    private IOException failure(String what) {
        return new IOException("socks connect tcp " + HostAndPort.of(route.firstHost(), route.firstPort()) + "->"
                + HostAndPort.of(route.host(), route.port()) + ": " + what);
    }

    private static String words(int reply) {
        return switch (reply) {
            case 1 -> "general SOCKS server failure";
            case 2 -> "connection not allowed by ruleset";
            case 3 -> "network unreachable";
            case 4 -> "host unreachable";
            case 5 -> "connection refused";
            case 6 -> "TTL expired";
            case 7 -> "command not supported";
            case 8 -> "address type not supported";
            default -> "code: " + reply;
        };
    }
}
