// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.metrics;

import dev.narthex.exposition.ExpositionWriter;
import dev.narthex.model.MetricType;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** How the memory is shared out. */
public final class MemoryMetrics implements MetricSource {
    private final long totalBytes;
    private final Map<String, Long> shares;
    private final LongSupplier queryBytes;

    /**
     * Metrics of shares.
     *
     * @param shares most bytes by what they are for
     * @param queryBytes what all queries hold now
     */
    public MemoryMetrics(long totalBytes, Map<String, Long> shares, LongSupplier queryBytes) {
        this.queryBytes = queryBytes;
        this.totalBytes = totalBytes;
        this.shares = new TreeMap<>(shares);
    }

    @Override
    public void writeTo(ExpositionWriter out) {
        new Families(out)
                .gauge("narthex_memory_bytes", "The largest heap, of which all shares are parts.", (double) totalBytes)
                .gauge("narthex_query_memory_bytes", "Memory that queries hold, estimated.", (double)
                        queryBytes.getAsLong());
        String name = "narthex_memory_share_bytes";
        out.family(
                name,
                MetricType.GAUGE,
                "Most memory for all series, for one query, for all queries, for the body of one scrape.");
        shares.forEach((part, bytes) -> out.sample(name, "part", part, (double) bytes));
    }
}
