// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.compact;

import dev.narthex.memory.StorageFiles;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.MatchOp;
import dev.narthex.model.time.Ticker;
import dev.narthex.storage.ChunkSeriesSet;
import dev.narthex.storage.Querier;
import dev.narthex.storage.Queryable;
import dev.narthex.storage.SampleBuffer;
import dev.narthex.storage.SelectHints;
import dev.narthex.storage.SeriesSet;
import dev.narthex.tsdb.block.Block;
import dev.narthex.tsdb.block.BlockMeta;
import dev.narthex.tsdb.block.BlockQuerier;
import dev.narthex.tsdb.block.BlockWriter;
import dev.narthex.tsdb.block.CorruptBlockException;
import dev.narthex.tsdb.block.Ulid;
import dev.narthex.tsdb.chunk.CorruptChunkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of a data directory. Queriers may be opened by many threads at any time; whoever changes blocks must see to
 * it that nobody else does at the same time.
 */
public final class BlockStore implements AutoCloseable {
    private static final Logger log = Logger.getLogger(BlockStore.class);
    private static final List<LabelMatcher> EVERYTHING = List.of(LabelMatcher.of(MatchOp.REGEX, "__name__", ".*"));

    /** Of samples of one time that stays which came in order, or else that which came first. */
    private static final Comparator<Block> FIRST_STORED = Comparator.comparing(
                    (Block block) -> block.meta().isOutOfOrder())
            .thenComparing(block -> block.meta().ulid());

    private final StorageFiles files;
    private final Path directory;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final CompactionPlan plan;
    private final long chunkSegmentBytes;
    private volatile List<Block> blocks;
    private volatile long cuts;
    private volatile long compactions;
    private volatile long failed;
    private volatile long timeDeletions;
    private volatile long sizeDeletions;
    private final int damaged;
    private final ReplacedBlocks replaced = new ReplacedBlocks();
    private final ArrivingBlocks arrivals = new ArrivingBlocks();
    private BlockObserver observer = BlockObserver.NONE;
    private Ticker ticker = () -> 0;

    private BlockStore(
            StorageFiles files,
            Path directory,
            InstantSource clock,
            RandomGenerator random,
            CompactionPlan plan,
            long chunkSegmentBytes,
            BlockDirectory.Opened opened) {
        this.files = files;
        this.directory = directory;
        this.clock = clock;
        this.random = random;
        this.plan = plan;
        this.chunkSegmentBytes = chunkSegmentBytes;
        blocks = opened.blocks();
        damaged = opened.damaged();
    }

    /**
     * Opens the blocks of a data directory, after removing what interrupted changes have left.
     *
     * @param setAside where damaged blocks are moved to
     * @param random makes names
     */
    public static BlockStore open(
            StorageFiles files,
            Path directory,
            Path setAside,
            InstantSource clock,
            RandomGenerator random,
            CompactionPlan plan,
            long chunkSegmentBytes)
            throws IOException {
        return new BlockStore(
                files,
                directory,
                clock,
                random,
                plan,
                chunkSegmentBytes,
                BlockDirectory.openAndTidy(files, directory, setAside));
    }

    /** Tells an observer of what is done from now on; before anything is. */
    public void observe(BlockObserver newObserver, Ticker newTicker) {
        observer = newObserver;
        ticker = newTicker;
        observer.listed();
    }

    /** The open blocks in order of time. */
    public List<Block> blocks() {
        return blocks;
    }

    /** The end of what blocks have of samples that came in order, exclusive; {@link Long#MIN_VALUE} where there is none. */
    public long inOrderMaxTimeMs() {
        return blocks.stream()
                .filter(block -> !block.meta().isOutOfOrder())
                .mapToLong(block -> block.meta().maxTimeMs())
                .max()
                .orElse(Long.MIN_VALUE);
    }

    public long sizeBytes() {
        return blocks.stream().mapToLong(Block::sizeBytes).sum();
    }

