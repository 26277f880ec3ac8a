// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is in some files at one time: another one as soon as one of them changes, or others are there. A file that cannot be
 * read counts as empty.
 *
 * @param byFile a digest of the contents of each
 */
record FileDigests(Map<Path, String> byFile) {
    static final FileDigests NONE = new FileDigests(Map.of());

    FileDigests {
        byFile = Map.copyOf(byFile);
    }

    /** These, and other files as they are now. */
    FileDigests with(List<Path> others) {
        Map<Path, String> all = new LinkedHashMap<>(byFile);
        for (Path file : others) {
            all.putIfAbsent(file, digest(file));
        }
        return new FileDigests(all);
    }

    private static String digest(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException _) {
            return "";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java", e);
        }
    }
}
