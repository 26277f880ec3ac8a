// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.compact;

import dev.narthex.memory.StorageFiles;
import dev.narthex.tsdb.block.BlockMeta.Parent;
import dev.narthex.tsdb.block.Ulid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Blocks that others stand in the place of and that are on disk still: readers hold them, or they could not be removed.
 * After a crash they must not come to light again, with samples that were deleted since; so a block names among its
 * parents also those that its parents have not outlived. Safe for use by many threads.
 */
final class ReplacedBlocks {
    private final Map<Ulid, List<Parent>> bySuccessor = new HashMap<>();
    private final Set<Path> toRemove = new LinkedHashSet<>();
    /** Those that are shown no more and are on disk still. */
    private final Set<Ulid> leaving = new HashSet<>();

    /** Those on disk that a block stands in the place of. */
    synchronized List<Parent> of(Ulid successor) {
        return List.copyOf(bySuccessor.getOrDefault(successor, List.of()));
    }

    synchronized void add(Ulid successor, List<Parent> parents) {
        List<Parent> all = bySuccessor.computeIfAbsent(successor, _ -> new ArrayList<>());
        for (Parent parent : parents) {
            all.add(parent);
            List<Parent> older = bySuccessor.remove(parent.ulid());
            if (older != null) {
                all.addAll(older);
            }
        }
    }

    /** A block is shown no more; it is removed from the disk when its last reader has left. */
    synchronized void leaves(Ulid block) {
        leaving.add(block);
    }

    /** Whether a directory of the name of a block is there to be removed. */
    synchronized boolean isLeaving(Path directory) {
        return toRemove.contains(directory) || leaving.contains(new Ulid(String.valueOf(directory.getFileName())));
    }

    /** A block is gone from the disk. */
    synchronized void removed(Ulid block) {
        leaving.remove(block);
        bySuccessor
                .values()
                .forEach(parents -> parents.removeIf(parent -> parent.ulid().equals(block)));
        bySuccessor.values().removeIf(List::isEmpty);
    }

    /** A directory is to be removed before blocks are changed again. */
    synchronized void toRemove(Path directory) {
        toRemove.add(directory);
    }

    /** Removes what is to be removed. */
    synchronized void settle(StorageFiles files) throws IOException {
        for (Path directory : List.copyOf(toRemove)) {
            if (files.exists(directory)) {
                BlockDirectory.remove(files, directory);
            }
            toRemove.remove(directory);
            String name = String.valueOf(directory.getFileName());
            if (Ulid.isUlid(name)) {
                removed(new Ulid(name));
            }
        }
    }
}
