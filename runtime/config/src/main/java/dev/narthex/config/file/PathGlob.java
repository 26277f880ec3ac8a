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
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Paths with {@code *}, {@code ?} and {@code [a-z]} in any segment, none of which crosses a slash (Go documentation,
 * {@code filepath.Glob}, which Prometheus expands rule files by).
 */
public final class PathGlob {
    private static final Pattern NOTHING = Pattern.compile("(?!)");

    private PathGlob() {}

    /** The existing files that match, in the order of their paths; a hidden file counts as any other. */
    public static List<Path> expand(Path pattern) throws IOException {
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
        Pattern regex = regex(name);
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(base.toString().isEmpty() ? Path.of(".") : base)) {
            for (Path entry : entries) {
                String entryName = String.valueOf(entry.getFileName());
                if (regex.matcher(entryName).matches()) {
                    expand(base.resolve(entryName), pattern, segment + 1, found);
                }
            }
        } catch (NotDirectoryException | NoSuchFileException _) {
            // Nothing is below what is no directory.
        }
    }

    private static boolean hasWildcard(String name) {
        return name.indexOf('*') >= 0 || name.indexOf('?') >= 0 || name.indexOf('[') >= 0;
    }

    private static Pattern regex(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '[' -> i = set(glob, i + 1, regex);
                case '\\' -> {
                    i++;
                    if (i == glob.length()) {
                        return NOTHING;
                    }
                    regex.append(Pattern.quote(glob.substring(i, i + 1)));
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        try {
            return Pattern.compile(regex.toString(), Pattern.DOTALL);
        } catch (PatternSyntaxException _) {
            // A range that goes backwards.
            return NOTHING;
        }
    }

    /**
     * Adds a set of characters.
     *
     * @param from behind its opening bracket
     * @return where its closing bracket is; the end where there is none or nothing in it, and then nothing matches
     */
    private static int set(String glob, int from, StringBuilder regex) {
        int at = from;
        regex.append('[');
        if (at < glob.length() && glob.charAt(at) == '^') {
            regex.append('^');
            at++;
        }
        int first = at;
        while (at < glob.length() && (glob.charAt(at) != ']' || at == first)) {
            char c = glob.charAt(at);
            boolean escaped = c == '\\' && at + 1 < glob.length();
            if (escaped) {
                at++;
                c = glob.charAt(at);
            }
            if (c == '-' && !escaped) {
                regex.append('-');
            } else {
                regex.append(String.format(Locale.ROOT, "\\x{%x}", (int) c));
            }
            at++;
        }
        if (at >= glob.length() || glob.charAt(first) == ']') {
            regex.setLength(0);
            regex.append(NOTHING.pattern());
            return glob.length();
        }
        regex.append(']');
        return at;
    }
}
