// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.memory.StorageFiles;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.MatchOp;
import dev.narthex.storage.Appender;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SelectHints;
import dev.narthex.tsdb.block.BlockMeta;
import dev.narthex.tsdb.block.BlockWriter;
import dev.narthex.tsdb.block.CutSeriesSet;
import dev.narthex.tsdb.block.Ulid;
import dev.narthex.tsdb.head.Head;
import dev.narthex.tsdb.head.HeadStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes one block of samples that come from elsewhere: they are gathered in memory, then written. For one thread. */
public final class BlockImport implements AutoCloseable {
    private static final List<LabelMatcher> EVERYTHING = List.of(LabelMatcher.of(MatchOp.REGEX, "__name__", ".*"));
    private static final long CHUNK_FILE_BYTES = 512L << 20;

    private final StorageFiles files;
    private final Path directory;
    private final Head head;

    /**
     * @param directory where the block is to be
     * @param rangeMs the time that the samples may span
     */
    public BlockImport(StorageFiles files, Path directory, long rangeMs, MemoryAccount memory) {
        this.files = files;
        this.directory = directory;
        // A head refuses what is older than its newest sample by more than half of the range it is made for.
        head = new Head(memory, Math.multiplyExact(2, rangeMs), (_, _) -> {});
    }

    /** A transaction; what it commits is in the block. */
    public Appender appender() {
        return head.appender();
    }

    /** How many committed samples were left out: older than the last one of their series, or at its time with another value. */
    public long dropped() {
        HeadStats stats = head.stats();
        return stats.outOfOrderSamples() + stats.duplicateSamples();
    }

    /**
     * Writes the block, which is durable under its name when this returns.
     *
     * @return null where there is no sample: then there is no block either
     */
    public @Nullable BlockMeta write(Ulid ulid) throws IOException {
        try (Querier querier = head.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            Set<String> texts = new TreeSet<>();
            for (String name : querier.labelNames(List.of())) {
                texts.add(name);
                texts.addAll(querier.labelValues(name, List.of()));
            }
            return new BlockWriter(files, directory, CHUNK_FILE_BYTES)
                    .write(
                            ulid,
                            BlockMeta.Compaction.first(ulid, List.of()),
                            texts,
                            new CutSeriesSet(
                                    querier.select(SelectHints.range(Long.MIN_VALUE, Long.MAX_VALUE), EVERYTHING)));
        } catch (UncheckedIOException e) {
            throw new IOException(directory + ": a block could not be written", e);
        }
    }

    @Override
    public void close() {
        head.close();
    }
}
