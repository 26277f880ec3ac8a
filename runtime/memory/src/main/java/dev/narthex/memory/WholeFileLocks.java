// SPDX-License-Identifier: Apache-2.0
package dev.narthex.memory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Locks of the kind {@code flock(2)}, which a Prometheus takes and Java cannot: Linux keeps them apart from those of Java
 * ({@code fcntl}), so that neither program sees the lock of the other. Linux lists them in {@code /proc/locks}:
 *
 * <pre>
 * 1: FLOCK  ADVISORY  WRITE 22895 fe:00:9978903 0 EOF      major:minor (hexadecimal) : inode
 * </pre>
 */
final class WholeFileLocks {
    private static final Path LOCKS = Path.of("/proc/locks");

    private WholeFileLocks() {}

    /** Whether some process holds such a lock of a file; false where this system does not tell. */
    static boolean isLocked(Path file) throws IOException {
        if (!Files.isReadable(LOCKS)) {
            return false;
        }
        Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino");
        if (!(attributes.get("dev") instanceof Long device) || !(attributes.get("ino") instanceof Long inode)) {
            return false;
        }
        String place = place(device, inode);
        try (Stream<String> lines = Files.lines(LOCKS, StandardCharsets.UTF_8)) {
            return lines.anyMatch(line -> line.contains(" FLOCK ") && line.contains(place) && !line.contains("->"));
        }
    }

    private static String place(long device, long inode) {
        long major = (device >>> 8) & 0xfff;
        long minor = (device & 0xff) | (device >>> 12 & 0xfff00);
        return " " + hexadecimal(major) + ":" + hexadecimal(minor) + ":" + inode + " ";
    }

    private static String hexadecimal(long number) {
        return (number < 16 ? "0" : "") + Long.toHexString(number);
    }
}
