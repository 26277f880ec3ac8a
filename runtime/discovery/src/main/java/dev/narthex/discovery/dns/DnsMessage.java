// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery.dns;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Questions and answers of the domain name system as bytes.
 *
 * <pre>
 * message:  id(2) flags(2) questions(2) answers(2) authorities(2) additional(2), then those
 * question: name type(2) class(2)
 * record:   name type(2) class(2) ttl(4) length(2) data
 * name:     labels of length(1) and text, ended by 0 or by a pointer 11xxxxxx xxxxxxxx to another place
 * </pre>
 *
 * (RFC 1035, section 4; data of AAAA RFC 3596, of SRV RFC 2782; size by EDNS RFC 6891.)
 */
final class DnsMessage {
    /** Largest answer by UDP that is asked for. */
    static final int UDP_BYTES = 4096;

    private static final int HEAD_BYTES = 12;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RESPONSE = 0x8000;
    private static final int TRUNCATED = 0x0200;
    private static final int CODE = 0x000f;
    private static final int CLASS_IN = 1;
    private static final int TYPE_OPT = 41;
    private static final int MAX_LABEL_BYTES = 63;
    private static final int MAX_JUMPS = 64;

    private final byte[] bytes;
    private final int size;
    private int at;

    private DnsMessage(byte[] bytes, int size) {
        this.bytes = bytes;
        this.size = size;
    }

    /**
     * An answer.
     *
     * @param code 0 where the name exists, 3 where it does not
     * @param truncated whether the whole has to be asked for by TCP
     */
    record Answer(int code, boolean truncated, List<DnsRecord> records) {}

    /** A question for records of a name, which ends with a dot. */
    static byte[] question(int id, String name, RecordType type) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int word : new int[] {id, RECURSION_DESIRED, 1, 0, 0, 1}) {
            word(out, word);
        }
        for (String label : name.substring(0, name.length() - 1).split("\\.", -1)) {
            byte[] text = label.getBytes(StandardCharsets.UTF_8);
            if (text.length == 0 || text.length > MAX_LABEL_BYTES) {
                throw new IOException("not a domain name: " + name);
            }
            out.write(text.length);
            out.write(text, 0, text.length);
        }
        out.write(0);
        word(out, type.number());
        word(out, CLASS_IN);
        out.write(0);
        word(out, TYPE_OPT);
        word(out, UDP_BYTES);
        out.write(new byte[6], 0, 6);
        return out.toByteArray();
    }

    private static void word(ByteArrayOutputStream out, int word) {
        out.write(word >>> 8);
        out.write(word);
    }

    /**
     * Reads an answer.
     *
     * @throws IOException when it is none, or none to this question
     */
    static Answer answer(byte[] bytes, int size, int id, RecordType type) throws IOException {
        return new DnsMessage(bytes, size).answer(id, type);
    }

    private Answer answer(int id, RecordType type) throws IOException {
        if (size < HEAD_BYTES) {
            throw malformed();
        }
        int answeredId = word();
        int flags = word();
        int questions = word();
        int answers = word();
        at = HEAD_BYTES;
        if (answeredId != id || (flags & RESPONSE) == 0) {
            throw new IOException("an answer to another question");
        }
        for (int i = 0; i < questions; i++) {
            name();
            at += 4;
        }
        List<DnsRecord> records = new ArrayList<>();
        boolean truncated = (flags & TRUNCATED) != 0;
        for (int i = 0; i < answers && !truncated; i++) {
            name();
            int recordType = word();
            at += 6;
            int length = word();
            int next = at + length;
            if (next > size) {
                throw malformed();
            }
            // An alias (CNAME) comes with the records of what it stands for.
            if (recordType == type.number()) {
                records.add(record(type, length));
            }
            at = next;
        }
        return new Answer(flags & CODE, truncated, records);
    }

    private DnsRecord record(RecordType type, int length) throws IOException {
        return switch (type) {
            case A, AAAA -> {
                if (length != (type == RecordType.A ? 4 : 16)) {
                    throw malformed();
                }
                byte[] address = new byte[length];
                System.arraycopy(bytes, at, address, 0, length);
                yield new DnsRecord(text(address), 0);
            }
            case NS -> new DnsRecord(name(), 0);
            case MX -> {
                at += 2;
                yield new DnsRecord(name(), 0);
            }
            case SRV -> {
                at += 4;
                int port = word();
                yield new DnsRecord(name(), port);
            }
        };
    }

    /** An address as Go writes it: of the longest run of zeros in IPv6 only {@code ::} is left (RFC 5952). */
    private static String text(byte[] address) throws UnknownHostException {
        if (InetAddress.getByAddress(address).getAddress().length == 4) {
            return InetAddress.getByAddress(address).getHostAddress();
        }
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && address[2 * end] == 0 && address[2 * end + 1] == 0) {
                end++;
            }
            if (end - i > bestLength) {
                bestStart = i;
                bestLength = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(((address[2 * i] & 0xff) << 8) | (address[2 * i + 1] & 0xff)));
        }
        return text.toString();
    }

    private int word() throws IOException {
        if (at + 2 > size) {
            throw malformed();
        }
        int word = ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
        at += 2;
        return word;
    }

    /** The name at the current place, a dot at its end; moves on behind it. */
    private String name() throws IOException {
        StringBuilder name = new StringBuilder();
        int p = at;
        int behind = -1;
        for (int jumps = 0; jumps < MAX_JUMPS; ) {
            if (p >= size) {
                throw malformed();
            }
            int length = bytes[p] & 0xff;
            if (length == 0) {
                at = behind >= 0 ? behind : p + 1;
                return name.isEmpty() ? "." : name.toString();
            }
            if (length >= 0xc0) {
                if (p + 1 >= size) {
                    throw malformed();
                }
                behind = behind >= 0 ? behind : p + 2;
                p = ((length & 0x3f) << 8) | (bytes[p + 1] & 0xff);
                jumps++;
            } else {
                if (p + 1 + length > size || name.length() > 255) {
                    throw malformed();
                }
                name.append(new String(bytes, p + 1, length, StandardCharsets.UTF_8))
                        .append('.');
                p += 1 + length;
            }
        }
        throw malformed();
    }

    private static IOException malformed() {
        return new IOException("malformed answer");
    }
}
