// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import dev.narthex.server.ScrapeScript.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Answers at the edges of HTTP/1.1 (RFC 9112) and of gzip (RFC 1952), byte for byte: status lines, header fields, lengths,
 * chunks, statuses that come in between, members. A connection ends behind each but for a few.
 */
final class OddAnswers {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String TYPE = "Content-Type: text/plain; version=0.0.4\r\n";
    private static final String HEAD = OK + TYPE;
    private static final String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String GZIP = HEAD + "Content-Encoding: gzip\r\n";
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int HEADER_CRC = 2;

    private OddAnswers() {}

    static List<Answer> all() {
        List<String> texts = new ArrayList<>();
        chunks(texts);
        lengths(texts);
        statusLines(texts);
        fields(texts);
        statuses(texts);
        contentTypes(texts);
        gzip(texts);
        List<Answer> answers = new ArrayList<>();
        texts.forEach(text -> answers.add(Answer.raw(text)));
        answers.add(Answer.rawKept(HEAD + "Content-Length: 4\r\n\r\na 1\n"));
        answers.add(Answer.rawKept(CHUNKED + "4\r\na 1\n\r\n0\r\n\r\n"));
        answers.add(Answer.rawKept(HEAD + "Content-Length: 4\r\n\r\na 1\nb 2\n"));
        answers.add(Answer.rawKept(
                "HTTP/1.0 200 OK\r\n" + TYPE + "Connection: keep-alive\r\nContent-Length: 4\r\n\r\na 1\n"));
        answers.add(Answer.rawKept("HTTP/1.1 204 No Content\r\n\r\n"));
        return answers;
    }

