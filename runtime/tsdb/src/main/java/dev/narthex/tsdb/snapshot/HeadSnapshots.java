// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.snapshot;

import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import dev.narthex.tsdb.head.Head;
import dev.narthex.tsdb.headchunk.HeadChunkFiles;
import dev.narthex.tsdb.headchunk.HeadChunkRecovery;
import dev.narthex.tsdb.wal.LogShortcut;
import dev.narthex.tsdb.wal.RecordHandler;
import dev.narthex.tsdb.wal.RecordType;
import dev.narthex.tsdb.wal.Wal;
import dev.narthex.tsdb.wal.WalCompression;
import dev.narthex.tsdb.wal.WalLayout;
import dev.narthex.tsdb.wal.WalStart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of a data directory. A start takes the newest one that fits the log, and removes all when the log has been
 * replayed: each serves one start, for it is not told what is removed later. For one thread.
 */
public final class HeadSnapshots {
    private static final Logger log = Logger.getLogger(HeadSnapshots.class);
    /** Behind the name of one that is being written. */
    static final String TEMPORARY = ".tmp";

    private final StorageFiles files;
    private final Path directory;
    private final Path walDirectory;
    private final Path damagedDirectory;
    private @Nullable SnapshotName chosen;
    private @Nullable SnapshotMark mark;
    /** The log ends before the place of the snapshot. */
    private boolean beyondLog = true;

    /**
     * Looks for the snapshot to start from.
     *
     * @param directory the data directory
     * @param walDirectory the directory of the log
     * @param damagedDirectory where one goes that cannot be used
     * @param start what can be said of the log
     */
    public HeadSnapshots(StorageFiles files, Path directory, Path walDirectory, Path damagedDirectory, WalStart start)
            throws IOException {
        this.files = files;
        this.directory = directory;
        this.walDirectory = walDirectory;
        this.damagedDirectory = damagedDirectory;
        for (String name : files.list(directory)) {
            SnapshotName found = SnapshotName.parse(name);
            if (found != null && (chosen == null || found.compareTo(chosen) > 0)) {
                chosen = found;
            }
        }
        SnapshotName newest = chosen;
        if (newest != null) {
            choose(newest, start);
        }
    }

    private void choose(SnapshotName newest, WalStart start) throws IOException {
        boolean segmentIsThere = false;
        boolean outdated = start.isUncheckedBefore(newest.segment());
        for (String name : files.list(walDirectory)) {
            segmentIsThere |= WalLayout.segmentNumber(name) == newest.segment();
            beyondLog = beyondLog && WalLayout.segmentNumber(name) < newest.segment();
            outdated |= WalLayout.checkpointNumber(name) >= newest.segment();
        }
        if (outdated) {
            log.infof("snapshot of the head is older than the log, it is not used dir=%s", path(newest));
            chosen = null;
        } else if (segmentIsThere && newest.offset() == 0) {
            mark = SnapshotMark.read(files, path(newest));
        }
    }

    private Path path(SnapshotName name) {
        return directory.resolve(name.toString());
    }

    /** Whether there is one that does not tell which series references the log before it has. */
    public boolean hidesReferences() {
        return chosen != null && mark == null;
    }

    /** No series reference that is not read is greater; 0 where all are read. */
    public long greatestRef() {
        SnapshotMark present = mark;
        return present == null ? 0 : present.greatestRef();
    }

    /**
     * Looks whether the snapshot is whole, and whether the chunks before it are there.
     *
     * @return null where the log has to be replayed from its beginning
     */
    public @Nullable Usable check(HeadChunkRecovery.Result chunks) throws IOException {
        SnapshotName name = chosen;
        if (name == null) {
            return null;
        }
        SnapshotMark told = mark;
        if (!areThere(chunks, told)) {
            log.warnf("chunks of the head are missing, so its snapshot is not used dir=%s", path(name));
            return null;
        }
        SnapshotReader reader = new SnapshotReader(new Nowhere(), RecordType.SERIES);
        try {
            int _ = reader.read(files, path(name));
            long bytes = told == null ? 0 : SnapshotMark.segmentBytes(files, path(name));
            if (told != null && told.bytes() != bytes) {
                throw new DamagedSnapshotException(
                        "its segments should have " + told.bytes() + " bytes, found " + bytes);
            }
        } catch (DamagedSnapshotException e) {
            log.errorf(
                    "snapshot of the head cannot be used, the log is replayed dir=%s: %s", path(name), e.getMessage());
            setAside(name);
            chosen = null;
            return null;
        }
        return new Usable(name, told != null, told == null ? reader.takeMaxTimeMs() : told.maxTimeMs());
    }

