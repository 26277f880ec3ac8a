// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.peers;

import java.nio.file.Path;
import java.util.List;

/** The real programs that tests compare Narthex with. */
public enum PeerProgram {
    PROMETHEUS,
    PROMTOOL,
    ALERTMANAGER,
    AMTOOL;

    /** The names that releases and Debian give its file. */
    public List<String> fileNames() {
        return switch (this) {
            case PROMETHEUS -> List.of("prometheus");
            case PROMTOOL -> List.of("promtool");
            case ALERTMANAGER -> List.of("alertmanager", "prometheus-alertmanager");
            case AMTOOL -> List.of("amtool");
        };
    }

    boolean isNamed(Path file) {
        Path name = file.getFileName();
        return name != null && fileNames().contains(name.toString());
    }
}
