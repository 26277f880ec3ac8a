// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log from its newest checkpoint to its end and mends it on the way, so that this program and Prometheus can
 * read it again: a tail that a crash has torn is cut off; a segment with damage inside is set aside as a copy and
 * written anew with the records that are good. For one thread.
 */
public final class WalRecovery {
    private static final Logger log = Logger.getLogger(WalRecovery.class);
    private static final String TEMPORARY = ".tmp";
    private static final int MAX_SET_ASIDE = 16;

    private final StorageFiles files;
    private final Path directory;
    private final Path damagedDirectory;
    private int tornTails;
    private int damagedSegments;
    private int damages;
    private int missingSegments;
    /** What is still to be reached. */
    private @Nullable LogShortcut ahead;

    /**
     * @param directory the directory of the log
     * @param damagedDirectory where copies of damaged segments go
     */
    public WalRecovery(StorageFiles files, Path directory, Path damagedDirectory) {
        this.files = files;
        this.directory = directory;
        this.damagedDirectory = damagedDirectory;
    }

    /** Hears which segment is about to be read. */
    @FunctionalInterface
    public interface Progress {
        /**
         * A segment behind the checkpoint is about to be read.
         *
         * @param first the number of the first segment of the log
         * @param current the one that is about to be read
         * @param last the number of the last one, which this start has begun
         */
        void segment(int first, int current, int last) throws IOException;
    }

    /**
     * Reads everything there is and mends it; tells how far it has come.
     *
     * @param end the number of the segment that is being written meanwhile; it and those behind it are let alone
     */
    public Result run(RecordHandler handler, Progress progress, int end) throws IOException {
        return run(handler, progress, end, null);
    }

    /**
     * As {@link #run(RecordHandler, Progress, int)}, where something stands for the beginning of the log.
     *
     * @param shortcut what stands for the log before its place, null where nothing does
     */
    public Result run(RecordHandler handler, Progress progress, int end, @Nullable LogShortcut shortcut)
            throws IOException {
        ahead = shortcut;
        LogShortcut passed = shortcut != null && shortcut.whole() ? shortcut : null;
        if (passed != null) {
            reach(passed);
        }
        int checkpoint = -1;
        List<Integer> numbers = new ArrayList<>();
        for (String name : files.list(directory)) {
            if (isUnfinished(name)) {
                files.delete(directory.resolve(name)); // what a crash has left of unfinished work
            } else if (WalLayout.segmentNumber(name) >= 0 && WalLayout.segmentNumber(name) < end) {
                numbers.add(WalLayout.segmentNumber(name));
            }
            checkpoint = Math.max(checkpoint, WalLayout.checkpointNumber(name));
        }
        numbers.sort(null);
        removeBefore(checkpoint, numbers);
        long checkpointBytes = 0;
        if (checkpoint >= 0) {
            Path path = directory.resolve(WalLayout.checkpointName(checkpoint));
            for (String name : files.list(path)) {
                if (WalLayout.segmentNumber(name) >= 0) {
                    checkpointBytes += passed == null
                            ? read(path, WalLayout.segmentNumber(name), -1, handler)
                                    .sizeBytes()
                            : sizeBytes(path.resolve(name));
                }
            }
        }
        List<Wal.Segment> segments = new ArrayList<>();
        int expected = checkpoint >= 0 ? checkpoint + 1 : numbers.isEmpty() ? 0 : numbers.getFirst();
        for (int number : numbers) {
            if (number != expected) {
                missingSegments += number - expected;
                log.warnf("WAL segments are missing from=%d to=%d", expected, number - 1);
            }
            progress.segment(numbers.getFirst(), number, end);
            segments.add(
                    passed == null || number >= passed.segment()
                            ? read(directory, number, number, handler)
                            : new Wal.Segment(
                                    number,
                                    sizeBytes(directory.resolve(WalLayout.segmentName(number))),
                                    passed.maxTimeMs()));
            expected = number + 1;
        }
        LogShortcut beyond = ahead;
        if (beyond != null) {
            reach(beyond); // the log is shorter than it was
        }
        Damage damage = new Damage(tornTails, damagedSegments, damages, missingSegments);
        return new Result(segments, expected, checkpoint, checkpointBytes, damage);
    }

    /** Whether it is a segment or checkpoint that is not whole; what else lies there is not ours. */
    private static boolean isUnfinished(String name) {
        if (!name.endsWith(TEMPORARY)) {
            return false;
        }
        String whole = name.substring(0, name.length() - TEMPORARY.length());
        return WalLayout.segmentNumber(whole) >= 0 || WalLayout.checkpointNumber(whole) >= 0;
    }

    /** Removes what the newest checkpoint stands for, where a crash has kept that from being done. */
    private void removeBefore(int checkpoint, List<Integer> numbers) throws IOException {
        if (checkpoint < 0) {
            return;
        }
        for (String name : files.list(directory)) {
            int number = WalLayout.checkpointNumber(name);
            if (number >= 0 && number < checkpoint) {
                files.delete(directory.resolve(name));
            }
        }
        for (int number : List.copyOf(numbers)) {
            if (number <= checkpoint) {
                files.delete(directory.resolve(WalLayout.segmentName(number)));
                numbers.remove(Integer.valueOf(number));
            }
        }
    }

