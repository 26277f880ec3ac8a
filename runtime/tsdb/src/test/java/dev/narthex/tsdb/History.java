// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.tsdb.HistoryModel.Step;
import dev.narthex.tsdb.HistoryModel.Taken;
import dev.narthex.tsdb.block.BlockMeta;
import dev.narthex.tsdb.compact.BlockStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One random life of a TSDB: the steps of it, each told to a model. For one thread. */
final class History implements HistoryModel.Reads {
    private static final int STEPS = 60;
    private static final Duration RETENTION = Duration.ofHours(5);

    private final Random random;
    private final HistorySamples kinds;
    private final TsdbFixture db = new TsdbFixture();
    private final List<Labels> universe = new ArrayList<>();
    private final HistoryModel model;
    /** What the window counts from in the transaction. */
    private long newestMs = Long.MIN_VALUE;
    /** Older samples are refused: half of the range of chunks, which is small where blocks are to be merged. */
    private final long windowMs;
    /** Whether blocks are cut and merged; without, what is too old is gone to the millisecond. */
    private final boolean blocks;
    /** How much older than the newest sample one may be that is out of order; 0 for no such samples. */
    private final long lateMs;
    /** Power cuts may bring deleted samples back, so a history has one or the other. */
    private final boolean deletes;
    /** Whether there are transactions during a replay where samples may be late. */
    private final boolean lateDuringReplay;

    private final List<String> steps = new ArrayList<>();
    private long cuts;
    private long merges;
    private long lateBlocks;
    private long histograms;
    private long lateHistograms;

    History(Random random, HistorySamples kinds, boolean lateDuringReplay) {
        this.random = random;
        this.kinds = kinds;
        this.lateDuringReplay = lateDuringReplay;
        for (int i = random.nextInt(1, 15); i > 0; i--) {
            universe.add(Labels.of("__name__", "m" + i % 3, "i", "é" + i));
        }
        db.retention = RETENTION;
        db.headSnapshot = kinds.snapshots();
        if (kinds.starts()) {
            db.startTimestamps = true;
            db.startsMs = kinds::startMs;
        }
        blocks = random.nextInt(4) > 0;
        deletes = random.nextBoolean();
        db.compaction = blocks;
        db.chunkRange = blocks && random.nextBoolean() ? Duration.ofMinutes(10) : Duration.ofHours(2);
        // A series that has left takes samples of any age again, but for what is out of bounds anyway.
        db.staleSeriesThreshold = db.chunkRange.toMinutes() == 10 && random.nextBoolean() ? 0.1 : 0;
        windowMs = db.chunkRange.toMillis() / 2;
        db.segmentBytes = 32 * 1024L * random.nextInt(1, 3);
        lateMs = switch (random.nextInt(4)) {
            case 0 -> windowMs + random.nextLong(windowMs);
            case 1 -> Duration.ofHours(8).toMillis();
            default -> 0;
        };
        db.outOfOrderWindow = Duration.ofMillis(lateMs);
        model = new HistoryModel(this, lateMs);
    }

    void live() throws IOException {
        db.open();
        for (int step = 0; step < STEPS; step++) {
            int choice = random.nextInt(100);
            if (choice < 70) {
                transaction();
                steps.add("transaction");
            } else if (choice < 82) {
                pass();
                steps.add("pass");
            } else if (choice < 86) {
                restart();
                steps.add("restart");
            } else if (choice < 91) {
                kill();
                steps.add("kill");
            } else if (choice < 97) {
                breakSomething();
                steps.add("breakSomething");
            } else if (deletes) {
                delete();
                steps.add("delete");
            } else {
                cutPower();
                steps.add("cutPower");
            }
            model.assertAgreement(steps);
            assertThat(db.scheduler.failures()).isEmpty();
        }
        db.faulty().heal();
        db.close();
        assertThat(db.memory.bytes()).isZero();
        db.faulty().assertNoOpenFiles();
    }

