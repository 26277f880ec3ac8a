// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.offline;

import dev.narthex.exposition.ExpositionException;
import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.memory.StorageFiles;
import dev.narthex.model.LabelMatcher;
import dev.narthex.promql.syntax.PromqlParseException;
import dev.narthex.promql.syntax.PromqlParser;
import dev.narthex.server.command.Command;
import dev.narthex.tsdb.ReadOnlyTsdb;
import dev.narthex.tsdb.block.Block;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** {@code narthex tsdb}: what promtool does with data directories, in its form and with its exit codes. */
public final class TsdbCommand {
    private static final int FAILED = 1;

    private final InstantSource clock;
    private final Consumer<String> out;
    private final Consumer<String> errors;
    private final StorageFiles files = new LocalFiles();

    /**
     * @param clock for the names of blocks
     * @param out takes what is printed, pieces of text as they are
     * @param errors takes what went wrong
     */
    public TsdbCommand(InstantSource clock, Consumer<String> out, Consumer<String> errors) {
        this.clock = clock;
        this.out = out;
        this.errors = errors;
    }

    /** Does what is asked for, and gives the exit code: 1 where it failed. */
    public int run(Command.OfTsdb command) {
        try {
            switch (command) {
                case Command.ListBlocks list -> list(list);
                case Command.AnalyzeBlock analyze -> analyze(analyze);
                case Command.DumpSamples dump -> dump(dump);
                case Command.CreateBlocks create -> new BlockCreation(files, clock, out, errors).run(create);
            }
            return 0;
        } catch (IOException | UncheckedIOException | ExpositionException | PromqlParseException e) {
            errors.accept(message(e) + "\n");
            return FAILED;
        }
    }

    private static String message(Exception e) {
        Throwable cause = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
        // The exceptions of the file system have no more than a path for a message.
        boolean ofFileSystem = cause instanceof FileSystemException;
        return ofFileSystem ? cause.toString() : String.valueOf(cause.getMessage());
    }

    private void list(Command.ListBlocks list) throws IOException {
        List<Block> blocks = ReadOnlyTsdb.openBlocks(files, list.directory());
        try {
            BlockTable table = new BlockTable(list.humanReadable());
            for (Block block : blocks) {
                table.add(block.meta(), block.sizeBytes());
            }
            out.accept(table.text());
        } finally {
            close(blocks);
        }
    }

    private void analyze(Command.AnalyzeBlock analyze) throws IOException {
        List<LabelMatcher> matchers =
                analyze.match().isEmpty() ? List.of() : PromqlParser.parseAnySelector(analyze.match());
        List<Block> blocks = ReadOnlyTsdb.openBlocks(files, analyze.directory());
        try {
            if (blocks.isEmpty()) {
                throw new IOException("no blocks found");
            }
            Block block = analyze.block().isEmpty() ? lastMade(blocks) : block(blocks, analyze.block());
            out.accept(new AnalysisText(analyze.limit()).of(block, analyze.match(), matchers, analyze.extended()));
        } finally {
            close(blocks);
        }
    }

    /** The last one by name, as promtool has it: not the one with the newest samples. */
    private static Block lastMade(List<Block> blocks) {
        return Collections.max(
                blocks, Comparator.comparing(block -> block.meta().ulid()));
    }

    private static Block block(List<Block> blocks, String name) throws IOException {
        for (Block block : blocks) {
            if (block.meta().ulid().text().equals(name)) {
                return block;
            }
        }
        throw new IOException("block " + name + " not found");
    }

    private void dump(Command.DumpSamples dump) throws IOException {
        List<List<LabelMatcher>> selectors = new ArrayList<>();
        for (String match : dump.match()) {
            selectors.add(PromqlParser.parseAnySelector(match));
        }
        try (ReadOnlyTsdb tsdb = ReadOnlyTsdb.open(files, dump.directory(), new MemoryAccount(Long.MAX_VALUE))) {
            new SampleDump(out, dump.format()).run(tsdb, dump.minTimeMs(), dump.maxTimeMs(), selectors);
        }
    }

    private static void close(List<Block> blocks) throws IOException {
        for (Block block : blocks) {
            block.close();
        }
    }
}
