// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.http.BufferPool;
import java.util.ArrayDeque;

/** Workspaces for as many scrapes as work at a time; a few are kept for the next ones. Safe for use by many threads. */
final class WorkspacePool implements AutoCloseable {
    private final int maxIdle;
    private final BufferPool buffers;
    private final long seed;
    private final ArrayDeque<ScrapeWorkspace> idle = new ArrayDeque<>();
    private boolean closed;

    WorkspacePool(int maxIdle, BufferPool buffers, long seed) {
        this.maxIdle = maxIdle;
        this.buffers = buffers;
        this.seed = seed;
    }

    ScrapeWorkspace take() {
        synchronized (this) {
            ScrapeWorkspace kept = idle.pollLast();
            if (kept != null) {
                return kept;
            }
        }
        return new ScrapeWorkspace(buffers, seed);
    }

    void give(ScrapeWorkspace workspace) {
        workspace.reset();
        synchronized (this) {
            if (!closed && idle.size() < maxIdle) {
                idle.addLast(workspace);
                return;
            }
        }
        workspace.close();
    }

    @Override
    public synchronized void close() {
        closed = true;
        idle.forEach(ScrapeWorkspace::close);
        idle.clear();
    }
}
