// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.memory.StorageFiles;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.tsdb.block.Block;
import dev.narthex.tsdb.compact.BlockDirectory;
import dev.narthex.tsdb.compact.MergedQuerier;
import dev.narthex.tsdb.head.Head;
import dev.narthex.tsdb.head.HeadReplay;
import dev.narthex.tsdb.wal.LogScan;
import dev.narthex.tsdb.wal.WalLayout;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A data directory as it is at one moment: blocks and log are read, and nothing is written, locked or mended. Another
 * process may be using the directory. For queries of many threads once it is open.
 */
public final class ReadOnlyTsdb implements Queryable, AutoCloseable {
    private static final long CHUNK_RANGE_MS = Duration.ofHours(2).toMillis();

    private final List<Block> blocks;
    private final Head head;

    private ReadOnlyTsdb(List<Block> blocks, Head head) {
        this.blocks = blocks;
        this.head = head;
    }

    /**
     * Opens a directory. The samples of the log are in memory from then on.
     *
     * @throws IOException when there is no such directory, or the file system fails
     */
    public static ReadOnlyTsdb open(StorageFiles files, Path directory, MemoryAccount memory) throws IOException {
        List<Block> blocks = openBlocks(files, directory);
        Head head = new Head(memory, CHUNK_RANGE_MS, (_, _) -> {});
        try {
            long mintMs = blocks.stream()
                    .filter(block -> !block.meta().isOutOfOrder())
                    .mapToLong(block -> block.meta().maxTimeMs())
                    .max()
                    .orElse(Long.MIN_VALUE);
            HeadReplay headReplay = head.beginReplay(mintMs, -1);
            Replay replay = new Replay(headReplay, mintMs);
            long malformedSamples;
            try (ReplayPipeline pipeline = new ReplayPipeline(replay, mintMs, () -> false)) {
                new LogScan(files, directory.resolve(WalLayout.DIRECTORY)).run(pipeline);
                pipeline.drain();
                malformedSamples = pipeline.malformed();
            }
            replay.report(headReplay.settle(), malformedSamples);
            OutOfOrderReplay late = new OutOfOrderReplay(head.outOfOrder());
            new LogScan(files, directory.resolve(WalLayout.OUT_OF_ORDER_DIRECTORY)).run(late);
            long _ = headReplay.end();
            return new ReadOnlyTsdb(blocks, head);
        } catch (IOException | RuntimeException e) {
            try (ReadOnlyTsdb _ = new ReadOnlyTsdb(blocks, head)) {
                throw e;
            }
        }
    }

    /**
     * Opens the blocks of a directory for reading, in order of time; whoever asks closes them.
     *
     * @throws IOException when there is no such directory, or the file system fails
     */
    public static List<Block> openBlocks(StorageFiles files, Path directory) throws IOException {
        if (!files.exists(directory)) {
            throw new FileNotFoundException("opening the db dir: stat " + directory + ": no such file or directory");
        }
        return BlockDirectory.openReadOnly(files, directory).blocks();
    }

    @Override
    public Querier querier(long mintMs, long maxtMs) {
        List<Querier> parts = new ArrayList<>();
        try {
            addBlocks(false, mintMs, maxtMs, parts);
            parts.addAll(head.queriers(mintMs, maxtMs));
            addBlocks(true, mintMs, maxtMs, parts);
            return new MergedQuerier(parts);
        } catch (RuntimeException e) {
            parts.forEach(Querier::close);
            throw e;
        }
    }

    private void addBlocks(boolean outOfOrder, long mintMs, long maxtMs, List<Querier> parts) {
        for (Block block : blocks) {
            if (block.meta().isOutOfOrder() == outOfOrder && block.meta().overlaps(mintMs, maxtMs)) {
                parts.add(block.querier(mintMs, maxtMs));
            }
        }
    }

    @Override
    public void close() throws IOException {
        head.close();
        for (Block block : blocks) {
            block.close();
        }
    }
}
