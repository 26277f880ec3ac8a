// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import dev.narthex.server.demo.DemoOptions;
import dev.narthex.server.http.ListenAddress;
import java.nio.file.Path;
import java.util.List;

/** What a command line asks for. */
public sealed interface Command {
    /** Prints a text and ends. */
    record Print(String text) implements Command {}

    /**
     * The server.
     *
     * @param withoutEffect flags that were given and change nothing
     */
    record Run(ServerOptions server, ConfigurationOptions configuration, List<String> withoutEffect)
            implements Command {}

    /**
     * The server on a folder of manifests, with the demo and the printing receiver beside it.
     *
     * @param directory of the manifests
     */
    record Up(ServerOptions server, Path directory, DemoOptions demo, ListenAddress receiver) implements Command {}

    /** The demo service alone. */
    record Demo(DemoOptions options) implements Command {}

    /** The printing receiver alone. */
    record Receiver(ListenAddress address) implements Command {}

    /**
     * Prints the configuration that a folder of manifests or a set of buckets comes to.
     *
     * @param directory of manifests or of a mounted copy of the buckets
     * @param format what to print
     */
    record Render(Path directory, Format format) implements Command {}

    /** Runs files of PromQL tests and ends. */
    record PromqlTest(List<Path> files) implements Command {}

    /**
     * Says whether files are good, as promtool does.
     *
     * @param files to check; empty for standard input, where the kind allows it
     * @param syntaxOnly whether files that a configuration names are left alone
     * @param lintDuplicates whether rules that are there twice are reported
     * @param lintFatal whether these are worth an exit code
     */
    record Check(CheckKind kind, List<String> files, boolean syntaxOnly, boolean lintDuplicates, boolean lintFatal)
            implements Command {}

    /** What {@link Check} checks. */
    enum CheckKind {
        CONFIG,
        RULES
    }

    /**
     * Shows what relabelling makes of a label set, step by step.
     *
     * @param file a prometheus.yml
     * @param job the name of the scrape configuration
     * @param labels {@code name=value} each
     * @param ofSamples whether the steps are those of samples rather than of targets
     */
    record Relabel(Path file, String job, List<String> labels, boolean ofSamples) implements Command {}

    /** What {@link Render} prints. */
    enum Format {
        PROMETHEUS("prometheus"),
        RULES("rules"),
        ALERTMANAGER("alertmanager");

        private final String text;

        Format(String text) {
            this.text = text;
        }

        /** The value of the flag. */
        public String text() {
            return text;
        }
    }
}
