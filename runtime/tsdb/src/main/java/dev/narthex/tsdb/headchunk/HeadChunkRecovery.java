// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.headchunk;

import dev.narthex.memory.StorageFiles;
import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Reads the files of head chunks at the start and mends them, so that this program and Prometheus can read them again. A
 * torn tail is cut off. Where a file is damaged, or missing between others, the chunks before are kept and those behind
 * are given up, for a series must not have a hole between its chunks; the write-ahead log has their samples. What is
 * given up is set aside as a copy. For one thread.
 */
public final class HeadChunkRecovery {
    private static final Logger log = Logger.getLogger(HeadChunkRecovery.class);
    private static final int MAX_SET_ASIDE = 16;
    private static final int COPY_BYTES = 1 << 18;

    private final StorageFiles files;
    private final Path directory;
    private final Path damagedDirectory;
    private final List<File> good = new ArrayList<>();
    private int tornTails;
    private int damagedFiles;
    private int givenUpFiles;

    /**
     * @param directory the directory of the files, which need not be there
     * @param damagedDirectory where copies of damaged files go
     */
    public HeadChunkRecovery(StorageFiles files, Path directory, Path damagedDirectory) {
        this.files = files;
        this.directory = directory;
        this.damagedDirectory = damagedDirectory;
    }

    /** Hands out every good chunk in the order of the files. */
    public Result run(HeadChunkHandler handler) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (String name : files.list(directory)) {
            int number = HeadChunkLayout.fileNumber(name);
            if (number > 0) {
                numbers.add(number);
            }
        }
        numbers.sort(null);
        for (int i = 0; i < numbers.size(); i++) {
            int number = numbers.get(i);
            List<Integer> behind = numbers.subList(i + 1, numbers.size());
            if (i > 0 && number != numbers.get(i - 1) + 1) {
                log.errorf(
                        "files of head chunks are missing, those behind are given up from=%s to=%s",
                        HeadChunkLayout.fileName(numbers.get(i - 1) + 1), HeadChunkLayout.fileName(number - 1));
                giveUp(numbers.subList(i, numbers.size()));
                break;
            }
            if (!read(number, behind, handler)) {
                break;
            }
        }
        int next = good.isEmpty() ? 1 : good.getLast().number() + 1;
        return new Result(good, next, new Damage(tornTails, damagedFiles, givenUpFiles));
    }

    /** Reads a file; false where it had to be mended and those behind it were given up. */
    private boolean read(int number, List<Integer> behind, HeadChunkHandler handler) throws IOException {
        Path path = directory.resolve(HeadChunkLayout.fileName(number));
        HeadChunkReader reader;
        try (StorageFile file = files.openRead(path)) {
            reader = new HeadChunkReader(file, number);
            reader.read(handler);
        }
        String damage = reader.damage();
        if (damage == null && !reader.isTorn()) {
            good.add(new File(number, reader.goodEnd(), reader.mintMs(), reader.maxtMs()));
            return true;
        }
        if (damage == null && behind.isEmpty()) {
            tornTails++;
            log.warnf(
                    "file of head chunks ended in the middle of a chunk, the rest was cut off file=%s kept_bytes=%d",
                    path, reader.goodEnd());
        } else {
            damagedFiles++;
            log.errorf(
                    "file of head chunks is damaged, its good chunks were kept and a copy was set aside file=%s"
                            + " first=\"%s\" copy=%s",
                    path, damage == null ? "the end is missing" : damage, setAside(path));
        }
        giveUp(behind); // first, so that a crash in between does not make them follow a file that looks whole
        if (reader.maxtMs() == Long.MIN_VALUE) {
            files.delete(path); // it has no chunk, and the next file takes its number
            return false;
        }
        try (StorageFile file = files.openWrite(path)) {
            file.truncate(reader.goodEnd());
            file.sync();
        }
        good.add(new File(number, reader.goodEnd(), reader.mintMs(), reader.maxtMs()));
        return false;
    }

    private void giveUp(List<Integer> numbers) throws IOException {
        for (int number : numbers.reversed()) {
            givenUpFiles++;
            Path path = directory.resolve(HeadChunkLayout.fileName(number));
            log.errorf("file of head chunks behind damage is given up file=%s copy=%s", path, setAside(path));
            files.delete(path);
        }
    }

    private String setAside(Path path) throws IOException {
        files.createDirectories(damagedDirectory);
        List<String> present = files.list(damagedDirectory);
        if (present.size() >= MAX_SET_ASIDE) {
            return "none, " + damagedDirectory + " has " + present.size() + " already";
        }
        String name = HeadChunkLayout.DIRECTORY + "-" + path.getFileName();
        int copy = 1;
        while (present.contains(name + "-" + copy)) {
            copy++;
        }
        Path target = damagedDirectory.resolve(name + "-" + copy);
        try (StorageFile from = files.openRead(path);
                StorageFile to = files.openWrite(target)) {
            ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
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

    /** A file with good chunks, and the last timestamp in it. */
    public record File(int number, long sizeBytes, long mintMs, long maxtMs) {}

    /**
     * What was wrong with the files.
     *
     * @param tornTails last files that ended in the middle of a chunk, as after a crash
     * @param damagedFiles files with damage that a crash does not explain
     * @param givenUpFiles files behind damage, which were given up
     */
    public record Damage(int tornTails, int damagedFiles, int givenUpFiles) {}

    /**
     * What there is.
     *
     * @param files those with good chunks, in order
     * @param nextNumber the number of the next file
     */
    public record Result(List<File> files, int nextNumber, Damage damage) {
        public Result {
            files = List.copyOf(files);
        }
    }
}
