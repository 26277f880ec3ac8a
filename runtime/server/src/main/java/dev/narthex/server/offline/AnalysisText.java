// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.offline;

import dev.narthex.model.LabelMatcher;
import dev.narthex.template.GoDuration;
import dev.narthex.tsdb.block.Block;
import dev.narthex.tsdb.block.BlockAnalysis;
import dev.narthex.tsdb.block.BlockAnalysis.Name;
import dev.narthex.tsdb.block.BlockAnalysis.Pair;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is known of a block as text, in the form of promtool; items of the same count come in the order of their texts. */
final class AnalysisText {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int STEP = 10;
    private static final int PERCENT = 100;

    private final int limit;
    private final StringBuilder text = new StringBuilder();

    /** A line of a list. */
    record Item(long count, String text) {}

    /** @param limit how many items each list shows */
    AnalysisText(int limit) {
        this.limit = limit;
    }

    /**
     * Looks at a block.
     *
     * @param match the selector of the series to look at, empty for all
     * @param matchers what the selector says
     * @param extended whether to look into the chunks
     */
    String of(Block block, String match, List<LabelMatcher> matchers, boolean extended) throws IOException {
        BlockAnalysis analysis = BlockAnalysis.of(block, matchers);
        long rangeMs = block.meta().rangeMs();
        text.setLength(0);
        line("Block ID: " + block.meta().ulid());
        line("Duration: " + new GoDuration(rangeMs * NANOS_PER_MILLI));
        line("Total Series: " + block.meta().stats().series());
        if (!matchers.isEmpty()) {
            line("Matcher: " + match);
        }
        line("Label names: " + analysis.names().size());
        if (!matchers.isEmpty()) {
            line("Matched series: " + analysis.series());
        }
        line("Postings (unique label pairs): " + analysis.pairs().size());
        line("Postings entries (total label pairs): " + analysis.entries());
        list(
                "Label pairs most involved in churning",
                analysis.pairsBy(Pair::uncoveredMs).stream()
                        .map(pair -> new Item(pair.uncoveredMs() / rangeMs, pair.text())));
        list(
                "Label names most involved in churning",
                analysis.namesBy(Name::uncoveredMs).stream()
                        .map(name -> new Item(name.uncoveredMs() / rangeMs, name.text())));
        list(
                "Most common label pairs",
                analysis.pairsBy(Pair::series).stream().map(pair -> new Item(pair.series(), pair.text())));
        list(
                "Label names with highest cumulative label value length",
                analysis.namesBy(Name::valueBytes).stream().map(name -> new Item(name.valueBytes(), name.text())));
        list(
                "Highest cardinality labels",
                analysis.namesBy(Name::values).stream().map(name -> new Item(name.values(), name.text())));
        list(
                "Highest cardinality metric names",
                analysis.metrics().stream().map(pair -> new Item(pair.series(), pair.value())));
        if (extended) {
            chunks(BlockAnalysis.chunksOf(block, matchers));
        }
        return text();
    }

    /** What was written since the last block. */
    String text() {
        return text.toString();
    }

    private void line(String content) {
        text.append(content).append('\n');
    }

    private void list(String title, Stream<Item> items) {
        line("");
        line(title + ":");
        items.limit(limit).forEach(item -> line(item.count() + " " + item.text()));
    }

    private void chunks(BlockAnalysis.Chunks chunks) {
        int total = chunks.floatSamples().values().size()
                + chunks.histogramSamples().values().size();
        line("");
        line("Compaction analysis:");
        line("");
        spread("samples per float chunk", chunks.floatSamples(), total);
        spread("bytes per float chunk", chunks.floatBytes(), total);
        spread("samples per histogram chunk", chunks.histogramSamples(), total);
        spread("bytes per histogram chunk", chunks.histogramBytes(), total);
        spread("buckets per histogram chunk", chunks.histogramBuckets(), total);
    }

    /** The least, mean and greatest number, and a bar for each range of them: a {@code #} for each hundredth of all chunks. */
    void spread(String title, BlockAnalysis.Spread spread, int total) {
        List<Integer> values = spread.values();
        if (values.isEmpty()) {
            line(title + ": N/A");
            line("");
            return;
        }
        int least = values.stream().mapToInt(Integer::intValue).min().orElseThrow();
        int greatest = values.stream().mapToInt(Integer::intValue).max().orElseThrow();
        long mean = values.stream().mapToLong(Integer::longValue).sum() / values.size();
        line(title + " (min/avg/max): " + least + "/" + mean + "/" + greatest);
        int step = STEP;
        while ((greatest - least) / step > STEP) {
            step *= STEP;
        }
        TreeMap<Integer, Integer> bars = new TreeMap<>();
        for (int value : values) {
            bars.merge(value / step, 1, Integer::sum);
        }
        int last = bars.lastKey() + 1;
        int firstWidth = Integer.toString(last * step + 1).length();
        int lastWidth = Integer.toString((last + 1) * step).length();
        int countWidth = Integer.toString(
                        bars.values().stream().mapToInt(Integer::intValue).max().orElseThrow())
                .length();
        for (int bar = bars.firstKey(); bar <= last; bar++) {
            int count = bars.getOrDefault(bar, 0);
            line("[" + right(bar * step + 1, firstWidth) + ", " + right((bar + 1) * step, lastWidth) + "]: "
                    + right(count, countWidth) + " " + "#".repeat((int) ((long) count * PERCENT / total)));
        }
        line("");
    }

    private static String right(int number, int width) {
        String digits = Integer.toString(number);
        return " ".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
