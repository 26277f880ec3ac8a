// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes trees of maps, lists, texts, numbers and booleans as block YAML, the same bytes for the same tree. What any
 * reader of YAML 1.1 or 1.2 could take for something else than a text is quoted.
 */
public final class YamlWriter {
    /** Stands for null in a tree. */
    public static final Object NULL = new Object();

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./-]*");
    private static final Set<String> WORDS =
            Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf");

    private final StringBuilder out = new StringBuilder();

    private YamlWriter() {}

    /**
     * Writes a document, ending in a line feed.
     *
     * @throws IllegalArgumentException when the tree holds anything but maps with text keys, lists, texts, numbers
     *     and booleans
     */
    public static String write(Map<String, ?> document) {
        YamlWriter writer = new YamlWriter();
        if (document.isEmpty()) {
            return "{}\n";
        }
        writer.writeMap(document, 0, false);
        return writer.out.toString();
    }

    private void writeMap(Map<?, ?> map, int indent, boolean firstInLine) {
        boolean inLine = firstInLine;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!inLine) {
                out.repeat(' ', indent);
            }
            inLine = false;
            writeText(String.valueOf(entry.getKey()));
            out.append(':');
            writeValue(entry.getValue(), indent);
        }
    }

    private void writeValue(Object value, int indent) {
        switch (value) {
            case Map<?, ?> map when map.isEmpty() -> out.append(" {}\n");
            case List<?> list when list.isEmpty() -> out.append(" []\n");
            case Map<?, ?> map -> {
                out.append('\n');
                writeMap(map, indent + 2, false);
            }
            case List<?> list -> {
                out.append('\n');
                writeList(list, indent);
            }
            default -> {
                out.append(' ');
                writeScalar(value);
                out.append('\n');
            }
        }
    }

    private void writeList(List<?> list, int indent) {
        for (Object item : list) {
            out.repeat(' ', indent).append('-');
            if (item instanceof Map<?, ?> map && !map.isEmpty()) {
                out.append(' ');
                writeMap(map, indent + 2, true);
            } else if (item instanceof List<?> inner && !inner.isEmpty()) {
                out.append('\n');
                writeList(inner, indent + 2);
            } else {
                writeValue(item, indent);
            }
        }
    }

    private void writeScalar(Object value) {
        switch (value) {
            case Object nothing when nothing == NULL -> out.append("null");
            case String text -> writeText(text);
            case Boolean flag -> out.append(flag.booleanValue());
            case Integer number -> out.append(number.intValue());
            case Long number -> out.append(number.longValue());
            case BigInteger number -> out.append(number);
            case Double number -> writeNumber(number);
            default -> throw new IllegalArgumentException("YAML: no form for " + value.getClass());
        }
    }

    private void writeNumber(double number) {
        if (Double.isNaN(number)) {
            out.append(".nan");
        } else if (Double.isInfinite(number)) {
            out.append(number > 0 ? ".inf" : "-.inf");
        } else if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            out.append((long) number);
        } else {
            out.append(number);
        }
    }

    private void writeText(String text) {
        if (PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT))) {
            out.append(text);
            return;
        }
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> writeCharacter(c);
            }
        }
        out.append('"');
    }

    private void writeCharacter(char c) {
        boolean printable = (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c != 0xfeff && c != 0x2028 && c != 0x2029);
        if (printable) {
            out.append(c);
        } else {
            out.append("\\u").append(HexFormat.of().toHexDigits(c));
        }
    }
}
