// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.MetricType;
import java.util.Map;
import java.util.TreeMap;

/** How the memory is shared out. */
public final class MemoryMetrics implements MetricSource {
    private final long totalBytes;
    private final Map<String, Long> shares;

    /** @param shares most bytes by what they are for */
    public MemoryMetrics(long totalBytes, Map<String, Long> shares) {
        this.totalBytes = totalBytes;
        this.shares = new TreeMap<>(shares);
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        new Families(out)
                .gauge("narthex_memory_bytes", "The largest heap, of which all shares are parts.", (double) totalBytes);
        String name = "narthex_memory_share_bytes";
        out.family(name, MetricType.GAUGE, "Most memory for all series, for one query, for the body of one scrape.");
        shares.forEach((part, bytes) -> out.sample(name, "part", part, (double) bytes));
    }
}
