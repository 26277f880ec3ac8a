// SPDX-License-Identifier: Apache-2.0
package dev.narthex.discovery;

import java.util.List;
import java.util.function.Consumer;

/**
 * One mechanism at work. It sends whole groups: at first all there are, then those that have changed. When it cannot
 * read its source, it sends nothing and keeps on trying, so that the targets stay as they were. It does not choose
 * among targets: that is what relabelling is for.
 */
public interface Discoverer extends AutoCloseable {
    /**
     * Begins to send groups, from any thread but one call at a time; returns at once.
     *
     * @param sink takes each update; an empty one says that there are no targets at all
     */
    void start(Consumer<List<TargetGroup>> sink);

    /** Sends nothing any more and frees what it holds. */
    @Override
    void close();
}
