// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of this machine, without asking a name server. */
final class HostName {
    private static final Path LINUX = Path.of("/proc/sys/kernel/hostname");

    private HostName() {}

    /** The name, or {@code localhost} where the system does not tell. */
    static String get() {
        try {
            String name = Files.readString(LINUX, StandardCharsets.UTF_8).strip();
            if (!name.isEmpty()) {
                return name;
            }
        } catch (IOException _) {
            // Not Linux.
        }
        String name = System.getenv("HOSTNAME");
        return name == null || name.isEmpty() ? "localhost" : name;
    }
}
