// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/** Bytes of YAML: UTF-16 where they begin with its mark, otherwise UTF-8. */
public final class YamlBytes {
    /** A byte that is no UTF-8 stands in a text as this and the byte: half of a surrogate pair. */
    static final int NO_UTF8 = 0xDC00;

    private YamlBytes() {}

    /**
     * The text that bytes stand for. A byte that is no UTF-8 is refused where the text is parsed, so with its place.
     *
     * @throws CharacterCodingException where the bytes begin with the mark of UTF-16 and are none
     */
    public static String text(byte[] bytes) throws CharacterCodingException {
        Charset charset = charset(bytes);
        return charset.equals(StandardCharsets.UTF_8)
                ? utf8(bytes)
                : charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    /** A text in UTF-8; each byte that is none is half of a surrogate pair. */
    static String utf8(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        while (decoder.decode(in, out, true).isError()) {
            out.put((char) (NO_UTF8 + (in.get() & 0xff)));
        }
        return out.flip().toString();
    }

    private static Charset charset(byte[] bytes) {
        int mark = bytes.length < 2 ? 0 : (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
        return switch (mark) {
            case 0xfeff -> StandardCharsets.UTF_16BE;
            case 0xfffe -> StandardCharsets.UTF_16LE;
            default -> StandardCharsets.UTF_8;
        };
    }
}
