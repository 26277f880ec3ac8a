// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.compact;

import dev.narthex.memory.StorageFiles;
import dev.narthex.tsdb.block.Block;
import dev.narthex.tsdb.block.BlockMeta;
import dev.narthex.tsdb.block.BlockWriter;
import dev.narthex.tsdb.block.CorruptBlockException;
import dev.narthex.tsdb.block.Ulid;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/** What is done to the blocks of a data directory when it is opened. */
public final class BlockDirectory {
    private static final Logger log = Logger.getLogger(BlockDirectory.class);

    /**
     * What was found.
     *
     * @param blocks open, in order of time
     * @param damaged how many could not be read
     */
    public record Opened(List<Block> blocks, int damaged) {
        public Opened {
            blocks = List.copyOf(blocks);
        }
    }

    private BlockDirectory() {}

    /**
     * Opens all blocks of a directory for reading and leaves those alone that cannot be read.
     *
     * @throws IOException when the file system fails; nothing stays open then
     */
    public static Opened openReadOnly(StorageFiles files, Path directory) throws IOException {
        List<Block> blocks = new ArrayList<>();
        int damaged = 0;
        try {
            for (String name : files.list(directory)) {
                if (Ulid.isUlid(name)) {
                    try {
                        blocks.add(open(files, directory.resolve(name)));
                    } catch (CorruptBlockException e) {
                        damaged++;
                        log.warnf("block cannot be read, it is left out block=%s err=\"%s\"", name, e.getMessage());
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            closeAll(blocks, e);
            throw e;
        }
        sort(blocks);
        return new Opened(blocks, damaged);
    }

    /**
     * Removes what an interrupted change has left, opens all blocks, and sets those aside that cannot be read.
     *
     * @param setAside where damaged blocks are moved to
     */
    static Opened openAndTidy(StorageFiles files, Path directory, Path setAside) throws IOException {
        List<Block> blocks = new ArrayList<>();
        int damaged = 0;
        try {
            for (String name : files.list(directory)) {
                if (name.endsWith(BlockWriter.CREATION_SUFFIX) || name.endsWith(BlockWriter.DELETION_SUFFIX)) {
                    log.infof("directory of an interrupted change is removed name=%s", name);
                    files.delete(directory.resolve(name));
                }
            }
            for (String name : files.list(directory)) {
                if (Ulid.isUlid(name)) {
                    try {
                        blocks.add(open(files, directory.resolve(name)));
                    } catch (CorruptBlockException e) {
                        damaged++;
                        setAside(files, directory.resolve(name), setAside, e);
                    }
                }
            }
            removeMerged(files, blocks);
        } catch (IOException | RuntimeException e) {
            closeAll(blocks, e);
            throw e;
        }
        sort(blocks);
        return new Opened(blocks, damaged);
    }

    static void sort(List<Block> blocks) {
        blocks.sort(Comparator.comparingLong((Block block) -> block.meta().minTimeMs())
                .thenComparing(block -> block.meta().ulid()));
    }

    /**
     * Opens a block of a data directory.
     *
     * @throws CorruptBlockException when it is damaged, incomplete, or another one than its name says
     */
    static Block open(StorageFiles files, Path directory) throws IOException {
        try {
            Block block = Block.open(files, directory);
            if (!directory.endsWith(block.meta().ulid().text())) {
                block.close();
                throw CorruptBlockException.of(
                        directory,
                        "meta.json is of another block, found " + block.meta().ulid());
            }
            return block;
        } catch (NoSuchFileException | FileNotFoundException e) {
            throw CorruptBlockException.of(directory, "a file is missing: " + e.getMessage());
        }
    }

    private static void setAside(StorageFiles files, Path block, Path setAside, CorruptBlockException cause)
            throws IOException {
        if (cause.isOfOtherVersion()) {
            log.errorf("block is of another version, it is left out and alone err=\"%s\"", cause.getMessage());
            return;
        }
        files.createDirectories(setAside);
        Path target = setAside.resolve(String.valueOf(block.getFileName()));
        if (files.exists(target)) {
            log.errorf("block cannot be read, it is left out block=%s err=\"%s\"", block, cause.getMessage());
            return;
        }
        files.rename(block, target);
        log.errorf(
                "block cannot be read, it was set aside block=%s to=%s err=\"%s\"", block, target, cause.getMessage());
    }

    /** A crash may have come between the making of a block and the removal of those it was made of. */
    private static void removeMerged(StorageFiles files, List<Block> blocks) throws IOException {
        Set<Ulid> merged = new HashSet<>();
        for (Block block : blocks) {
            block.meta().compaction().parents().stream()
                    .map(BlockMeta.Parent::ulid)
                    .forEach(merged::add);
        }
        for (Block block : List.copyOf(blocks)) {
            if (merged.contains(block.meta().ulid())
                    || block.meta().compaction().deletable()) {
                log.infof("block was merged into another one and is removed block=%s", block);
                blocks.remove(block);
                block.close();
                remove(files, block.directory());
            }
        }
    }

    /** Removes a block so that a crash leaves it whole or recognisable. */
    static void remove(StorageFiles files, Path block) throws IOException {
        Path going = block.resolveSibling(block.getFileName() + BlockWriter.DELETION_SUFFIX);
        files.delete(going);
        files.rename(block, going);
        files.delete(going);
    }

    private static void closeAll(List<Block> blocks, Exception cause) {
        for (Block block : blocks) {
            try {
                block.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }
}
