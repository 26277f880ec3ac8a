// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.section;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;

/** One figure for a set of sections: equal on both sides when the runtime has read what the operator wrote. */
public final class SectionsHash {
    private SectionsHash() {}

    /** SHA-256 over all sections in order of their resources, 64 hexadecimal digits; the given order has no part. */
    public static String of(Collection<ResourceSection> sections) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            sections.stream().sorted().forEach(section -> {
                add(digest, section.id().kind());
                add(digest, section.id().namespace());
                add(digest, section.id().name());
                digest.update(ByteBuffer.allocate(Long.BYTES)
                        .putLong(section.generation())
                        .flip());
                add(digest, section.yaml());
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }
}