    private void transaction() throws IOException {
        List<Taken> taken = new ArrayList<>();
        boolean rollBack = random.nextInt(8) == 0;
        long minValidMs = Math.max(
                Math.max(model.mintMs, blocksEndMs()),
                model.maxTimeMs == Long.MIN_VALUE ? model.maxTimeMs : model.maxTimeMs - windowMs);
        // After a power cut that is not the newest sample where the newest one in order is lost.
        newestMs = lateMs > 0 ? db.tsdb.stats().head().maxTimeMs() : model.maxTimeMs;
        try (Appender appender = db.tsdb.appender()) {
            long baseMs = db.nowMs() + random.nextInt(-3, 60) * 1000L;
            for (int i = random.nextInt(random.nextInt(5) == 0 ? 300 : 12); i >= 0; i--) {
                Labels labels = universe.get(random.nextInt(universe.size()));
                long t = baseMs + jitter();
                baseMs += random.nextInt(3) * 1000L;
                HistoryValue value = kinds.next(labels, value());
                if (lateMs > 0) {
                    while (model.deleted.getOrDefault(labels, new TreeSet<>()).contains(t)) {
                        t--;
                    }
                    // Which of two values of a time is shown depends on where they lie.
                    value = model.ever.getOrDefault(labels, new TreeMap<>()).getOrDefault(t, value);
                    value = model.valueOf(taken, labels, t, value);
                }
                AppendResult result = value.append(appender, appender.series(labels), t, kinds.startMs(labels, t));
                assertThat(result).as("%s at %s of %s", value, t, labels).isIn(expected(labels, t, value, minValidMs));
                if (result.isAccepted()) {
                    taken.add(new Taken(labels, t, value));
                    histograms += value.histogram() == null ? 0 : 1;
                    lateHistograms += value.histogram() == null || lateMs == 0 || t >= newestMs ? 0 : 1;
                }
            }
            if (rollBack) {
                appender.rollback();
                return;
            }
            model.offer(taken);
            appender.commit();
        } catch (IOException e) {
            model.maybe.add(taken);
            model.failed.addAll(taken);
            return;
        }
        if (!taken.isEmpty()) {
            model.apply(taken);
        }
    }

    @Override
    public long blocksEndMs() {
        return db.tsdb.blocks().stream()
                .filter(block -> !block.isOutOfOrder())
                .mapToLong(BlockMeta::maxTimeMs)
                .max()
                .orElse(Long.MIN_VALUE);
    }

    private void delete() throws IOException {
        db.faulty().heal();
        Labels labels = universe.get(random.nextInt(universe.size()));
        long from = db.nowMs() - random.nextLong(RETENTION.toMillis());
        long to = random.nextInt(3) == 0 ? Long.MAX_VALUE : from + random.nextLong(RETENTION.toMillis());
        db.tsdb.delete(from, to, List.of(LabelMatcher.equal("i", labels.getOrEmpty("i"))));
        model.delete(labels, from, to);
        if (random.nextInt(3) == 0) {
            db.tsdb.cleanTombstones();
        }
    }

    private long jitter() {
        return switch (random.nextInt(12)) {
            case 0 -> -random.nextLong(2 * windowMs);
            case 3, 4, 5 -> lateMs == 0 ? random.nextInt(1000) : -random.nextLong(lateMs + lateMs / 8);
            case 1 -> random.nextLong(600_000);
            case 2 -> 0;
            default -> random.nextInt(1000);
        };
    }