    private boolean areThere(HeadChunkRecovery.Result chunks, @Nullable SnapshotMark told) throws IOException {
        HeadChunkRecovery.Damage damage = chunks.damage();
        if (damage.tornTails() + damage.damagedFiles() + damage.givenUpFiles() > 0) {
            return false;
        }
        if (told == null) {
            return !chunks.files().isEmpty() || isLogEmpty();
        }
        return told.chunkFile() == 0
                || chunks.files().stream()
                        .anyMatch(
                                file -> file.number() == told.chunkFile() && file.sizeBytes() >= told.chunkFileBytes());
    }

    private boolean isLogEmpty() throws IOException {
        for (String name : files.list(walDirectory)) {
            if (WalLayout.checkpointNumber(name) >= 0) {
                return false;
            }
            if (WalLayout.segmentNumber(name) >= 0) {
                try (StorageFile file = files.openRead(walDirectory.resolve(name))) {
                    if (file.sizeBytes() > 0) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private void setAside(SnapshotName name) throws IOException {
        files.createDirectories(damagedDirectory);
        List<String> present = files.list(damagedDirectory);
        int copy = 1;
        while (present.contains(name + "-" + copy)) {
            copy++;
        }
        files.rename(path(name), damagedDirectory.resolve(name + "-" + copy));
    }

    /**
     * Removes all snapshots, and what crashes have left of some: the log has all that they had, and more. Where the log is
     * shorter, the one that was chosen goes to what is damaged.
     */
    public void remove() throws IOException {
        SnapshotName name = chosen;
        if (name != null && beyondLog) {
            log.warnf("the log ends before the snapshot of the head, which is kept as a copy dir=%s", path(name));
            setAside(name);
        }
        remove("");
    }

    private void remove(String kept) throws IOException {
        for (String name : files.list(directory)) {
            String whole = name.endsWith(TEMPORARY) ? name.substring(0, name.length() - TEMPORARY.length()) : name;
            if (SnapshotName.parse(whole) != null && !name.equals(kept)) {
                files.delete(directory.resolve(name));
            }
        }
    }

    /**
     * Writes a snapshot in the place of all others, while the head is at rest.
     *
     * @throws IOException when a file could not be written; nothing is left then
     */
    public void write(Head head, Wal wal, HeadChunkFiles chunks, WalCompression compression) throws IOException {
        if (head.seriesEntries().length != head.seriesCount()) {
            log.info("no snapshot of the head is written, for the log has series under several references");
            return;
        }
        SnapshotWriter writer = new SnapshotWriter(files, directory, head);
        try {
            SnapshotName name = writer.write(wal, chunks, compression);
            remove(name.toString());
            log.infof("snapshot of the head is written dir=%s series=%d", path(name), writer.series());
        } catch (IOException e) {
            try {
                remove();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** A snapshot that stands for what is before it in the log. */
    public final class Usable {
        private final SnapshotName name;
        private final boolean whole;
        private final long maxTimeMs;

        private Usable(SnapshotName name, boolean whole, long maxTimeMs) {
            this.name = name;
            this.whole = whole;
            this.maxTimeMs = maxTimeMs;
        }

        /** Whether nothing of the log before it has to be read; or else series and metadata are read all the same. */
        public boolean isWhole() {
            return whole;
        }

        /**
         * The place in the log.
         *
         * @param handler takes what the snapshot has, as records of the log
         * @param before is called first
         */
        public LogShortcut shortcut(RecordHandler handler, Runnable before) {
            return new LogShortcut(name.segment(), name.offset(), whole, maxTimeMs, () -> {
                before.run();
                int type = whole ? RecordType.SERIES : RecordType.UNLOGGED_SERIES;
                int series = new SnapshotReader(handler, type).read(files, path(name));
                log.infof("snapshot of the head is read dir=%s series=%d", path(name), series);
            });
        }
    }

    /** Takes records that are only to be looked at. */
    private static final class Nowhere implements RecordHandler {
        @Override
        public void record(byte[] bytes, int offset, int length) {
            // Whether it can be read is all that counts.
        }

        @Override
        public long takeMaxTimeMs() {
            return Long.MIN_VALUE;
        }
    }
}
