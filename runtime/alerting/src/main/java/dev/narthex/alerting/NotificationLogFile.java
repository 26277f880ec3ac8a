// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.alerting.NotificationLog.Entry;
import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The notification log on disk: a text file to which every entry is appended, and which is written anew now and then
 * without what is outdated.
 *
 * <pre>
 * file  := "narthex notification log 1" LF line*
 * line  := crc TAB time TAB expires TAB key TAB firing TAB resolved LF
 * crc   := CRC-32C of what follows its TAB, 8 hexadecimal digits
 * time, expires := milliseconds since 1970, decimal
 * key   := base64 of the entry's key
 * firing, resolved := fingerprints, 16 hexadecimal digits each, joined by commas; may be empty
 * </pre>
 *
 * <p>A later line of a key replaces an earlier one. What a crash has torn at the end is cut off; a damaged line is left
 * out. Losing an entry costs a repeated notification, so that failures are logged and go no further. For use under the
 * lock of the log.
 */
final class NotificationLogFile {
    private static final String NAME = "notifications.log";
    private static final String HEADER = "narthex notification log 1";
    private static final int FIELDS = 5;
    private static final Logger log = Logger.getLogger(NotificationLogFile.class);

    private final StorageFiles files;
    private final Path path;
    private final TextFile text;

    /** @param directory made where there is none */
    NotificationLogFile(StorageFiles files, Path directory) {
        this.files = files;
        this.path = directory.resolve(NAME);
        this.text = new TextFile(files, directory, NAME);
    }

    /** All entries that can be read, in the order in which they were written. */
    List<Entry> load() {
        try {
            text.makeDirectory();
            if (!files.exists(path)) {
                rewrite(List.of());
                return List.of();
            }
            return parse(read());
        } catch (IOException e) {
            log.warnf("notification log not read file=%s err=%s", path, e.getMessage());
            return List.of();
        }
    }

    void append(Entry entry) {
        try (StorageFile file = files.openWrite(path)) {
            long end = file.sizeBytes();
            try {
                file.write(bytes(line(entry)), end);
                file.sync();
            } catch (IOException e) {
                // A part of a line would spoil the next one.
                file.truncate(end);
                throw e;
            }
        } catch (IOException e) {
            log.warnf("notification log not written file=%s err=%s", path, e.getMessage());
        }
    }

    void rewrite(Collection<Entry> entries) {
        try {
            text.replace(HEADER + "\n"
                    + entries.stream().map(NotificationLogFile::line).collect(Collectors.joining()));
        } catch (IOException e) {
            log.warnf("notification log not written file=%s err=%s", path, e.getMessage());
        }
    }

    private String read() throws IOException {
        String content = text.read();
        int end = content.lastIndexOf('\n') + 1;
        if (end < content.length()) {
            log.warnf("notification log torn file=%s, the torn line is cut off", path);
            try (StorageFile file = files.openWrite(path)) {
                file.truncate(content.substring(0, end).getBytes(StandardCharsets.UTF_8).length);
            }
        }
        return content.substring(0, end);
    }

    private List<Entry> parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
            log.warnf("notification log has an unknown form file=%s, it begins anew", path);
            rewrite(List.of());
            return List.of();
        }
        List<Entry> entries = new ArrayList<>(lines.size());
        for (int i = 1; i < lines.size(); i++) {
            try {
                entries.add(entry(lines.get(i)));
            } catch (IllegalArgumentException e) {
                log.warnf("notification log damaged file=%s line=%d, the line is left out", path, i + 1);
            }
        }
        return entries;
    }

    private static Entry entry(String line) {
        List<String> fields = ChecksummedLine.fields(line, FIELDS);
        return new Entry(
                ChecksummedLine.decoded(fields.get(2)),
                Instant.ofEpochMilli(Long.parseLong(fields.getFirst())),
                Instant.ofEpochMilli(Long.parseLong(fields.get(1))),
                fingerprints(fields.get(3)),
                fingerprints(fields.get(4)));
    }

    private static String line(Entry entry) {
        return ChecksummedLine.of(
                Long.toString(entry.time().toEpochMilli()),
                Long.toString(entry.expiresAt().toEpochMilli()),
                ChecksummedLine.encoded(entry.key()),
                text(entry.firing()),
                text(entry.resolved()));
    }

    private static String text(Set<Long> fingerprints) {
        return new TreeSet<>(fingerprints)
                .stream().map(HexFormat.of()::toHexDigits).collect(Collectors.joining(","));
    }

    private static Set<Long> fingerprints(String text) {
        Set<Long> fingerprints = new TreeSet<>();
        for (String hex : text.split(",", -1)) {
            if (!hex.isEmpty()) {
                fingerprints.add(HexFormat.fromHexDigitsToLong(hex));
            }
        }
        return fingerprints;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
