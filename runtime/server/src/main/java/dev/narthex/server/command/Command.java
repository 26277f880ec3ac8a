// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.command;

import dev.narthex.server.demo.DemoOptions;
import dev.narthex.server.http.ListenAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a command line asks for. */
public sealed interface Command {
    /** Prints a text and ends. */
    record Print(String text) implements Command {}

    /** What serves something until the process is told to end. */
    sealed interface Serving extends Command {
        /** What Narthex logs at least, one of {@code debug}, {@code info}, {@code warn}, {@code error}. */
        default String logLevel() {
            return "info";
        }
    }

    /**
     * The server.
     *
     * @param withoutEffect flags that were given and change nothing
     */
    record Run(ServerOptions server, ConfigurationOptions configuration, List<String> withoutEffect)
            implements Serving {
        @Override
        public String logLevel() {
            return server.logLevel();
        }
    }

    /**
     * The server on a folder of manifests, with the demo and the printing receiver beside it.
     *
     * @param directory of the manifests
     */
    record Up(ServerOptions server, Path directory, DemoOptions demo, ListenAddress receiver) implements Serving {
        @Override
        public String logLevel() {
            return server.logLevel();
        }
    }

    /** The demo service alone. */
    record Demo(DemoOptions options) implements Serving {}

    /** The printing receiver alone. */
    record Receiver(ListenAddress address) implements Serving {}

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
     * @param agent whether a configuration must be one of Prometheus' agent mode
     * @param lintDuplicates whether rules that are there twice are reported
     * @param longestInterval scrape intervals of this or more are reported; null to leave them alone
     * @param lintFatal whether these are worth an exit code
     * @param ignoreUnknownFields whether rule files may have fields that are not known
     * @param unknownLints what was asked to be reported and is not known
     */
    record Check(
            CheckKind kind,
            List<String> files,
            boolean syntaxOnly,
            boolean agent,
            boolean lintDuplicates,
            @Nullable Duration longestInterval,
            boolean lintFatal,
            boolean ignoreUnknownFields,
            List<String> unknownLints)
            implements Command {}

    /** Says whether files of {@code --web.config.file} are good, as promtool does. */
    record CheckWebConfig(List<String> files) implements Command {}

    /**
     * Looks at the exposition on standard input, as promtool does.
     *
     * @param extended whether to show how many series each metric makes
     * @param lint whether to compare names with the conventions
     */
    record CheckMetrics(boolean extended, boolean lint) implements Command {}

    /**
     * Looks for the targets of a job, as promtool does.
     *
     * @param file a prometheus.yml
     * @param timeout how long to look
     */
    record CheckServiceDiscovery(Path file, String job, Duration timeout) implements Command {}

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

    /** What is done with the data directory of a TSDB, without a server. */
    sealed interface OfTsdb extends Command {}

    /**
     * Lists the blocks of a data directory.
     *
     * @param humanReadable times and sizes for people
     */
    record ListBlocks(Path directory, boolean humanReadable) implements OfTsdb {}

    /**
     * Tells which labels of a block are many, and which come and go.
     *
     * @param block its name, empty for the one that was made last
     * @param limit the length of each list
     * @param extended whether to look into the chunks
     * @param match a selector, empty for all series
     */
    record AnalyzeBlock(Path directory, String block, int limit, boolean extended, String match) implements OfTsdb {}

    /**
     * Prints samples.
     *
     * @param minTimeMs inclusive
     * @param maxTimeMs inclusive
     * @param match selectors, at least one; a series that meets any of them is printed once
     * @param format how they are printed
     */
    record DumpSamples(Path directory, long minTimeMs, long maxTimeMs, List<String> match, DumpFormat format)
            implements OfTsdb {
        public DumpSamples {
            match = List.copyOf(match);
        }
    }

    /**
     * Makes blocks of a file of samples.
     *
     * @param output where the blocks are to be
     * @param labels that every series gets, in place of its own of that name; an empty value takes the label away
     * @param humanReadable times and sizes for people
     * @param quiet whether to print no list of the blocks
     * @param maxBlockDuration how much time a block may span at the most; two hours where it is less
     */
    record CreateBlocks(
            Path input,
            Path output,
            Map<String, String> labels,
            boolean humanReadable,
            boolean quiet,
            Duration maxBlockDuration)
            implements OfTsdb {
        public CreateBlocks {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * Asks a running server, and prints its answer as promtool does.
     *
     * @param server its address
     * @param subject the expression, or the name of the label; empty for series
     * @param json whether the answer is printed as JSON
     * @param httpConfig a file with the options of {@code http_config}; null for none
     * @param headers sent with the request
     * @param matches selectors of series
     * @param timeMs of an instant query
     * @param startMs of a range
     * @param endMs of a range
     * @param stepMs of a range query
     */
    record Query(
            QueryKind kind,
            URI server,
            String subject,
            boolean json,
            @Nullable Path httpConfig,
            Map<String, String> headers,
            List<String> matches,
            OptionalLong timeMs,
            OptionalLong startMs,
            OptionalLong endMs,
            OptionalLong stepMs)
            implements Command {}

    /** What {@link Query} asks for. */
    enum QueryKind {
        INSTANT,
        RANGE,
        SERIES,
        LABELS
    }

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
