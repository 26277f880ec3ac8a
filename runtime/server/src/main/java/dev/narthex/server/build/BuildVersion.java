// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which build this is, from a resource that the build fills in. */
public final class BuildVersion {
    private static final String RESOURCE = "/dev/narthex/server/version.properties";

    private BuildVersion() {}

    /** The version of the project, for example {@code 0.1.0}. */
    public static String version() {
        Properties properties = new Properties();
        try (InputStream in = BuildVersion.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("resource " + RESOURCE + ": missing; build with Maven");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + RESOURCE + ": cannot be read", e);
        }
        return properties.getProperty("version", "unknown");
    }

    /** The Java that runs it. */
    public static String java() {
        return System.getProperty("java.vendor.version", "") + " " + System.getProperty("java.version", "");
    }

    /** The text of {@code --version}. */
    public static String text() {
        return "narthex, version " + version() + "\n  java:      " + java().strip() + "\n  platform:  "
                + System.getProperty("os.name", "") + "/" + System.getProperty("os.arch", "") + "\n";
    }
}
