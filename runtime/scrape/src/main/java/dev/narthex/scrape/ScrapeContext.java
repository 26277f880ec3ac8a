// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.http.BufferPool;
import dev.narthex.http.HttpFetcher;
import dev.narthex.model.time.Scheduler;
import dev.narthex.storage.Appendable;

/** What all loops of a server share. */
record ScrapeContext(
        Appendable storage,
        Scheduler scheduler,
        HttpFetcher client,
        BufferPool buffers,
        WorkspacePool workspaces,
        ScrapeMetrics metrics,
        ScrapeFailureLog failureLog,
        ScrapeSlots slots,
        ScrapeSettings settings) {}
