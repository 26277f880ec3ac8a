// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Paths with {@code *}, {@code ?} and {@code [a-z]} in any segment, none of which crosses a slash (Go documentation,
 * {@code filepath.Glob}, which Prometheus expands rule files by).
 */
public final class PathGlob {
    private PathGlob() {}

    /**
     * The existing files that match, in the order of their paths; a hidden file counts as any other.
     *
     * @throws IOException also where brackets are not as they should be; behind an asterisk only where there is something to
     *     match, as in Go
     */
    public static List<Path> expand(Path pattern) throws IOException {
        for (int names = pattern.getNameCount(); names > 0; names--) {
            Path front = pattern.subpath(0, names);
            if (names == pattern.getNameCount() || hasWildcard(front.toString())) {
                new GlobPattern(front.toString()).matches("");
            }
        }
        List<Path> found = new ArrayList<>();
        Path start = pattern.getRoot() == null ? Path.of("") : pattern.getRoot();
        expand(start, pattern, 0, found);
        found.sort(null);
        return found;
    }

    private static void expand(Path base, Path pattern, int segment, List<Path> found) throws IOException {
        if (segment == pattern.getNameCount()) {
            if (Files.exists(base)) {
                found.add(base);
            }
            return;
        }
        String name = pattern.getName(segment).toString();
        if (!hasWildcard(name)) {
            expand(base.resolve(name), pattern, segment + 1, found);
            return;
        }
        GlobPattern glob = new GlobPattern(name);
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(base.toString().isEmpty() ? Path.of(".") : base)) {
            for (Path entry : entries) {
                String entryName = String.valueOf(entry.getFileName());
                if (glob.matches(entryName)) {
                    expand(base.resolve(entryName), pattern, segment + 1, found);
                }
            }
        } catch (NotDirectoryException | NoSuchFileException _) {
            // Nothing is below what is no directory.
        }
    }

    private static boolean hasWildcard(String name) {
        return name.indexOf('*') >= 0 || name.indexOf('?') >= 0 || name.indexOf('[') >= 0 || name.indexOf('\\') >= 0;
    }
}