    public BlockStats stats() {
        List<Block> present = blocks;
        return new BlockStats(
                present.size(),
                present.stream().mapToLong(Block::sizeBytes).sum(),
                present.stream().mapToLong(Block::symbolBytes).sum(),
                present.stream().mapToLong(b -> b.meta().minTimeMs()).min().orElse(Long.MAX_VALUE),
                present.stream().mapToLong(b -> b.meta().maxTimeMs()).max().orElse(Long.MIN_VALUE),
                cuts,
                compactions,
                failed,
                timeDeletions,
                sizeDeletions,
                damaged);
    }

    /**
     * Views of blocks, in order of time.
     *
     * @param outOfOrder those of blocks whose samples all came out of order
     */
    public record Views(List<Querier> inOrder, List<Querier> outOfOrder) {}

    /** Opens views of the blocks that overlap a range, both ends inclusive; all of them or, on failure, none. */
    public Views views(long mintMs, long maxtMs) {
        while (true) {
            List<Querier> queriers = new ArrayList<>();
            List<Querier> outOfOrder = new ArrayList<>();
            boolean all = true;
            for (Block block : blocks) {
                if (block.meta().overlaps(mintMs, maxtMs)) {
                    if (!block.acquire()) {
                        all = false; // it was replaced meanwhile: take the new list
                        break;
                    }
                    try {
                        (block.meta().isOutOfOrder() ? outOfOrder : queriers).add(block.querier(mintMs, maxtMs));
                    } finally {
                        release(block);
                    }
                }
            }
            if (all) {
                return new Views(queriers, outOfOrder);
            }
            queriers.forEach(Querier::close);
            outOfOrder.forEach(Querier::close);
            Thread.onSpinWait();
        }
    }

