// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.manifests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The manifests of a folder: its {@code .yaml} and {@code .yml} files, not those of folders in it. */
final class ManifestFolder {
    private final Path directory;

    ManifestFolder(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    /** A figure that changes when a file comes, goes or is written: name, size and time of each. */
    String fingerprint() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : files()) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                text.append(file.getFileName())
                        .append(' ')
                        .append(attributes.size())
                        .append(' ')
                        .append(attributes.lastModifiedTime())
                        .append('\n');
            } catch (NoSuchFileException _) {
                // Gone since it was listed: the next figure does not have it.
            }
        }
        return text.toString();
    }

    /** The text of each file by its path. */
    SortedMap<String, String> texts() throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        for (Path file : files()) {
            texts.put(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
        }
        return texts;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(ManifestFolder::isManifest).sorted().toList();
        }
    }

    private static boolean isManifest(Path file) {
        String name = String.valueOf(file.getFileName());
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml")) && Files.isRegularFile(file);
    }
}
