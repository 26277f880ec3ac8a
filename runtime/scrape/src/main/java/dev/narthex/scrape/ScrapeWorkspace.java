// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.exposition.SeriesDecoder;
import dev.narthex.exposition.TextParser;
import dev.narthex.scrape.http.BodyBuffer;
import dev.narthex.scrape.http.BufferPool;
import dev.narthex.scrape.http.GzipDecoder;

/** What a scrape needs while it turns a body into samples, and not in between. For one thread at a time. */
final class ScrapeWorkspace implements AutoCloseable {
    private static final long MAX_KEPT_BYTES = 8 << 20;

    final TextParser parser = new TextParser();
    final SeriesDecoder decoder = new SeriesDecoder();
    final ScrapeCounts counts = new ScrapeCounts();
    final GzipDecoder gzip = new GzipDecoder();
    final BodyBuffer unpacked;
    final SeriesIndex index;
    SeriesTexts made = new SeriesTexts();
    boolean[] visited = new boolean[0];

    ScrapeWorkspace(BufferPool buffers, long seed) {
        unpacked = new BodyBuffer(buffers);
        index = new SeriesIndex(seed);
    }

    /** Lets go of what belongs to the last scrape and of memory that few scrapes need. */
    void reset() {
        parser.clear();
        unpacked.release();
        index.clear();
        made.clear();
        if (made.sizeBytes() > MAX_KEPT_BYTES) {
            made = new SeriesTexts();
            visited = new boolean[0];
        }
    }

    @Override
    public void close() {
        gzip.close();
    }
}
