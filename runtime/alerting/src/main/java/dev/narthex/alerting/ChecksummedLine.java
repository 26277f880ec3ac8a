// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/** A line of a text file: fields with tabs between, behind the CRC-32C of all of them in 8 hexadecimal digits. */
final class ChecksummedLine {
    private ChecksummedLine() {}

    /** The line of some fields, which hold neither tabs nor line feeds; with its line feed. */
    static String of(String... fields) {
        String rest = String.join("\t", fields);
        return checksum(rest) + "\t" + rest + "\n";
    }

    /**
     * The fields of a line without its line feed.
     *
     * @throws IllegalArgumentException when it is damaged, or has another number of fields
     */
    static List<String> fields(String line, int count) {
        int tab = line.indexOf('\t');
        if (tab < 0 || !line.substring(0, tab).equals(checksum(line.substring(tab + 1)))) {
            throw new IllegalArgumentException("damaged");
        }
        List<String> fields = List.of(line.substring(tab + 1).split("\t", -1));
        if (fields.size() != count) {
            throw new IllegalArgumentException("damaged");
        }
        return fields;
    }

    /** Any text as a field, or as a part of one: letters, digits, {@code +}, {@code /} and {@code =}. */
    static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The text of a field from {@link #encoded}.
     *
     * @throws IllegalArgumentException when it is damaged
     */
    static String decoded(String field) {
        return new String(Base64.getDecoder().decode(field), StandardCharsets.UTF_8);
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
