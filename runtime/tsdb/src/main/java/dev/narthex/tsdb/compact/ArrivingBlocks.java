// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.compact;

import dev.narthex.memory.StorageFiles;
import dev.narthex.tsdb.block.Block;
import dev.narthex.tsdb.block.CorruptBlockException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Directories with names of blocks that somebody else puts into a data directory, file by file perhaps: an open block must
 * be whole. For one thread at a time.
 */
final class ArrivingBlocks {
    private static final Logger log = Logger.getLogger(ArrivingBlocks.class);

    /** The files of each and their sizes, as the last look has found them. */
    private Map<String, Map<Path, Long>> seen = Map.of();
    /** Those that were whole, as it seemed, and could not be opened: they are looked at again when they change. */
    private final Set<Map<Path, Long>> unreadable = new HashSet<>();

    /**
     * Opens those that have not changed since the last look.
     *
     * @param names of their directories; those that are not named any more are forgotten
     */
    List<Block> look(StorageFiles files, Path directory, Set<String> names) throws IOException {
        List<Block> whole = new ArrayList<>();
        Map<String, Map<Path, Long>> found = new HashMap<>();
        for (String name : names) {
            Path block = directory.resolve(name);
            Map<Path, Long> sizes = Block.filesOf(files, block);
            found.put(name, sizes);
            if (sizes.equals(seen.get(name)) && !unreadable.contains(sizes)) {
                try {
                    whole.add(BlockDirectory.open(files, block));
                } catch (CorruptBlockException e) {
                    unreadable.add(sizes);
                    log.errorf(
                            "block that was put here cannot be read, it is left alone until it changes err=\"%s\"",
                            e.getMessage());
                }
            }
        }
        seen = found;
        return whole;
    }
}
