// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import dev.narthex.exposition.ClassicHistogramConverter;
import dev.narthex.exposition.ConvertibleParser;
import dev.narthex.exposition.ExpositionFormat;
import dev.narthex.exposition.ExpositionParser;
import dev.narthex.exposition.MetadataReader;
import dev.narthex.exposition.OpenMetricsParser;
import dev.narthex.exposition.ProtobufParser;
import dev.narthex.exposition.SeriesDecoder;
import dev.narthex.exposition.TextParser;
import dev.narthex.http.BodyBuffer;
import dev.narthex.http.BufferPool;
import dev.narthex.http.GzipDecoder;
import dev.narthex.model.Metadata;
import java.util.HashMap;
import java.util.Map;

/** What a scrape needs while it turns a body into samples, and not in between. For one thread at a time. */
final class ScrapeWorkspace implements AutoCloseable {
    private static final long MAX_KEPT_BYTES = 8 << 20;

    private final TextParser text = new TextParser();
    private final OpenMetricsParser openMetrics = new OpenMetricsParser();
    private final ProtobufParser protobuf = new ProtobufParser();
    private final ClassicHistogramConverter converter = new ClassicHistogramConverter();
    /** The parser of the current exposition. */
    ExpositionParser parser = text;

    /** What it is written in, in a scrape whose series are not those of the scrape before. */
    ExpositionFormat format = ExpositionFormat.TEXT;

    final MetadataReader metadataReader = new MetadataReader();
    /** What the exposition has said so far of its metric families, where the storage wants to know. */
    final Map<String, Metadata> families = new HashMap<>();

    final SeriesDecoder decoder = new SeriesDecoder();
    final ScrapeCounts counts = new ScrapeCounts();
    final GzipDecoder gzip = new GzipDecoder();
    final BodyBuffer unpacked;
    final SeriesIndex index;
    /** The line of the scrape before that is compared next. */
    final TextCursor line = new TextCursor();
    /** All of those, in a scrape whose series are not the same; references and states are as it began. */
    SeriesTexts before = new SeriesTexts();

    SeriesTexts made = new SeriesTexts();
    int[] placed = new int[0];

    ScrapeWorkspace(BufferPool buffers, long seed) {
        unpacked = new BodyBuffer(buffers);
        index = new SeriesIndex(seed);
    }

    /** Chooses the parser of an exposition. */
    ExpositionParser parserOf(ExpositionFormat format, IngestRules rules) {
        openMetrics.takeStartTimestamps(rules.startTimestamps());
        protobuf.histograms(rules.nativeHistograms(), rules.alwaysClassicHistograms());
        ConvertibleParser own = switch (format) {
            case TEXT -> text;
            case OPEN_METRICS -> openMetrics;
            case PROTOBUF -> protobuf;
        };
        parser = own;
        if (rules.convertClassicHistograms()) {
            converter.over(own, rules.alwaysClassicHistograms());
            parser = converter;
        }
        return parser;
    }

    /** Lets go of what belongs to the last scrape and of memory that few scrapes need. */
    void reset() {
        parser.clear();
        families.clear();
        unpacked.release();
        index.clear();
        made.clear();
        before.clear();
        line.clear();
        if (made.sizeBytes() + before.sizeBytes() > MAX_KEPT_BYTES) {
            made = new SeriesTexts();
            before = new SeriesTexts();
            placed = new int[0];
        }
    }

    @Override
    public void close() {
        gzip.close();
    }
}
