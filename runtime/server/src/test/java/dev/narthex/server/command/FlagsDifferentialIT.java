// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.testkit.peers.CommandResult;
import dev.narthex.testkit.peers.Peers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every flag that a real Prometheus lists is known here, in its form and with its default. */
class FlagsDifferentialIT {
    /** {@code --name=default}, {@code --[no-]name}; the name stands in a column of its own. */
    private static final Pattern FLAG =
            Pattern.compile("(?m)^ {2,6}(?:-h, )?--(\\[no-\\])?([a-z][a-z0-9.-]*)(?:=(\\S*))?");

    /** Of these ours has another default, or says it otherwise. */
    private static final List<String> OTHERWISE = List.of(
            "web.page-title",
            "web.remote-write-receiver.accepted-protobuf-messages",
            "storage.tsdb.retention.time",
            "storage.tsdb.retention.size");

    @Test
    void knowsTheFlagsOfPrometheus() throws Exception {
        List<Path> programs = new ArrayList<>(List.of(Peers.prometheus()));
        Peers.newestPrometheus().ifPresent(programs::add);
        Map<String, Flag> known = new TreeMap<>();
        RunFlags.ofRun().forEach(flag -> known.put(flag.name(), flag));
        for (Path program : programs) {
            CommandResult help = CommandResult.of(program, "--help");
            Matcher flag = FLAG.matcher(help.output() + help.errors());
            int count = 0;
            while (flag.find()) {
                count++;
                String name = flag.group(2);
                assertThat(known).as(program + " has --" + name).containsKey(name);
                Flag ours = Objects.requireNonNull(known.get(name));
                assertThat(ours.form() == Flag.Form.SWITCH)
                        .as("--" + name + " is a switch")
                        .isEqualTo(flag.group(1) != null);
                // Those of Debian's package are its own.
                boolean isOriginal =
                        Peers.newestPrometheus().filter(program::equals).isPresent();
                if (isOriginal && ours.standing() == Flag.Standing.SUPPORTED && !OTHERWISE.contains(name)) {
                    assertThat(ours.defaultValue()).as("default of --" + name).isEqualTo(standard(flag.group(3)));
                }
            }
            assertThat(count).isGreaterThan(45);
        }
    }

    private static String standard(@Nullable String shown) {
        if (shown == null) {
            return "false";
        }
        String text = shown.replace("...", "").replace("\"", "");
        if (text.matches("[0-9]+e[0-9]+")) {
            return String.format(Locale.ROOT, "%.0f", Double.parseDouble(text));
        }
        // What stands for a value, <URL> or NAME, has no default.
        boolean isPlaceholder = text.startsWith("<") || text.matches("[A-Z][A-Z.-]+");
        return isPlaceholder ? "" : text;
    }
}