    private void reach(LogShortcut place) throws IOException {
        ahead = null;
        place.reached().run();
    }

    private long sizeBytes(Path path) throws IOException {
        try (StorageFile file = files.openRead(path)) {
            return file.sizeBytes();
        }
    }

    /** @param place the number that places of the log name the segment by, -1 for one of the checkpoint */
    private Wal.Segment read(Path where, int number, int place, RecordHandler handler) throws IOException {
        Path path = where.resolve(WalLayout.segmentName(number));
        long size;
        try (StorageFile file = files.openRead(path)) {
            SegmentReader reader = new SegmentReader(file);
            while (reader.next()) {
                LogShortcut next = ahead;
                if (next != null && next.isBehind(place, reader.recordAt())) {
                    reach(next);
                }
                handler.record(reader.record(), reader.offset(), reader.length());
            }
            size = mend(where, path, reader);
        }
        LogShortcut beside = ahead;
        long maxTimeMs = handler.takeMaxTimeMs();
        if (beside != null && place >= 0) {
            maxTimeMs = Math.max(maxTimeMs, beside.maxTimeMs()); // of samples that were passed over
        }
        return new Wal.Segment(number, size, maxTimeMs);
    }

    private long mend(Path where, Path path, SegmentReader reader) throws IOException {
        String damage = reader.damage();
        if (damage == null && !reader.isTorn()) {
            return reader.sizeBytes();
        }
        if (damage == null) {
            tornTails++;
            log.warnf(
                    "WAL segment ended in the middle of a record, the rest was cut off segment=%s size_bytes=%d"
                            + " kept_bytes=%d",
                    path, reader.sizeBytes(), reader.goodEnd());
            return cutTail(path, reader.goodEnd());
        }
        damagedSegments++;
        damages += reader.damages();
        log.errorf(
                "WAL segment is damaged, good records were kept and a copy was set aside segment=%s damages=%d"
                        + " first=\"%s\" copy=%s",
                path, reader.damages(), damage, setAside(where, path));
        return reader.isGoodBehindDamage() ? rewrite(where, path) : cutTail(path, reader.goodEnd());
    }

    /** Cuts a segment behind its last good record and fills the page with zeros, as at a segment's proper end. */
    private long cutTail(Path path, long goodEnd) throws IOException {
        try (StorageFile file = files.openWrite(path)) {
            file.truncate(goodEnd);
            int inPage = (int) (goodEnd % WalLayout.PAGE_BYTES);
            int zeros = inPage == 0 ? 0 : WalLayout.PAGE_BYTES - inPage;
            file.write(ByteBuffer.allocate(zeros), goodEnd);
            file.sync();
            return goodEnd + zeros;
        }
    }

    private long rewrite(Path where, Path path) throws IOException {
        Path temporary = where.resolve(path.getFileName() + TEMPORARY);
        long size;
        try (StorageFile from = files.openRead(path);
                StorageFile to = files.openWrite(temporary)) {
            to.truncate(0);
            SegmentReader reader = new SegmentReader(from);
            SegmentWriter writer = new SegmentWriter(to, SegmentWriter.newStaging(), 0);
            while (reader.next()) {
                writer.append(reader.record(), reader.offset(), reader.length(), 0);
            }
            writer.endPage();
            to.sync();
            size = writer.position();
        }
        files.rename(temporary, path);
        files.syncDirectory(where);
        return size;
    }

    private String setAside(Path where, Path path) throws IOException {
        files.createDirectories(damagedDirectory);
        List<String> present = files.list(damagedDirectory);
        if (present.size() >= MAX_SET_ASIDE) {
            return "none, " + damagedDirectory + " has " + present.size() + " already";
        }
        String parent = where.equals(directory) ? "" : where.getFileName() + "-";
        String name = directory.getFileName() + "-" + parent + path.getFileName();
        int copy = 1;
        while (present.contains(name + "-" + copy)) {
            copy++;
        }
        Path target = damagedDirectory.resolve(name + "-" + copy);
        try (StorageFile from = files.openRead(path);
                StorageFile to = files.openWrite(target)) {
            ByteBuffer buffer = ByteBuffer.allocate(16 * WalLayout.PAGE_BYTES);
            long at = 0;
            while (from.read(buffer, at) > 0) {
                buffer.flip();
                int count = buffer.remaining();
                to.write(buffer, at);
                at += count;
                buffer.clear();
            }
            to.sync();
        }
        return target.toString();
    }

    /**
     * What was wrong with a log.
     *
     * @param tornTails segments that ended in the middle of a record, as after a crash
     * @param damagedSegments segments with damage that a crash does not explain
     * @param damages places of such damage
     * @param missingSegments segments whose files are missing
     */
    public record Damage(int tornTails, int damagedSegments, int damages, int missingSegments) {}

    /**
     * What a log consists of.
     *
     * @param segments its segments behind the checkpoint, in order
     * @param nextNumber the number of the next segment
     * @param checkpoint the last segment that the checkpoint stands for, -1 where there is none
     * @param checkpointBytes the size of the checkpoint
     */
    public record Result(
            List<Wal.Segment> segments, int nextNumber, int checkpoint, long checkpointBytes, Damage damage) {
        public Result {
            segments = List.copyOf(segments);
        }
    }
}
