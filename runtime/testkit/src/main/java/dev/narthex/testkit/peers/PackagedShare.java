// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Debian's Alertmanager reads its default templates from {@code /usr/share}, also where its package was only unpacked.
 * It then runs in a mount namespace of its own, in which {@code /usr/share} has the package's files over the machine's;
 * that needs Linux with user namespaces, but no root.
 */
final class PackagedShare {
    private static final Path SHARE = Path.of("/usr/share");
    private static final String TEMPLATE = "prometheus/alertmanager/default.tmpl";
    private static final String MOUNT =
            "share=$1; shift; mount -t overlay overlay -o \"lowerdir=$share:/usr/share\" /usr/share && exec \"$@\"";

    private PackagedShare() {}

    /** The command line that runs a program with its package's files; skips the calling test where that cannot be. */
    static List<String> commandLine(Path program) throws IOException {
        Path share = program.resolve("../../share").normalize();
        boolean elsewhere = !share.equals(SHARE) && Files.exists(share.resolve(TEMPLATE));
        if (!elsewhere || Files.exists(SHARE.resolve(TEMPLATE))) {
            return List.of(program.toString());
        }
        assumeNamespaces(share);
        return inNamespace(share, program.toString());
    }

    private static void assumeNamespaces(Path share) throws IOException {
        Process trial = new ProcessBuilder(inNamespace(share, "true"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Assumptions.assumeTrue(
                    trial.waitFor() == 0,
                    "the unpacked Alertmanager needs its templates in /usr/share, and this machine lets no user mount"
                            + " them there in a namespace; install the package prometheus-alertmanager");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while trying a mount namespace", e);
        }
    }

    private static List<String> inNamespace(Path share, String program) {
        List<String> line = new ArrayList<>(List.of("unshare", "--user", "--map-root-user", "--mount"));
        line.addAll(List.of("sh", "-c", MOUNT, "sh", share.toString(), program));
        return line;
    }
}