    private double value() {
        return switch (random.nextInt(6)) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> StalenessMarker.VALUE;
            case 2 -> random.nextInt(3);
            default -> random.nextInt(10_000) / 10.0;
        };
    }

    private Set<AppendResult> expected(Labels labels, long t, HistoryValue value, long minValidMs) {
        if (lateMs > 0) {
            boolean inWindow = newestMs == Long.MIN_VALUE || t >= newestMs - lateMs;
            return Set.of(inWindow ? AppendResult.ACCEPTED : AppendResult.TOO_OLD);
        }
        if (t < minValidMs) {
            return Set.of(AppendResult.OUT_OF_BOUNDS);
        }
        Map.Entry<Long, HistoryValue> last = model.last(labels);
        if (last == null || t > last.getKey()) {
            return Set.of(AppendResult.ACCEPTED);
        }
        if (t < last.getKey()) {
            return Set.of(AppendResult.OUT_OF_ORDER);
        }
        return value.answersAfter(last.getValue());
    }

    private void pass() {
        BlockStats before = db.tsdb.stats().blocks();
        long late = db.tsdb.stats().wbl().blocksCut();
        db.scheduler.advance(Duration.ofSeconds(random.nextInt(5) == 0 ? random.nextInt(20_000) : random.nextInt(900)));
        db.tsdb.maintain();
        BlockStats after = db.tsdb.stats().blocks();
        cuts += after.cuts() - before.cuts();
        merges += after.compactions() - before.compactions();
        lateBlocks += db.tsdb.stats().wbl().blocksCut() - late;
        model.mintMs = Math.max(model.mintMs, retainedMs());
    }

    /** From here on everything must be there; what is older may be, as after a power cut that the newest sample was lost in. */
    private long retainedMs() {
        long newest = db.tsdb.stats().head().maxTimeMs();
        for (BlockMeta block : db.tsdb.blocks()) { // of late samples
            newest = Math.max(newest, block.maxTimeMs());
        }
        newest = blocks ? db.nowMs() : Math.min(db.nowMs(), newest);
        return newest == Long.MIN_VALUE ? newest : newest - RETENTION.toMillis();
    }

    private void restart() throws IOException {
        db.faulty().heal();
        db.tsdb.close();
        reopen();
    }

    private void kill() throws IOException {
        db.files = db.faulty().kill();
        reopen();
    }

    private void reopen() throws IOException {
        if (random.nextInt(3) > 0 && (lateMs == 0 || lateDuringReplay)) {
            reopenWithAppends();
        } else {
            reopenQuietly();
            model.settleMaybe();
        }
    }

    /** Opens while transactions are made, before the log is replayed and between its segments; kills on the way. */
    private void reopenWithAppends() throws IOException {
        model.failed.clear();
        model.during.clear();
        model.processBegan = 0;
        int kills = random.nextInt(3) == 0 ? random.nextInt(1, 3) : 0;
        boolean[] begun = new boolean[1];
        db.replayProgress = (_, _, _) -> appendDuringReplay(begun[0] ? random.nextInt(2) : 0);
        while (true) {
            FaultyFiles files = db.faulty();
            if (random.nextInt(4) == 0) {
                files.failCall(files.calls() + random.nextInt(1, 40));
            }
            try {
                begun[0] = false;
                model.processBegan = model.during.size();
                db.begin();
                begun[0] = true;
                appendDuringReplay(random.nextInt(4));
                if (kills > 0) {
                    kills--;
                    db.files = files.kill();
                    continue;
                }
                db.tsdb.replay();
                files.heal();
                break;
            } catch (IOException e) {
                assertThat(db.memory.bytes()).isZero();
                files.assertNoOpenFiles();
                files.heal();
            }
        }
        db.replayProgress = (_, _, _) -> {};
        model.mintMs = Math.max(model.mintMs, retainedMs());
        List<Step> all = new ArrayList<>();
        model.maybe.forEach(taken -> all.add(new Step(taken, false)));
        model.maybe.clear();
        all.addAll(model.during);
        model.settle(all);
        model.maybe.clear();
        model.during.subList(model.processBegan, model.during.size()).stream()
                .filter(step -> !step.certain())
                .forEach(step -> model.maybe.add(step.taken()));
    }

    /** What was there is not known yet, so nothing is refused for its order. */
    private void appendDuringReplay(int transactions) {
        for (int i = 0; i < transactions; i++) {
            List<Taken> taken = new ArrayList<>();
            try (Appender appender = db.tsdb.appender()) {
                long baseMs = db.nowMs() + random.nextInt(-3, 60) * 1000L;
                for (int sample = random.nextInt(8); sample >= 0; sample--) {
                    Labels labels = universe.get(random.nextInt(universe.size()));
                    long t = baseMs + jitter();
                    HistoryValue value = kinds.next(labels, value());
                    if (lateMs > 0) {
                        // What turns out to be too old for the window is left out, and the model cannot tell.
                        t = Math.max(t, model.newestOfAll(taken) - lateMs);
                        while (model.deleted
                                .getOrDefault(labels, new TreeSet<>())
                                .contains(t)) {
                            t++;
                        }
                        value = model.ever.getOrDefault(labels, new TreeMap<>()).getOrDefault(t, value);
                        value = model.valueOf(taken, labels, t, value);
                    }
                    AppendResult result = value.append(appender, appender.series(labels), t, kinds.startMs(labels, t));
                    if (!db.tsdb.isReplayed()) {
                        assertThat(result).isIn(AppendResult.ACCEPTED, AppendResult.OUT_OF_BOUNDS);
                    }
                    if (result.isAccepted()) {
                        taken.add(new Taken(labels, t, value));
                    }
                }
                model.offer(taken);
                appender.commit();
                // What failed before in this process is overwritten; what an earlier one left is not.
                model.during.subList(model.processBegan, model.during.size()).removeIf(step -> !step.certain());
                model.during.add(new Step(taken, true));
            } catch (IOException e) {
                model.during.add(new Step(taken, false));
            }
        }
    }

    private void reopenQuietly() throws IOException {
        model.failed.clear();
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        if (random.nextInt(4) == 0) {
            FaultyFiles files = db.faulty();
            files.failCall(files.calls() + random.nextInt(1, 40));
            try {
                db.open();
                files.heal();
            } catch (IOException e) {
                assertThat(db.memory.bytes()).isZero();
                files.assertNoOpenFiles();
                files.heal();
                db.open();
            }
        } else {
            db.open();
        }
        model.mintMs = Math.max(model.mintMs, retainedMs());
        model.forgetOld();
    }

    private void breakSomething() {
        FaultyFiles files = db.faulty();
        int call = files.calls() + random.nextInt(1, 6);
        switch (random.nextInt(3)) {
            case 0 -> files.failCall(call);
            case 1 -> files.tearCall(call, random.nextInt(400));
            default -> files.failCalls(c -> c.number() >= call && c.number() <= call + 3);
        }
    }

    /** What is there afterwards is part of what was there; the model goes on from it. */
    private void cutPower() throws IOException {
        db.files = random.nextBoolean() ? db.faulty().cutPower() : db.faulty().cutPower(random);
        Map<Labels, TreeMap<Long, HistoryValue>> before = model.samples;
        List<Taken> uncertain = List.copyOf(model.failed);
        model.maybe.clear();
        reopenQuietly();
        model.takeWhatIsLeft(uncertain, before);
    }

    /** Blocks are read from files, and a fault that waits for its call may meet a read. */
    @Override
    public Map<String, List<String>> read(long fromMs, long toMs) {
        for (int attempt = 0; ; attempt++) {
            try {
                return db.all(fromMs, toMs);
            } catch (UncheckedIOException e) {
                if (attempt == 100) {
                    throw e;
                }
            }
        }
    }

    boolean hasStarts() {
        return kinds.starts();
    }

    /** Blocks that were cut from the head. */
    long cuts() {
        return cuts;
    }

    /** Blocks that were merged. */
    long merges() {
        return merges;
    }

    /** Blocks of late samples. */
    long lateBlocks() {
        return lateBlocks;
    }

    long histograms() {
        return histograms;
    }

    /** Histograms that came late. */
    long lateHistograms() {
        return lateHistograms;
    }
}
