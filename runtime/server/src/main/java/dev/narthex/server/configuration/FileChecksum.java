// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.configuration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A figure over the names and contents of files: it changes when one of them does. */
final class FileChecksum {
    private FileChecksum() {}

    /** The figure of some files; one that cannot be read counts as empty. */
    static String of(List<Path> files) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java", e);
        }
        for (Path file : files) {
            byte[] content;
            try {
                content = Files.readAllBytes(file);
            } catch (IOException _) {
                content = new byte[0];
            }
            digest.update((file.toString().length() + " " + file + " " + content.length + " ")
                    .getBytes(StandardCharsets.UTF_8));
            digest.update(content);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
