// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.model.time.Scheduler;
import dev.narthex.scrape.http.BufferPool;
import dev.narthex.scrape.http.ScrapeClient;
import dev.narthex.storage.Appendable;

/** What all loops of a server share. */
record ScrapeContext(
        Appendable storage,
        Scheduler scheduler,
        ScrapeClient client,
        BufferPool buffers,
        WorkspacePool workspaces,
        ScrapeMetrics metrics,
        ScrapeSettings settings) {}
