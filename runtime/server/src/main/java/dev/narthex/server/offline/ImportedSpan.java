// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.offline;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.memory.StorageFiles;
import dev.narthex.model.Labels;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.tsdb.BlockImport;
import dev.narthex.tsdb.block.BlockMeta;
import dev.narthex.tsdb.block.Ulid;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A block on its way from a file, and the series that its samples came to last. For one thread. */
final class ImportedSpan implements AutoCloseable {
    /** So many samples are committed at once, as promtool does: within them, an older sample is left out. */
    private static final int TRANSACTION_SAMPLES = 5000;

    private final BlockImport block;
    private Appender appender;
    private Labels labels = Labels.EMPTY;
    private long ref;
    private int pending;
    private boolean closed;

    ImportedSpan(StorageFiles files, Path directory, long rangeMs) {
        block = new BlockImport(files, directory, rangeMs, new MemoryAccount(Long.MAX_VALUE));
        appender = block.appender();
    }

    /**
     * Adds a sample.
     *
     * @param of the same object where the series is that of the last call
     * @throws IOException when it is older than one of the same series that was committed
     */
    @SuppressWarnings("ReferenceEquality") // the same object means the same series; others are looked up
    void add(Labels of, long timestampMs, double value) throws IOException {
        if (of != labels) {
            ref = appender.series(of);
            labels = of;
        }
        AppendResult result = appender.append(ref, timestampMs, value);
        if (result != AppendResult.ACCEPTED) {
            throw new IOException("block creation: add sample " + timestampMs + " of " + of + ": "
                    + appender.rejection(result) + "; sort the samples of each series by time");
        }
        if (++pending == TRANSACTION_SAMPLES) {
            commit();
            appender = block.appender();
        }
    }

    /** Commits what was added; nothing may be added any more. */
    void commit() throws IOException {
        appender.commit();
        appender.close();
        pending = 0;
    }

    /** How many samples were left out, being older than others of the same transaction and series, or at odds with one. */
    long dropped() {
        return block.dropped();
    }

    @Nullable
    BlockMeta write(Ulid ulid) throws IOException {
        return block.write(ulid);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            appender.close();
            block.close();
        }
    }
}