    private static void release(Block block) {
        try {
            block.release();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where a new block is to be. */
    private Ulid newName() {
        return Ulid.of(clock.millis(), random);
    }

    /**
     * Writes a block of the samples of a head in a time range. It is among the blocks when this returns.
     *
     * @param mintMs inclusive
     * @param maxtMs exclusive
     * @param hints for meta.json, see {@link BlockMeta#HINT_OUT_OF_ORDER}
     * @return null where there is no sample in the range
     */
    public @Nullable BlockMeta cut(Queryable head, long mintMs, long maxtMs, List<String> hints) throws IOException {
        settle();
        Ulid ulid = newName();
        long startNanos = ticker.nanos();
        observer.populating(true);
        try {
            BlockMeta meta = write(directory, ulid, head, mintMs, maxtMs, hints);
            if (meta != null) {
                observer.blockMade(ticker.nanos() - startNanos, false);
                add(openMade(ulid), List.of());
                cuts = cuts() + 1;
                log.infof(
                        "block cut from the head block=%s mint_ms=%d maxt_ms=%d series=%d samples=%d",
                        meta.ulid(),
                        mintMs,
                        maxtMs,
                        meta.stats().series(),
                        meta.stats().samples());
            }
            return meta;
        } catch (UncheckedIOException e) {
            failed = failed() + 1;
            replaced.toRemove(directory.resolve(ulid.text()));
            throw new IOException(directory + ": a block could not be cut from the head", e);
        } catch (IOException e) {
            failed = failed() + 1;
            replaced.toRemove(directory.resolve(ulid.text()));
            throw e;
        } finally {
            observer.populating(false);
        }
    }

    private @Nullable BlockMeta write(
            Path parent, Ulid ulid, Queryable head, long mintMs, long maxtMs, List<String> hints) throws IOException {
        try (Querier querier = head.querier(mintMs, maxtMs - 1)) {
            Set<String> texts = new TreeSet<>();
            for (String name : querier.labelNames(List.of())) {
                texts.add(name);
                texts.addAll(querier.labelValues(name, List.of()));
            }
            ChunkSeriesSet series =
                    new ObservedChunks(querier.chunks(SelectHints.range(mintMs, maxtMs - 1), EVERYTHING), observer);
            return new BlockWriter(files, parent, chunkSegmentBytes)
                    .write(ulid, mintMs, maxtMs, BlockMeta.Compaction.first(ulid, hints), texts, series);
        }
    }

    /** The first timestamp of what a head has in a range, both ends inclusive; {@link Long#MAX_VALUE} for none. */
    public static long firstTimestampMs(Queryable head, long mintMs, long maxtMs) {
        long first = Long.MAX_VALUE;
        SampleBuffer samples = new SampleBuffer();
        try (Querier querier = head.querier(mintMs, maxtMs)) {
            SeriesSet series = querier.select(new SelectHints(mintMs, maxtMs, 0, 0, "", false), EVERYTHING);
            while (series.next()) {
                samples.clear();
                series.samples(samples);
                if (!samples.isEmpty()) {
                    first = Math.min(first, samples.timestampMs(0));
                }
            }
        }
        return first;
    }

    /**
     * Merges blocks until nothing is left to merge.
     *
     * @return how many blocks were made
     */
    public int compact() throws IOException {
        int made = 0;
        while (true) {
            List<Block> next = plan.next(blocks);
            if (next.isEmpty()) {
                return made;
            }
            if (!replace(next)) {
                return made;
            }
            made++;
        }
    }

    /** Writes blocks anew that have deleted samples, without them. */
    public void cleanTombstones() throws IOException {
        for (Block block : blocks) {
            if (block.hasTombstones()) {
                replace(List.of(block));
            }
        }
    }

    /** Puts one block in the place of others; false where one of them turned out to be damaged. */
    private boolean replace(List<Block> parents) throws IOException {
        settle();
        Ulid ulid = newName();
        long startNanos = ticker.nanos();
        observer.populating(true);
        try {
            BlockMeta meta = merge(ulid, parents);
            long end = inOrderMaxTimeMs();
            if (meta == null && parents.stream().anyMatch(b -> b.meta().maxTimeMs() == end)) {
                // Its end says from where on the log counts: without it the log would bring deleted samples back.
                return false;
            }
            Block made = meta == null ? null : openMade(ulid);
            add(made, parents);
            compactions = compactions() + 1;
            observer.blockMade(ticker.nanos() - startNanos, overlap(parents));
            log.infof("blocks merged block=%s from=%s", meta == null ? "none, nothing is left" : ulid, parents);
            return true;
        } catch (UncheckedIOException | CorruptChunkException e) {
            failed = failed() + 1;
            if (e.getCause() instanceof IOException cause && !(cause instanceof CorruptBlockException)) {
                throw new IOException(
                        directory + ": blocks could not be read to be merged", e); // another time, perhaps
            }
            log.errorf(e, "blocks cannot be merged, they are left as they are blocks=%s", parents);
            for (Block parent : parents) {
                parent.markFailed();
            }
            return false;
        } catch (IOException e) {
            failed = failed() + 1;
            replaced.toRemove(directory.resolve(ulid.text()));
            throw e;
        } finally {
            observer.populating(false);
        }
    }

    private static boolean overlap(List<Block> blocks) {
        for (int i = 1; i < blocks.size(); i++) {
            BlockMeta meta = blocks.get(i).meta();
            for (Block other : blocks.subList(0, i)) {
                if (meta.overlaps(other.meta().minTimeMs(), other.meta().maxTimeMs() - 1)) {
                    return true;
                }
            }
        }
        return false;
    }

    private @Nullable BlockMeta merge(Ulid ulid, List<Block> parents) throws IOException {
        List<BlockQuerier> queriers = new ArrayList<>();
        try {
            List<ChunkSeriesSet> sets = new ArrayList<>();
            for (Block parent : parents.stream().sorted(FIRST_STORED).toList()) {
                BlockQuerier querier = parent.querier(Long.MIN_VALUE, Long.MAX_VALUE);
                queriers.add(querier);
                sets.add(querier.chunks(SelectHints.range(Long.MIN_VALUE, Long.MAX_VALUE), EVERYTHING));
            }
            long mint =
                    parents.stream().mapToLong(b -> b.meta().minTimeMs()).min().orElseThrow();
            long maxt =
                    parents.stream().mapToLong(b -> b.meta().maxTimeMs()).max().orElseThrow();
            return new BlockWriter(files, directory, chunkSegmentBytes)
                    .write(
                            ulid,
                            mint,
                            maxt,
                            compactionOf(parents),
                            BlockWriter.symbols(parents),
                            new MergedChunks(sets));
        } finally {
            queriers.forEach(BlockQuerier::close);
        }
    }

    private BlockMeta.Compaction compactionOf(List<Block> parents) {
        int level = 0;
        TreeSet<Ulid> sources = new TreeSet<>();
        List<BlockMeta.Parent> made = new ArrayList<>();
        boolean outOfOrder = true;
        for (Block parent : parents) {
            BlockMeta meta = parent.meta();
            level = Math.max(level, meta.compaction().level());
            sources.addAll(meta.compaction().sources());
            made.add(parent(meta));
            made.addAll(replaced.of(meta.ulid()));
            outOfOrder &= meta.isOutOfOrder();
        }
        return new BlockMeta.Compaction(
                parents.size() > 1 ? level + 1 : level,
                List.copyOf(sources),
                false,
                made,
                false,
                outOfOrder ? List.of(BlockMeta.HINT_OUT_OF_ORDER) : List.of());
    }

    private static BlockMeta.Parent parent(BlockMeta meta) {
        return new BlockMeta.Parent(meta.ulid(), meta.minTimeMs(), meta.maxTimeMs());
    }

    /** Shows a new block in the place of others, which are removed when nobody reads them any more. */
    private void add(@Nullable Block made, List<Block> gone) throws IOException {
        if (made != null) {
            replaced.add(
                    made.meta().ulid(), gone.stream().map(b -> parent(b.meta())).toList());
        }
        List<Block> changed = new ArrayList<>(blocks);
        changed.removeAll(gone);
        if (made != null) {
            changed.add(made);
        }
        BlockDirectory.sort(changed);
        blocks = List.copyOf(changed);
        observer.listed();
        for (Block block : gone) {
            replaced.leaves(block.meta().ulid());
            block.closeAndThen(() -> {
                try {
                    BlockDirectory.remove(files, block.directory());
                    replaced.removed(block.meta().ulid());
                } catch (IOException e) {
                    replaced.toRemove(block.directory());
                    log.warnf(e, "block could not be removed, it will be tried again block=%s", block);
                }
            });
        }
    }

    private Block openMade(Ulid ulid) throws IOException {
        try {
            return Block.open(files, directory.resolve(ulid.text()));
        } catch (IOException e) {
            observer.listingFailed();
            throw e;
        }
    }

    /** Removes what could not be removed before; no block is changed before that has succeeded. */
    private void settle() throws IOException {
        replaced.settle(files);
    }

    /**
     * Removes the blocks that end so long before the newest one, or before now where that reaches into the future:
     * samples with late timestamps push nothing out before its time.
     *
     * @param retentionMs how much time is kept
     */
    public void dropOlder(long retentionMs, long nowMs) throws IOException {
        List<Block> present = blocks;
        long newest = Math.min(
                nowMs,
                present.stream().mapToLong(b -> b.meta().maxTimeMs()).max().orElse(0));
        List<Block> gone = present.stream()
                .filter(block -> newest - block.meta().maxTimeMs() >= retentionMs)
                .toList();
        if (!gone.isEmpty()) {
            add(null, gone);
            timeDeletions = timeDeletions() + gone.size();
            log.infof("blocks beyond the retention time are removed blocks=%s", gone);
        }
    }

    /**
     * Removes the oldest blocks until the others fit.
     *
     * @param roomBytes what blocks may take
     */
    public void dropBeyond(long roomBytes) throws IOException {
        long excess = sizeBytes() - roomBytes;
        List<Block> gone = new ArrayList<>();
        for (Block block : blocks) {
            if (excess <= 0) {
                break;
            }
            gone.add(block);
            excess -= block.sizeBytes();
        }
        if (!gone.isEmpty()) {
            add(null, gone);
            sizeDeletions = sizeDeletions() + gone.size();
            log.infof("blocks beyond the retention size are removed blocks=%s", gone);
        }
    }

    /**
     * Takes up blocks that others have put into the directory, and leaves out those whose directories are gone. A directory
     * that is still being filled waits: it is taken up when two looks have found the same.
     *
     * @param headMinTimeMs the first time of samples in memory
     * @throws IOException when the file system fails, or the directory itself is gone
     */
    public void reload(long headMinTimeMs) throws IOException {
        Set<String> present = new TreeSet<>(files.list(directory));
        if (present.isEmpty()) {
            throw new IOException(
                    directory + ": the data directory is gone or empty; what is in memory and in open files"
                            + " is still there, but a restart would not find it");
        }
        List<Block> open = blocks;
        List<Block> vanished = new ArrayList<>();
        for (Block block : open) {
            if (!present.contains(block.meta().ulid().text())) {
                vanished.add(block);
                log.errorf("directory of a block is gone, its samples are left out block=%s", block);
            }
        }
        if (!vanished.isEmpty()) {
            add(null, vanished);
        }
        Set<Ulid> known = new TreeSet<>();
        open.forEach(block -> {
            known.add(block.meta().ulid());
            block.meta().compaction().parents().forEach(parent -> known.add(parent.ulid()));
        });
        present.removeIf(name ->
                !Ulid.isUlid(name) || known.contains(new Ulid(name)) || replaced.isLeaving(directory.resolve(name)));
        for (Block block : arrivals.look(files, directory, present)) {
            BlockMeta meta = block.meta();
            List<Ulid> parents = meta.compaction().parents().stream()
                    .map(BlockMeta.Parent::ulid)
                    .toList();
            add(
                    block,
                    blocks.stream()
                            .filter(one -> parents.contains(one.meta().ulid()))
                            .toList());
            log.infof(
                    "block that was put here is taken up block=%s mint_ms=%d maxt_ms=%d",
                    block, meta.minTimeMs(), meta.maxTimeMs());
            if (!meta.isOutOfOrder() && meta.maxTimeMs() > headMinTimeMs) {
                log.warnf(
                        "block reaches into the time of samples in memory: a restart before these are in a block leaves"
                                + " out those that are older than its end block=%s maxt_ms=%d head_mint_ms=%d",
                        block, meta.maxTimeMs(), headMinTimeMs);
            }
        }
    }

    /** Marks samples as deleted in all blocks, see {@link Block#delete}. */
    public void delete(long mintMs, long maxtMs, List<LabelMatcher> matchers) throws IOException {
        settle();
        for (Block block : blocks) {
            if (block.meta().overlaps(mintMs, maxtMs)) {
                block.delete(mintMs, maxtMs, matchers);
            }
        }
    }

    /**
     * Puts a copy of the blocks into another directory of the same volume, by links.
     *
     * @param head whose samples of a range are written as one more block; null for none
     * @param mintMs inclusive
     * @param maxtMs exclusive
     */
    public void snapshot(Path target, @Nullable Queryable head, long mintMs, long maxtMs) throws IOException {
        files.createDirectories(target);
        for (Block block : blocks) {
            block.linkTo(target);
        }
        if (head != null && mintMs < maxtMs) {
            try {
                write(target, newName(), head, mintMs, maxtMs, List.of());
            } catch (UncheckedIOException e) {
                throw new IOException(target + ": the snapshot could not be written", e);
            }
        }
    }

    private long cuts() {
        return cuts;
    }

    private long compactions() {
        return compactions;
    }

    private long failed() {
        return failed;
    }

    private long timeDeletions() {
        return timeDeletions;
    }

    private long sizeDeletions() {
        return sizeDeletions;
    }

    @Override
    public void close() throws IOException {
        List<Block> open = blocks;
        blocks = List.of();
        IOException failure = null;
        for (Block block : open) {
            try {
                block.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
