// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.offline;

import dev.narthex.exposition.OpenMetricsParser;
import dev.narthex.exposition.SeriesDecoder;
import dev.narthex.memory.StorageFiles;
import dev.narthex.model.Labels;
import dev.narthex.model.LabelsBuilder;
import dev.narthex.server.command.Command;
import dev.narthex.tsdb.block.Block;
import dev.narthex.tsdb.block.BlockMeta;
import dev.narthex.tsdb.block.Ulid;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Makes blocks of a file of OpenMetrics, each of a span of time that begins at a multiple of its length. The file is read
 * once to see what there is, then as often as it takes with the samples of a bounded number of blocks in memory. For one
 * thread.
 */
final class BlockCreation {
    private static final long SHORTEST_MS = Duration.ofHours(2).toMillis();
    private static final int FACTOR = 3;
    private static final int FACTORS = 9;
    /** What a series may take in memory, a sample, and a block that is being made, generously. */
    private static final long SERIES_BYTES = 600;

    private static final long SAMPLE_BYTES = 6;
    private static final long BLOCK_BYTES = 1 << 20;
    private static final long MIN_BUDGET_BYTES = 32L << 20;

    private final StorageFiles files;
    private final InstantSource clock;
    private final Consumer<String> out;
    private final Consumer<String> errors;
    private final SplittableRandom random = new SplittableRandom();
    private long dropped;

    BlockCreation(StorageFiles files, InstantSource clock, Consumer<String> out, Consumer<String> errors) {
        this.files = files;
        this.clock = clock;
        this.out = out;
        this.errors = errors;
    }

    /** What a span of time has: samples, and how often the series changes from one to the next, at least once a series. */
    private static final class Span {
        private long samples;
        private long seriesChanges;
        private byte[] series = {};

        void count(OpenMetricsParser parser, byte[] text) {
            samples++;
            if (!isSame(series, parser, text)) {
                seriesChanges++;
                series = seriesOf(parser, text);
            }
        }

        long bytes() {
            return BLOCK_BYTES + samples * SAMPLE_BYTES + seriesChanges * SERIES_BYTES;
        }
    }

    private static boolean isSame(byte[] series, OpenMetricsParser parser, byte[] text) {
        return Arrays.equals(series, 0, series.length, text, parser.seriesStart(), parser.seriesEnd());
    }

    private static byte[] seriesOf(OpenMetricsParser parser, byte[] text) {
        return Arrays.copyOfRange(text, parser.seriesStart(), parser.seriesEnd());
    }

    /** The longest of 2h, 6h, 18h and so on that is not longer than a duration; 2h where all are. */
    static long rangeMs(Duration most) {
        long range = SHORTEST_MS;
        for (int i = 0; i < FACTORS && range * FACTOR <= most.toMillis(); i++) {
            range *= FACTOR;
        }
        return range;
    }

    void run(Command.CreateBlocks create) throws IOException {
        run(create, Math.max(MIN_BUDGET_BYTES, Runtime.getRuntime().maxMemory() / 3));
    }

    /** @param budgetBytes what the samples in memory may take, if one block alone does not take more */
    void run(Command.CreateBlocks create, long budgetBytes) throws IOException {
        long rangeMs = rangeMs(create.maxBlockDuration());
        TreeMap<Long, Span> spans = new TreeMap<>();
        try (OpenMetricsFile file = new OpenMetricsFile(create.input())) {
            file.readAll((parser, text) -> spans.computeIfAbsent(
                            Math.floorDiv(parser.timestampMs(), rangeMs), _ -> new Span())
                    .count(parser, text));
            files.createDirectories(create.output());
            BlockTable table = new BlockTable(create.humanReadable());
            while (!spans.isEmpty()) {
                write(file, create, rangeMs, take(spans, budgetBytes), table);
            }
        }
        if (dropped > 0) {
            errors.accept(
                    create.input() + ": samples were left out that are older than one of the same series before, or"
                            + " have its time and another value, found " + dropped
                            + "; sort the samples of each series by time\n");
        }
    }

    /** Takes the first spans that fit into memory together; one at least. */
    private static List<Long> take(NavigableMap<Long, Span> spans, long budgetBytes) {
        List<Long> taken = new ArrayList<>();
        long bytes = 0;
        while (!spans.isEmpty()) {
            Map.Entry<Long, Span> first = spans.firstEntry();
            bytes += first.getValue().bytes();
            if (!taken.isEmpty() && bytes > budgetBytes) {
                return taken;
            }
            taken.add(first.getKey());
            spans.pollFirstEntry();
        }
        return taken;
    }

    private void write(
            OpenMetricsFile file, Command.CreateBlocks create, long rangeMs, List<Long> numbers, BlockTable table)
            throws IOException {
        TreeMap<Long, ImportedSpan> blocks = new TreeMap<>();
        try {
            for (long number : numbers) {
                blocks.put(number, new ImportedSpan(files, create.output(), rangeMs));
            }
            SeriesLabels labels = new SeriesLabels(create.labels());
            file.readAgain(numbers.getFirst() * rangeMs, (numbers.getLast() + 1) * rangeMs - 1, (parser, text) -> {
                ImportedSpan block = blocks.get(Math.floorDiv(parser.timestampMs(), rangeMs));
                if (block != null) {
                    block.add(labels.of(parser, text), parser.timestampMs(), parser.value());
                }
            });
            for (ImportedSpan block : blocks.values()) {
                block.commit();
                dropped += block.dropped();
                Ulid ulid = Ulid.of(clock.millis(), random);
                BlockMeta meta = block.write(ulid);
                if (meta != null && !create.quiet()) {
                    try (Block written = Block.open(files, create.output().resolve(ulid.text()))) {
                        table.add(meta, written.sizeBytes());
                    }
                    out.accept(table.text());
                }
                block.close();
            }
        } finally {
            blocks.values().forEach(ImportedSpan::close);
        }
    }

    /** The labels of the series that a parser stands at, with those that every series gets. For one thread. */
    private static final class SeriesLabels {
        private final Map<String, String> added;
        private final SeriesDecoder decoder = new SeriesDecoder();
        private byte[] series = {};
        private Labels labels = Labels.EMPTY;

        SeriesLabels(Map<String, String> added) {
            this.added = added;
        }

        /** The same object as before for the same series. */
        Labels of(OpenMetricsParser parser, byte[] text) throws IOException {
            if (!labels.isEmpty() && isSame(series, parser, text)) {
                return labels;
            }
            series = seriesOf(parser, text);
            decoder.decode(text, parser.seriesStart(), parser.seriesEnd(), parser.type());
            LabelsBuilder builder = Labels.builder();
            Set<String> names = new HashSet<>();
            for (int i = 0; i < decoder.size(); i++) {
                if (!names.add(decoder.name(i))) {
                    throw new IOException(
                            "block creation: label name \"" + decoder.name(i) + "\" is not unique: invalid sample");
                }
                builder.set(decoder.name(i), decoder.value(i));
            }
            added.forEach(builder::set);
            labels = builder.build();
            if (labels.isEmpty()) {
                throw new IOException("block creation: a series has no label left: empty labelset: invalid sample");
            }
            return labels;
        }
    }
}
