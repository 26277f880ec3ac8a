// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.model.Labels;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import java.util.Locale;

/** JSON as Go writes it: receivers see the very bytes that Alertmanager would send. For one thread. */
final class JsonText {
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendLiteral('Z')
            .toFormatter(Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final HexFormat HEX = HexFormat.of();

    private final StringBuilder out = new StringBuilder(1024);

    JsonText raw(String json) {
        out.append(json);
        return this;
    }

    /** A member of an object that is a string; a comma before it unless it is the first. */
    JsonText member(String name, String value) {
        return name(name).string(value);
    }

    JsonText member(String name, Labels labels) {
        name(name).raw("{");
        for (int i = 0; i < labels.size(); i++) {
            member(labels.name(i), labels.value(i));
        }
        return raw("}");
    }

    JsonText name(String name) {
        if (out.charAt(out.length() - 1) != '{') {
            out.append(',');
        }
        string(name);
        out.append(':');
        return this;
    }

    private JsonText string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            append(text, i);
        }
        out.append('"');
        return this;
    }

    private void append(String text, int index) {
        char c = text.charAt(index);
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            // Go escapes these so that the text can stand in HTML and JavaScript.
            case '<', '>', '&', '\u2028', '\u2029' -> out.append("\\u").append(HEX.toHexDigits(c));
            default -> {
                if (c < ' ') {
                    out.append("\\u").append(HEX.toHexDigits(c));
                } else if (Character.isSurrogate(c) && !isPaired(text, index)) {
                    out.append("\\ufffd");
                } else {
                    out.append(c);
                }
            }
        }
    }

    private static boolean isPaired(String text, int index) {
        char c = text.charAt(index);
        return Character.isHighSurrogate(c)
                ? index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1))
                : index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
    }

    /** A time with as many digits of its fraction as are not zero: {@code 2026-11-23T09:19:31.86313024Z}. */
    static String time(Instant time) {
        return TIME.format(time);
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
