// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.file;

import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.Peers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Asks the newest real promtool of this machine about configuration files; without one, skips the calling test. */
final class NewestPromtool {
    private final Path promtool;

    NewestPromtool() {
        Optional<Path> prometheus = Peers.newestPrometheus();
        Assumptions.assumeTrue(prometheus.isPresent(), "no newest Prometheus here; e2e/peers --newest builds one");
        promtool = prometheus.orElseThrow().resolveSibling("promtool");
    }

    /** Whether each file is accepted; a file that makes promtool panic counts as refused. */
    List<Boolean> accepts(List<Path> files) throws IOException, InterruptedException {
        String output = run(files);
        List<Boolean> accepted = new ArrayList<>();
        for (Path file : files) {
            boolean reached = output.contains("Checking " + file + "\n");
            String all = reached ? output : run(List.of(file));
            accepted.add(all.contains("SUCCESS: " + file + " is valid"));
        }
        return accepted;
    }

    private String run(List<Path> files) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("check", "config", "--syntax-only"));
        files.forEach(file -> arguments.add(file.toString()));
        return CommandResult.of(promtool, arguments.toArray(String[]::new)).output();
    }
}
