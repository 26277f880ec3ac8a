// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** By what one sees that a file is another than before, without reading it. */
record FileStamp(
        @Nullable Object key, long sizeBytes, @Nullable FileTime modified) {
    /** That of a file that cannot be looked at. */
    private static final FileStamp NONE = new FileStamp(null, -1, null);

    static FileStamp of(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
        } catch (IOException _) {
            return NONE;
        }
    }

    static List<FileStamp> of(List<Path> files) {
        List<FileStamp> stamps = new ArrayList<>(files.size());
        files.forEach(file -> stamps.add(of(file)));
        return stamps;
    }
}
