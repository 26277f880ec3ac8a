// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import dev.narthex.config.yaml.YamlToken.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Reads directives, anchors, aliases and tags. */
final class YamlNameScanner {
    private static final String BEHIND_ANCHOR = "?:,]}%@`";
    private static final String URI = ";/?:@&=+$.!~*'()%,[]";

    private final YamlCharacters in;

    YamlNameScanner(YamlCharacters in) {
        this.in = in;
    }

    private static boolean isWord(int c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        while (isWord(in.peek())) {
            word.appendCodePoint(in.peek());
            in.skip();
        }
        return word.toString();
    }

    YamlToken directive() {
        YamlMark start = in.mark();
        in.skip();
        String name = word();
        if (name.isEmpty() || !in.isGapAt(0)) {
            throw new YamlSyntaxException(start, "unknown directive; remove the line, or put a text with % in quotes");
        }
        YamlToken token = switch (name) {
            case "YAML" -> version(start);
            case "TAG" -> tagDirective(start);
            default -> throw new YamlSyntaxException(start, "unknown directive %" + name + "; remove the line");
        };
        in.skipBlanks();
        in.skipComment();
        if (!in.isBreakOrEnd()) {
            throw new YamlSyntaxException(in.mark(), "found more behind a directive; end the line there");
        }
        in.skipBreak();
        return token;
    }

    private YamlToken version(YamlMark start) {
        in.skipBlanks();
        String major = number(start);
        if (in.peek() != '.') {
            throw new YamlSyntaxException(in.mark(), "found no version behind %YAML; YAML 1.1 is read");
        }
        in.skip();
        return new YamlToken(Kind.VERSION, start, major + "." + number(start));
    }

    private String number(YamlMark start) {
        StringBuilder digits = new StringBuilder();
        while (in.peek() >= '0' && in.peek() <= '9') {
            digits.appendCodePoint(in.peek());
            in.skip();
        }
        if (digits.isEmpty() || digits.length() > 2) {
            throw new YamlSyntaxException(start, "found no version behind %YAML; YAML 1.1 is read");
        }
        return Integer.toString(Integer.parseInt(digits.toString()));
    }

    private YamlToken tagDirective(YamlMark start) {
        in.skipBlanks();
        String handle = handle(true);
        if (!in.isBlankAt(0)) {
            throw cutOff();
        }
        in.skipBlanks();
        String prefix = uri("", false);
        if (!in.isGapAt(0)) {
            throw cutOff();
        }
        return new YamlToken(Kind.TAG_DIRECTIVE, start, prefix, handle, false);
    }

    private YamlSyntaxException cutOff() {
        return new YamlSyntaxException(
                in.mark(),
                "found a directive for tags that is cut off; a handle and a prefix, such as ! and tag:x,2000:, are expected");
    }

    YamlToken anchor(boolean alias) {
        YamlMark start = in.mark();
        in.skip();
        String name = word();
        if (name.isEmpty() || !(in.isGapAt(0) || BEHIND_ANCHOR.indexOf(in.peek()) >= 0)) {
            String what = alias ? "*" : "&";
            throw new YamlSyntaxException(
                    start,
                    "found " + what + " without a name of letters, digits, _ and -; put a text with " + what
                            + " in quotes");
        }
        return new YamlToken(alias ? Kind.ALIAS : Kind.ANCHOR, start, name);
    }

    YamlToken tag() {
        YamlMark start = in.mark();
        String handle;
        String suffix;
        if (in.peek(1) == '<') {
            handle = "";
            in.skip(2);
            suffix = uri("", false);
            if (in.peek() != '>') {
                throw new YamlSyntaxException(start, "found a tag that begins with !< and does not end; > is expected");
            }
            in.skip();
        } else {
            handle = handle(false);
            if (handle.length() > 1 && handle.endsWith("!")) {
                suffix = uri("", false);
            } else {
                suffix = uri(handle.substring(1), true);
                handle = "!";
                if (suffix.isEmpty()) {
                    handle = "";
                    suffix = "!";
                }
            }
        }
        if (!in.isGapAt(0)) {
            throw new YamlSyntaxException(
                    in.mark(), "found more behind a tag; put a space there, or the text in quotes");
        }
        return new YamlToken(Kind.TAG, start, suffix, handle, false);
    }

    private String handle(boolean directive) {
        YamlMark start = in.mark();
        if (in.peek() != '!') {
            throw new YamlSyntaxException(start, "found no handle; it begins with an exclamation mark");
        }
        in.skip();
        String handle = "!" + word();
        if (in.peek() == '!') {
            in.skip();
            return handle + "!";
        }
        if (directive && handle.length() > 1) {
            throw new YamlSyntaxException(start, "found a handle that does not end; an exclamation mark is expected");
        }
        return handle;
    }

    /**
     * Reads the rest of a tag.
     *
     * @param begun what was read of it as a handle
     */
    private String uri(String begun, boolean mayBeEmpty) {
        YamlMark start = in.mark();
        StringBuilder uri = new StringBuilder(begun);
        while (isWord(in.peek()) || (in.peek() != YamlCharacters.END && URI.indexOf(in.peek()) >= 0)) {
            if (in.peek() == '%') {
                uri.append(escaped());
            } else {
                uri.appendCodePoint(in.peek());
                in.skip();
            }
        }
        if (uri.isEmpty() && !mayBeEmpty) {
            throw new YamlSyntaxException(start, "found no name of a tag; put a text with ! in quotes");
        }
        return uri.toString();
    }

    private String escaped() {
        YamlMark start = in.mark();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int width = 0;
        do {
            int high = Character.digit(in.peek(1), 16);
            int low = Character.digit(in.peek(2), 16);
            if (in.peek() != '%' || high < 0 || low < 0 || in.peek(1) > 'f' || in.peek(2) > 'f') {
                throw new YamlSyntaxException(
                        start, "found a bare percent sign in a tag; two hexadecimal digits are expected behind it");
            }
            int octet = high * 16 + low;
            if (width == 0) {
                width = width(octet);
                if (width == 0) {
                    throw new YamlSyntaxException(start, "found a byte in a tag that is no UTF-8; remove it");
                }
            } else if ((octet & 0xC0) != 0x80) {
                throw new YamlSyntaxException(start, "found a byte in a tag that is no UTF-8; remove it");
            }
            bytes.write(octet);
            in.skip(3);
        } while (--width > 0);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int width(int octet) {
        if (octet < 0x80) {
            return 1;
        }
        if ((octet & 0xE0) == 0xC0) {
            return 2;
        }
        if ((octet & 0xF0) == 0xE0) {
            return 3;
        }
        return (octet & 0xF8) == 0xF0 ? 4 : 0;
    }
}