    private static void chunks(List<String> texts) {
        for (String body : List.of(
                "4\r\na 1\n\r\n0\r\n\r\n",
                "2\r\na \r\n2\r\n1\n\r\n0\r\n\r\n",
                "4;x=y\r\na 1\n\r\n0;z\r\n\r\n",
                "4 \t\r\na 1\n\r\n0\r\n\r\n",
                " 4\r\na 1\n\r\n0\r\n\r\n",
                "0004\r\na 1\n\r\n000\r\n\r\n",
                "00000000000000000004\r\na 1\n\r\n0\r\n\r\n",
                "A\r\nabcdefg 1\n\r\n0\r\n\r\n",
                "a\r\nabcdefg 1\n\r\n0\r\n\r\n",
                "0x4\r\na 1\n\r\n0\r\n\r\n",
                "+4\r\na 1\n\r\n0\r\n\r\n",
                "-4\r\na 1\n\r\n0\r\n\r\n",
                "\r\na 1\n\r\n0\r\n\r\n",
                "g\r\na 1\n\r\n0\r\n\r\n",
                "4\na 1\n\n0\n\n",
                "4\r\na 1\n\r\n0\r\nX-Trailer: v\r\n\r\n",
                "4\r\na 1\n\r\n0\r\nno trailer\r\n\r\n",
                "4\r\na 1\n\r\n0\r\n",
                "4\r\na 1\n\r\n",
                "4\r\na 1\n",
                "4\r\na 1\nXX0\r\n\r\n",
                "4\r\na 1\nX\r\n0\r\n\r\n",
                "4\r\na 1\n0\r\n\r\n",
                "3\r\na 1\n\r\n0\r\n\r\n",
                "5\r\na 1\n\r\n0\r\n\r\n",
                "ffffffffffffffff\r\na 1\n",
                "7fffffffffffffff\r\na 1\n",
                "fffffffffffffffff\r\na 1\n",
                "4;" + "x".repeat(5000) + "\r\na 1\n\r\n0\r\n\r\n",
                "",
                "0\r\n\r\n")) {
            texts.add(CHUNKED + body);
        }
        for (String coding : List.of(
                "Chunked", " chunked ", "gzip, chunked", "chunked, gzip", "identity", "gzip", "", "chunked, chunked")) {
            texts.add(HEAD + "Transfer-Encoding: " + coding + "\r\n\r\n4\r\na 1\n\r\n0\r\n\r\n");
        }
        String chunks = "4\r\na 1\n\r\n0\r\n\r\n";
        texts.add(HEAD + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
        texts.add(HEAD + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + chunks);
        texts.add(HEAD + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
        texts.add(HEAD + "Content-Length: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
        texts.add("HTTP/1.0 200 OK\r\n" + TYPE + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
        texts.add("HTTP/1.0 200 OK\r\n" + TYPE + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\na 1\n");
    }

    private static void lengths(List<String> texts) {
        for (String length : List.of(
                "4",
                "+4",
                " 4 ",
                "04",
                "4, 4",
                "4,5",
                "-1",
                "-0",
                "x",
                "",
                "4x",
                "0x4",
                "4.0",
                "0",
                "3",
                "5",
                "9223372036854775807",
                "9223372036854775808",
                "99999999999999999999")) {
            texts.add(HEAD + "Content-Length: " + length + "\r\n\r\na 1\n");
        }
        texts.add(HEAD + "Content-Length: 4\r\nContent-Length: 4\r\n\r\na 1\n");
        texts.add(HEAD + "Content-Length: 4\r\ncontent-length: 5\r\n\r\na 1\nb");
        texts.add(HEAD + "Content-Length: 4\r\nContent-Length:\r\n\r\na 1\n");
        texts.add(HEAD + "\r\na 1\n");
        texts.add(HEAD + "Connection: close\r\n\r\na 1\n");
        texts.add(HEAD + "Connection: keep-alive\r\n\r\na 1\n");
        texts.add(HEAD + "\r\n");
    }

    private static void statusLines(List<String> texts) {
        for (String line : List.of(
                "HTTP/1.0 200 OK",
                "HTTP/1.2 200 OK",
                "HTTP/2.0 200 OK",
                "HTTP/0.9 200 OK",
                "HTTP/1 200 OK",
                "HTTP/1.11 200 OK",
                "HTTP/1.a 200 OK",
                "http/1.1 200 OK",
                "ICY 200 OK",
                "HTTP/1.1 200",
                "HTTP/1.1 200 ",
                "HTTP/1.1  200 OK",
                "HTTP/1.1\t200 OK",
                "HTTP/1.1 200\tOK",
                "HTTP/1.1 20 OK",
                "HTTP/1.1 2000 OK",
                "HTTP/1.1 +20 OK",
                "HTTP/1.1 -20 OK",
                "HTTP/1.1 000 OK",
                "HTTP/1.1 099 OK",
                "HTTP/1.1 2x0 OK",
                "HTTP/1.1",
                "HTTP/1.1 ",
                "",
                " HTTP/1.1 200 OK",
                "\r\nHTTP/1.1 200 OK",
                "HTTP/1.1 200 \u00ff\u0000",
                "HTTP/1.1 200 " + "x".repeat(5000),
                "HTTP/1.1 404 Nowhere to be found",
                "HTTP/1.1 500",
                "HTTP/1.1 503 ")) {
            texts.add(line + "\r\n" + TYPE + "\r\na 1\n");
        }
        texts.add("");
        texts.add("a 1\n");
        texts.add("HTTP/1.1 200 OK");
        texts.add(HEAD);
        texts.add(OK + "Content-Ty");
        texts.add((HEAD + "\r\n").replace("\r", "") + "a 1\n");
    }

    private static void fields(List<String> texts) {
        for (String field : List.of(
                "X",
                "X:",
                ": v",
                "X : v",
                "X Y: v",
                " X: v",
                "X: a\r\n b",
                "X: a\r\n\tb\r\n c",
                "X: \u00ff",
                "X: a\u0000b",
                "X: a\u0001b",
                "X: a\rb",
                "X\u00e9: v",
                "X(: v",
                "X\": v",
                "\tX: v",
                "X: " + "x".repeat(3000),
                "X: " + "x".repeat(70_000),
                "X: " + "x".repeat(300_000),
                "X".repeat(70_000) + ": v",
                "X: v\r\n".repeat(2000) + "Y: v",
                "X: v\r\r",
                "X: v\r",
                "Content-Encoding:",
                "Content-Encoding: identity",
                "Content-Encoding: gzip, deflate",
                "Content-Encoding: x-gzip",
                "Content-Encoding: \"\"",
                "Connection: upgrade\r\nUpgrade: websocket",
                "Connection: Close",
                "Connection: closer",
                "Connection: keep-alive, close")) {
            texts.add(HEAD + field + "\r\nContent-Length: 4\r\n\r\na 1\n");
            texts.add(OK + field + "\r\n" + TYPE + "Content-Length: 4\r\n\r\na 1\n");
        }
        texts.add(OK + "Content-Type:\r\n text/plain\r\n\r\na 1\n");
        texts.add(OK + "Content-Type: text/plain;\r\n version=0.0.4\r\n\r\na 1\n");
        texts.add(OK + "Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\na 1\n");
        texts.add(OK + "Content-Type: text/html\r\nContent-Type: text/plain\r\n\r\na 1\n");
        texts.add(OK + "Content-Type:\r\nContent-Type: text/plain\r\n\r\na 1\n");
        texts.add(HEAD + "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n\r\na 1\n");
    }

    private static void statuses(List<String> texts) {
        String good = HEAD + "Content-Length: 4\r\n\r\na 1\n";
        texts.add("HTTP/1.1 100 Continue\r\n\r\n" + good);
        texts.add("HTTP/1.1 100 Continue\r\nContent-Length: 4\r\n\r\n" + good);
        texts.add("HTTP/1.1 102 Processing\r\n\r\n" + good);
        texts.add("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + good);
        texts.add("HTTP/1.1 199 Odd\r\n\r\n" + good);
        texts.add("HTTP/1.1 101 Switching Protocols\r\n\r\n" + good);
        texts.add("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(8) + good);
        texts.add("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(50) + good);
        texts.add("HTTP/1.1 204 No Content\r\n" + TYPE + "Content-Length: 4\r\n\r\na 1\n");
        texts.add("HTTP/1.1 205 Reset Content\r\n" + TYPE + "\r\na 1\n");
        texts.add("HTTP/1.1 304 Not Modified\r\n" + TYPE + "Content-Length: 4\r\n\r\na 1\n");
        texts.add("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/none\r\nContent-Length: 9\r\n\r\na 1\n");
        texts.add("HTTP/1.1 500 x\r\nContent-Length: 9\r\n\r\na 1\n");
        texts.add("HTTP/1.1 404 x\r\nTransfer-Encoding: chunked\r\n\r\nbroken");
    }

    private static void contentTypes(List<String> texts) {
        for (String type : List.of(
                "text/plain; charset=utf-8; version=\"0.0.4\"",
                "text/plain; version=0.0.4; q=0.5",
                "text/plain;version=0.0.4;",
                "text/plain ; version = 0.0.4",
                "text/plain; version*=utf-8''0.0.4",
                "text/plain; version*0=\"0.0\"; version*1=\".4\"",
                "text/plain; version*0=\"0.0\"; version*2=\".4\"",
                "text/plain; a*=\"b\"",
                "text/plain; a*x=b",
                "text/plain; a=\"b\\\"c\"",
                "text/plain; a=\"b",
                "text/plain; a=b c",
                "text/plain; a=\"b\"c",
                "text/plain; a=\u00e9",
                "text/plain; a=\"\u00e9\"",
                "text/plain; a='b'",
                "text/plain; version=1.0.0; escaping=values",
                "text/plain; =b",
                "text/plain; a",
                "text/plain a",
                "text/plain/x",
                "text /plain",
                "/plain",
                "text\u00e9/plain",
                "text/plain; version=0.0.4; version=0.0.4",
                "text/plain; version=0.0.4; version=0.0.5",
                "text/plain; version=0.0.4; VERSION=0.0.5",
                "\"text/plain\"",
                "*/*",
                ";",
                "; version=0.0.4",
                " ",
                "application/openmetrics-text ;version=\"1.0.0\"",
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; q=1")) {
            texts.add(OK + "Content-Type: " + type + "\r\n\r\na 1\n");
        }
        texts.add(OK + "Content-Type: application/openmetrics-text; version=\"1.0.0\"\r\n\r\na 1\n# EOF\n");
        texts.add(OK + "Content-Type: application/openmetrics-text; charset=utf-8\r\n\r\na 1\n# EOF\n# EOF\n");
        texts.add(OK + "Content-Type: application/openmetrics-text; version=0.0.1\r\n\r\na 1\r\n# EOF\r\n");
        texts.add(OK + "Content-Type: application/openmetrics-text; version=1.0.0\r\n\r\na 1\n# EOF");
        texts.add(OK + "Content-Type: application/openmetrics-text; version=1.0.0\r\n\r\na 1\n\n# EOF\n");
    }

    private static void gzip(List<String> texts) {
        String a = packed("a 1\n");
        String b = packed("b 2\n");
        for (String body : List.of(
                a,
                a + b,
                a + packed("") + b,
                packed(""),
                "",
                a + "x",
                a + "\0",
                a + "\0".repeat(600),
                a + a.substring(0, 5),
                a + a.substring(0, 12),
                a.substring(0, a.length() - 1),
                a.substring(0, a.length() - 8),
                a.substring(0, a.length() - 10),
                a.substring(0, 10),
                a.substring(0, 9),
                a.substring(0, 2),
                changed(a, a.length() - 8),
                changed(a, a.length() - 1),
                changed(a, 0),
                changed(a, 1),
                changed(a, 2),
                changed(a, 9),
                changed(a, 11),
                member(0, "a 1\n", ""),
                member(1, "a 1\n", ""),
                member(EXTRA, "a 1\n", "\3\0xyz"),
                member(EXTRA, "a 1\n", "\0\0"),
                member(EXTRA, "a 1\n", "\377\377xyz"),
                member(NAME, "a 1\n", "name\0"),
                member(NAME, "a 1\n", "n\u00e9\0"),
                member(NAME, "a 1\n", "x".repeat(600) + "\0"),
                member(NAME, "a 1\n", "name without end"),
                member(COMMENT, "a 1\n", "comment\0"),
                member(EXTRA + NAME + COMMENT, "a 1\n", "\1\0xn\0c\0"),
                member(HEADER_CRC, "a 1\n", "\0\0"),
                member(HEADER_CRC, "a 1\n", headerCrc(HEADER_CRC, "")),
                member(HEADER_CRC + NAME, "a 1\n", "n\0" + headerCrc(HEADER_CRC + NAME, "n\0")),
                member(0x20, "a 1\n", ""),
                member(0xe0, "a 1\n", ""))) {
            texts.add(GZIP + "Content-Length: " + body.length() + "\r\n\r\n" + body);
        }
        texts.add(GZIP + "\r\n" + a);
        texts.add(GZIP + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(a.length()) + "\r\n" + a
                + "\r\n0\r\n\r\n");
        texts.add(GZIP + "Content-Encoding: gzip\r\n\r\n" + packed(a));
        texts.add(HEAD + "Content-Encoding: Gzip\r\n\r\n" + a);
        texts.add(HEAD + "Content-Encoding: gzip \r\n\r\n" + a);
        texts.add(HEAD + "\r\n" + a);
    }

    private static String packed(String text) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toString(StandardCharsets.ISO_8859_1);
    }

    private static String changed(String text, int at) {
        return text.substring(0, at) + (char) (text.charAt(at) ^ 0x55) + text.substring(at + 1);
    }

    private static String header(int flags) {
        return "\u001f\u008b\b" + (char) flags + "\0\0\0\0\0\3";
    }

    /** A member with these flags and what goes with them in its header. */
    private static String member(int flags, String text, String fields) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(bytes);
        deflater.finish();
        byte[] packed = new byte[bytes.length + 100];
        int length = deflater.deflate(packed);
        deflater.end();
        return header(flags)
                + fields
                + new String(packed, 0, length, StandardCharsets.ISO_8859_1)
                + littleEndian(crc(bytes), 4)
                + littleEndian(bytes.length, 4);
    }

    private static String headerCrc(int flags, String fields) {
        return littleEndian(crc((header(flags) + fields).getBytes(StandardCharsets.ISO_8859_1)), 2);
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    private static String littleEndian(long value, int bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes; i++) {
            text.append((char) (value >>> (8 * i) & 0xff));
        }
        return text.toString();
    }
}
