// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.memory.StorageFiles;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.storage.Querier;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Small blocks of given samples, and what is in a block as text. */
public final class BlockFixture {
    public static final Ulid ULID = new Ulid("01M8EVFHW223BQP4CCVKJQ367G");

    private BlockFixture() {}

    /** Writes a block of float samples. */
    public static @Nullable BlockMeta write(
            StorageFiles files, Path parent, Ulid ulid, NavigableMap<Labels, NavigableMap<Long, Double>> samples)
            throws IOException {
        TreeSet<String> texts = new TreeSet<>();
        long mint = Long.MAX_VALUE;
        long maxt = Long.MIN_VALUE;
        for (Map.Entry<Labels, NavigableMap<Long, Double>> entry : samples.entrySet()) {
            for (int i = 0; i < entry.getKey().size(); i++) {
                texts.add(entry.getKey().name(i));
                texts.add(entry.getKey().value(i));
            }
            mint = Math.min(mint, entry.getValue().firstKey());
            maxt = Math.max(maxt, entry.getValue().lastKey());
        }
        return new BlockWriter(files, parent, 512 << 20)
                .write(
                        ulid,
                        mint,
                        maxt + 1,
                        BlockMeta.Compaction.first(ulid, List.of()),
                        texts,
                        new CutSeriesSet(new Given(samples)));
    }

    /** All samples of a querier as text. */
    public static Map<String, List<String>> read(Querier querier, LabelMatcher... matchers) {
        Map<String, List<String>> found = new TreeMap<>();
        SampleBuffer buffer = new SampleBuffer();
        SeriesSet set = querier.select(SelectHints.range(Long.MIN_VALUE, Long.MAX_VALUE), List.of(matchers));
        while (set.next()) {
            buffer.clear();
            set.samples(buffer);
            List<String> samples = new ArrayList<>();
            for (int i = 0; i < buffer.size(); i++) {
                samples.add(buffer.timestampMs(i) + "=" + buffer.value(i));
            }
            if (!samples.isEmpty()) {
                found.put(set.labels().toString(), samples);
            }
        }
        return found;
    }

    public static Map<String, List<String>> readAll(Block block) {
        try (Querier querier = block.querier(Long.MIN_VALUE, Long.MAX_VALUE)) {
            return read(querier, LabelMatcher.of(MatchOp.REGEX, "__name__", ".*"));
        }
    }

    private static final class Given implements SeriesSet {
        private final Iterator<Map.Entry<Labels, NavigableMap<Long, Double>>> entries;
        private Map.@Nullable Entry<Labels, NavigableMap<Long, Double>> current;

        Given(NavigableMap<Labels, NavigableMap<Long, Double>> samples) {
            entries = samples.entrySet().iterator();
        }

        @Override
        public boolean next() {
            current = entries.hasNext() ? entries.next() : null;
            return current != null;
        }

        private Map.Entry<Labels, NavigableMap<Long, Double>> current() {
            if (current == null) {
                throw new IllegalStateException("no series");
            }
            return current;
        }

        @Override
        public Labels labels() {
            return current().getKey();
        }

        @Override
        public void samples(SampleBuffer into) {
            current().getValue().forEach(into::add);
        }
    }
}
