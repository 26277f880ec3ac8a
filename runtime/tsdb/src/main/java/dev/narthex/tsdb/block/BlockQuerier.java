// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.block;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.Utf8Order;
import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.storage.Querier;
import dev.narthex.storage.ReadProgress;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A view of a block. What turns out to be damaged while it is read ends the read with an {@link UncheckedIOException};
 * data that do not fit their checksum are never given. For one thread.
 */
public final class BlockQuerier implements Querier {
    private final Block block;
    private final IndexReader index;
    private final Tombstones tombstones;
    private final long mintMs;
    private final long maxtMs;
    private final PageReader in;
    /** Symbols have a reader of their own, so that those of series go on from one another. */
    private final SymbolCache symbols;

    private boolean open = true;

    BlockQuerier(Block block, Tombstones tombstones, long mintMs, long maxtMs) {
        this.block = block;
        this.tombstones = tombstones;
        this.mintMs = mintMs;
        this.maxtMs = maxtMs;
        index = block.index();
        in = index.reader();
        symbols = new SymbolCache(index.symbols(), index.reader());
    }

    private boolean overlaps() {
        return mintMs <= maxtMs && block.meta().overlaps(mintMs, maxtMs);
    }

    @Override
    public SeriesSet select(SelectHints hints, List<LabelMatcher> matchers) {
        return cursor(matchers);
    }

    @Override
    public ChunkSeriesSet chunks(SelectHints hints, List<LabelMatcher> matchers) {
        return new BlockChunks(cursor(matchers));
    }

    private BlockSeries cursor(List<LabelMatcher> matchers) {
        requireOpen();
        if (matchers.isEmpty()) {
            throw new IllegalArgumentException("select: no matcher; at least one is needed");
        }
        try {
            return new BlockSeries(
                    index,
                    in,
                    symbols,
                    new ChunkReader(block.chunks(), block.directory()),
                    tombstones,
                    overlaps() ? selectRefs(matchers) : new int[0],
                    mintMs,
                    maxtMs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The references of the series that meet all matchers. */
    int[] selectRefs(List<LabelMatcher> matchers) throws IOException {
        return new PostingsSelector(index, in).select(matchers);
    }

    PageReader indexPages() {
        return in;
    }

    SymbolCache symbols() {
        return symbols;
    }

    @Override
    public List<String> labelNames(List<LabelMatcher> matchers) {
        requireOpen();
        if (!overlaps()) {
            return List.of();
        }
        if (matchers.isEmpty()) {
            return index.postingsOffsets().names();
        }
        Set<Long> seen = new HashSet<>();
        List<String> names = new ArrayList<>();
        forEachSeries(matchers, entry -> {
            for (int i = 0; i < entry.labels; i++) {
                if (seen.add(entry.symbols[2 * i])) {
                    names.add(symbols.text(entry.symbols[2 * i]));
                }
            }
        });
        names.sort(new ReadProgress().counted(Utf8Order.COMPARATOR));
        return names;
    }

    @Override
    public List<String> labelValues(String name, List<LabelMatcher> matchers) {
        requireOpen();
        if (!overlaps() || index.postingsOffsets().valueCount(name) == 0) {
            return List.of();
        }
        List<String> values = new ArrayList<>();
        ReadProgress progress = new ReadProgress();
        if (matchers.isEmpty()) {
            try {
                index.postingsOffsets().values(in, name, (value, _) -> {
                    progress.step();
                    values.add(value);
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return values;
        }
        Set<Long> seen = new HashSet<>();
        forEachSeries(matchers, entry -> {
            for (int i = 0; i < entry.labels; i++) {
                if (symbols.text(entry.symbols[2 * i]).equals(name) && seen.add(entry.symbols[2 * i + 1])) {
                    values.add(symbols.text(entry.symbols[2 * i + 1]));
                }
            }
        });
        values.sort(progress.counted(Utf8Order.COMPARATOR));
        return values;
    }

    @FunctionalInterface
    private interface SeriesAction {
        void run(SeriesEntry entry) throws IOException;
    }

    private void forEachSeries(List<LabelMatcher> matchers, SeriesAction action) {
        try {
            SeriesEntry entry = new SeriesEntry();
            ReadProgress progress = new ReadProgress();
            for (int ref : selectRefs(matchers)) {
                progress.step();
                index.series(in, ref, entry);
                if (entry.overlaps(mintMs, maxtMs)) {
                    action.run(entry);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            try {
                block.release();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException("querier: closed already");
        }
    }

    static Labels labels(SeriesEntry entry, SymbolCache symbols) throws IOException {
        String[] texts = new String[2 * entry.labels];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = symbols.text(entry.symbols[i]);
        }
        return Labels.ofSorted(texts);
    }
}
