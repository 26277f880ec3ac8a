// SPDX-License-Identifier: Apache-2.0
package dev.narthex.alerting;

import dev.narthex.memory.StorageFiles;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.MatchOp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Silences on disk ({@code docs/formats/silences.md}): a text file that each change replaces as a whole, in one step. A
 * file with damage is kept beside as {@code silences.txt.damaged}, and what can be read of it holds. For use under the lock
 * of the silences.
 */
final class SilenceFile {
    static final String NAME = "silences.txt";
    private static final String DAMAGED = ".damaged";
    private static final String HEADER = "narthex silences 1";
    private static final int FIELDS = 8;
    private static final Logger log = Logger.getLogger(SilenceFile.class);

    private final StorageFiles files;
    private final Path directory;
    private final Path path;
    private final TextFile text;

    /** @param directory made where there is none */
    SilenceFile(StorageFiles files, Path directory) {
        this.files = files;
        this.directory = directory;
        this.path = directory.resolve(NAME);
        this.text = new TextFile(files, directory, NAME);
    }

    /** All silences that can be read. */
    List<Silence> load() {
        try {
            text.makeDirectory();
            return files.exists(path) ? parse(text.read()) : List.of();
        } catch (IOException e) {
            log.errorf("silences not read file=%s err=%s", path, e.getMessage());
            setAside();
            return List.of();
        }
    }

    /** So that the next change does not write over what may still be saved by hand. */
    private void setAside() {
        try {
            files.rename(path, directory.resolve(NAME + DAMAGED));
        } catch (IOException e) {
            log.errorf("silences not set aside file=%s err=%s", path, e.getMessage());
        }
    }

    void write(Collection<Silence> silences) throws IOException {
        text.replace(HEADER + "\n" + silences.stream().map(SilenceFile::line).collect(Collectors.joining()));
    }

    private List<Silence> parse(String content) throws IOException {
        List<String> lines = content.lines().toList();
        List<Silence> silences = new ArrayList<>(lines.size());
        boolean damaged = lines.isEmpty() || !lines.getFirst().equals(HEADER) || !content.endsWith("\n");
        for (int i = 1; i < lines.size(); i++) {
            try {
                silences.add(silence(ChecksummedLine.fields(lines.get(i), FIELDS)));
            } catch (IllegalArgumentException _) {
                log.errorf("silences damaged file=%s line=%d, the silence is lost", path, i + 1);
                damaged = true;
            }
        }
        if (damaged) {
            files.rename(path, directory.resolve(NAME + DAMAGED));
            log.errorf("silences damaged file=%s, set aside as *%s silences_read=%d", path, DAMAGED, silences.size());
            write(silences);
        }
        return silences;
    }

    private static String line(Silence silence) {
        return ChecksummedLine.of(
                silence.id(),
                Long.toString(silence.startsAt().toEpochMilli()),
                Long.toString(silence.endsAt().toEpochMilli()),
                Long.toString(silence.updatedAt().toEpochMilli()),
                ChecksummedLine.encoded(silence.createdBy()),
                ChecksummedLine.encoded(silence.comment()),
                silence.matchers().stream()
                        .map(matcher -> matcher.op().symbol() + ":" + ChecksummedLine.encoded(matcher.name()) + ":"
                                + ChecksummedLine.encoded(matcher.value()))
                        .collect(Collectors.joining(",")),
                silence.annotations().entrySet().stream()
                        .map(annotation -> ChecksummedLine.encoded(annotation.getKey()) + ":"
                                + ChecksummedLine.encoded(annotation.getValue()))
                        .collect(Collectors.joining(",")));
    }

    private static Silence silence(List<String> fields) {
        List<LabelMatcher> matchers = new ArrayList<>();
        for (List<String> parts : items(fields.get(6), 3)) {
            matchers.add(LabelMatcher.of(
                    MatchOp.of(parts.getFirst()),
                    ChecksummedLine.decoded(parts.get(1)),
                    ChecksummedLine.decoded(parts.get(2))));
        }
        Map<String, String> annotations = new TreeMap<>();
        for (List<String> parts : items(fields.get(7), 2)) {
            annotations.put(ChecksummedLine.decoded(parts.getFirst()), ChecksummedLine.decoded(parts.get(1)));
        }
        return new Silence(
                fields.getFirst(),
                matchers,
                time(fields.get(1)),
                time(fields.get(2)),
                time(fields.get(3)),
                ChecksummedLine.decoded(fields.get(4)),
                ChecksummedLine.decoded(fields.get(5)),
                annotations);
    }

    private static List<List<String>> items(String field, int parts) {
        List<List<String>> items = new ArrayList<>();
        if (field.isEmpty()) {
            return items;
        }
        for (String item : field.split(",", -1)) {
            List<String> split = List.of(item.split(":", -1));
            if (split.size() != parts) {
                throw new IllegalArgumentException("damaged");
            }
            items.add(split);
        }
        return items;
    }

    private static Instant time(String millis) {
        return Instant.ofEpochMilli(Long.parseLong(millis));
    }
}
