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
import dev.narthex.testkit.random.Seed;
import dev.narthex.tsdb.block.BlockMeta;
import dev.narthex.tsdb.compact.BlockStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random lives of a TSDB beside a naive model: floats, histograms of all kinds and staleness markers in any order, time that passes, restarts, kills, power cuts and
 * file calls that fail. {@link RandomHistoryIT} has more of them.
 */
@ExtendWith(QuietLog.class)
class RandomHistoryTest {
    private static final int HISTORIES = 250;
    private static final int STEPS = 60;
    private static final Duration RETENTION = Duration.ofHours(5);

    @Test
    void theModelAgreesOnEveryRead() {
        new Lives(Seed.of(RandomHistoryTest.class)).live(0, HISTORIES).assertMuchHappened();
    }

    /** Histories of a seed, and what came up in them. */
    static final class Lives {
        private final Seed seed;
        private int histories;
        private long cuts;
        private long merges;
        private long lateBlocks;
        private long histograms;
        private long lateHistograms;
        private long started;

        Lives(Seed seed) {
            this.seed = seed;
        }

        /** Runs the histories from one number to another, exclusive. */
        Lives live(int from, int to) {
            for (int number = from; number < to; number++) {
                Seed own = seed.forCase(number);
                try {
                    History history = new History(own.random(), HistorySamples.of(own), true);
                    history.live();
                    cuts += history.cuts;
                    merges += history.merges;
                    lateBlocks += history.lateBlocks;
                    started += history.kinds.starts() ? 1 : 0;
                    histograms += history.histograms;
                    lateHistograms += history.lateHistograms;
                } catch (IOException | RuntimeException | AssertionError e) {
                    throw new AssertionError("history " + number + " of " + seed + " fails alone with " + own, e);
                }
                histories++;
            }
            return this;
        }

        void assertMuchHappened() {
            assertThat(cuts).as("blocks cut in %s histories", histories).isGreaterThan(histories / 4);
            assertThat(merges).as("blocks merged in %s histories", histories).isPositive();
            assertThat(lateBlocks)
                    .as("blocks of late samples in %s histories", histories)
                    .isGreaterThan(histories / 20);
            assertThat(started)
                    .as("histories with start timestamps of %s", histories)
                    .isGreaterThan(histories / 5);
            assertThat(histograms).as("histograms in %s histories", histories).isGreaterThan(20L * histories);
            assertThat(lateHistograms)
                    .as("histograms that came late in %s histories", histories)
                    .isGreaterThan(3L * histories);
        }
    }

    /**
     * Each found a fault once: deleted samples that came back, ones dropped too soon, a failed transaction that showed, late
     * samples of a series that had gone under the name of a new one.
     */
    @ParameterizedTest
    @ValueSource(
            longs = {
                4359852720769690000L,
                2639222267672840439L,
                -5975510717088804529L,
                608798534543091060L,
                5069950160185418097L
            })
    void theModelAgreesOnHistoriesThatFailedOnce(long seed) throws IOException {
        new History(new Random(seed), HistorySamples.floats(), false).live();
    }

    /**
     * Each found a fault once: a histogram that was said to go on from one that was not read; a failed transaction that came
     * to light in part, since a checkpoint had dropped the names of its series.
     */
    @ParameterizedTest
    @ValueSource(longs = {-1737347034756011687L, 5899042316479005545L})
    void theModelAgreesOnHistoriesOfHistogramsThatFailedOnce(long seed) throws IOException {
        new History(new Random(seed), HistorySamples.of(new Seed(seed)), false).live();
    }

    /** A sample that a transaction took. */
    private record Taken(Labels labels, long timestampMs, HistoryValue value) {}

    /** A transaction that was committed, or failed and may come to light nevertheless. */
    private record Step(List<Taken> taken, boolean certain) {}

    private static final class History {
        private final Random random;
        private final HistorySamples kinds;
        private final TsdbFixture db = new TsdbFixture();
        private final List<Labels> universe = new ArrayList<>();
        private Map<Labels, TreeMap<Long, HistoryValue>> model = new TreeMap<>();
        private long mintMs = Long.MIN_VALUE;
        private long maxTimeMs = Long.MIN_VALUE;
        /** What the window counts from in the transaction. */
        private long newestMs = Long.MIN_VALUE;
        /** Transactions that failed since the last one that did not: one of them may come to light after a crash. */
        private final List<List<Taken>> maybe = new ArrayList<>();

        /** Samples of all transactions that failed since the start: a power cut may undo that they were taken back. */
        private final List<Taken> failed = new ArrayList<>();

        /** Older samples are refused: half of the range of chunks, which is small where blocks are to be merged. */
        private final long windowMs;
        /** Whether blocks are cut and merged; without, what is too old is gone to the millisecond. */
        private final boolean blocks;
        /** How much older than the newest sample one may be that is out of order; 0 for no such samples. */
        private final long lateMs;
        /** Power cuts may bring deleted samples back, so a history has one or the other. */
        private final boolean deletes;
        /** Everything that was ever taken: blocks keep more than they must. */
        private final Map<Labels, TreeMap<Long, HistoryValue>> ever = new TreeMap<>();

        /** Every sample that was ever accepted, of transactions that failed, too, as text. */
        private final Set<String> offered = new HashSet<>();

        private final Map<Labels, TreeSet<Long>> deleted = new TreeMap<>();
        private long cuts;
        private long merges;
        private long lateBlocks;
        private long histograms;
        private long lateHistograms;
        /** Transactions that were made while the log was replayed. */
        private final List<Step> during = new ArrayList<>();

        /** How many of them earlier processes made. */
        private int processBegan;

        private final List<String> steps = new ArrayList<>();

        /** Whether there are transactions during a replay where samples may be late. */
        private final boolean lateDuringReplay;

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
                assertAgreement();
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
                    Math.max(mintMs, blocksEndMs()), maxTimeMs == Long.MIN_VALUE ? maxTimeMs : maxTimeMs - windowMs);
            // After a power cut that is not the newest sample where the newest one in order is lost.
            newestMs = lateMs > 0 ? db.tsdb.stats().head().maxTimeMs() : maxTimeMs;
            try (Appender appender = db.tsdb.appender()) {
                long baseMs = db.nowMs() + random.nextInt(-3, 60) * 1000L;
                for (int i = random.nextInt(random.nextInt(5) == 0 ? 300 : 12); i >= 0; i--) {
                    Labels labels = universe.get(random.nextInt(universe.size()));
                    long t = baseMs + jitter();
                    baseMs += random.nextInt(3) * 1000L;
                    HistoryValue value = kinds.next(labels, value());
                    if (lateMs > 0) {
                        while (deleted.getOrDefault(labels, new TreeSet<>()).contains(t)) {
                            t--;
                        }
                        // Which of two values of a time is shown depends on where they lie.
                        value = ever.getOrDefault(labels, new TreeMap<>()).getOrDefault(t, value);
                        value = valueOf(taken, labels, t, value);
                    }
                    AppendResult result = value.append(appender, appender.series(labels), t, kinds.startMs(labels, t));
                    assertThat(result)
                            .as("%s at %s of %s", value, t, labels)
                            .isIn(expected(labels, t, value, minValidMs));
                    if (result.isAccepted()) {
                        taken.add(new Taken(labels, t, value));
                        offered.add(labels + " " + t + "=" + value.text());
                        histograms += value.histogram() == null ? 0 : 1;
                        lateHistograms += value.histogram() == null || lateMs == 0 || t >= newestMs ? 0 : 1;
                    }
                }
                if (rollBack) {
                    appender.rollback();
                    return;
                }
                appender.commit();
            } catch (IOException e) {
                maybe.add(taken);
                failed.addAll(taken);
                return;
            }
            if (!taken.isEmpty()) {
                apply(taken);
            }
        }

        /** The value that failed or open transactions have tried at a time, which may come to light. */
        private HistoryValue valueOf(List<Taken> taken, Labels labels, long t, HistoryValue value) {
            for (List<Taken> list : tried(taken)) {
                for (Taken sample : list) {
                    if (sample.labels.equals(labels) && sample.timestampMs == t) {
                        return sample.value;
                    }
                }
            }
            return value;
        }

        private List<List<Taken>> tried(List<Taken> taken) {
            List<List<Taken>> tried = new ArrayList<>(maybe);
            during.forEach(step -> tried.add(step.taken));
            tried.add(failed);
            tried.add(taken);
            return tried;
        }

        /** The newest time that any sample had so far, or may have had. */
        private long newestOfAll(List<Taken> taken) {
            long newest = Long.MIN_VALUE + Duration.ofDays(365).toMillis();
            for (TreeMap<Long, HistoryValue> samples : ever.values()) {
                newest = Math.max(newest, samples.isEmpty() ? newest : samples.lastKey());
            }
            for (List<Taken> list : tried(taken)) {
                for (Taken sample : list) {
                    newest = Math.max(newest, sample.timestampMs);
                }
            }
            return newest;
        }

        private long blocksEndMs() {
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
            TreeMap<Long, HistoryValue> samples = model.get(labels);
            if (samples != null) {
                deleted.computeIfAbsent(labels, _ -> new TreeSet<>())
                        .addAll(samples.subMap(from, true, to, true).keySet());
            }
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
            Map.Entry<Long, HistoryValue> last = last(labels);
            if (last == null || t > last.getKey()) {
                return Set.of(AppendResult.ACCEPTED);
            }
            if (t < last.getKey()) {
                return Set.of(AppendResult.OUT_OF_ORDER);
            }
            return value.answersAfter(last.getValue());
        }

        private Map.@Nullable Entry<Long, HistoryValue> last(Labels labels) {
            TreeMap<Long, HistoryValue> samples = model.get(labels);
            return samples == null ? null : samples.lastEntry();
        }

        private void apply(List<Taken> taken) {
            maybe.clear();
            for (Taken sample : taken) {
                Map.Entry<Long, HistoryValue> last = last(sample.labels);
                boolean alreadyThere = last != null
                        && last.getKey() == sample.timestampMs
                        && last.getValue().isSame(sample.value);
                if (lateMs > 0 || last == null || sample.timestampMs > last.getKey()) {
                    model.computeIfAbsent(sample.labels, _ -> new TreeMap<>()).put(sample.timestampMs, sample.value);
                    ever.computeIfAbsent(sample.labels, _ -> new TreeMap<>()).put(sample.timestampMs, sample.value);
                }
                if (!alreadyThere) {
                    maxTimeMs = Math.max(maxTimeMs, sample.timestampMs);
                }
            }
        }

        private void pass() {
            BlockStats before = db.tsdb.stats().blocks();
            long late = db.tsdb.stats().wbl().blocksCut();
            db.scheduler.advance(
                    Duration.ofSeconds(random.nextInt(5) == 0 ? random.nextInt(20_000) : random.nextInt(900)));
            db.tsdb.maintain();
            BlockStats after = db.tsdb.stats().blocks();
            cuts += after.cuts() - before.cuts();
            merges += after.compactions() - before.compactions();
            lateBlocks += db.tsdb.stats().wbl().blocksCut() - late;
            mintMs = Math.max(mintMs, retainedMs());
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
                settleMaybe();
            }
        }

        /** Opens while transactions are made, before the log is replayed and between its segments; kills on the way. */
        private void reopenWithAppends() throws IOException {
            failed.clear();
            during.clear();
            processBegan = 0;
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
                    processBegan = during.size();
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
            mintMs = Math.max(mintMs, retainedMs());
            List<Step> all = new ArrayList<>();
            maybe.forEach(taken -> all.add(new Step(taken, false)));
            maybe.clear();
            all.addAll(during);
            settle(all);
            maybe.clear();
            during.subList(processBegan, during.size()).stream()
                    .filter(step -> !step.certain)
                    .forEach(step -> maybe.add(step.taken));
        }

        /** Finds out which of the failed transactions came to light, and goes on from there. */
        private void settle(List<Step> all) {
            if (lateMs > 0) {
                settleLate(all);
                return;
            }
            Map<String, List<String>> found = recent();
            Map<Labels, TreeMap<Long, HistoryValue>> start = copy(model);
            long uncertain = all.stream().filter(step -> !step.certain).count();
            assertThat(uncertain).isLessThan(16);
            for (int chosen = 1 << uncertain; chosen >= 0; chosen--) { // none of them at last
                model = copy(start);
                int bit = 1;
                for (Step step : all) {
                    if (step.certain || (chosen & bit) != 0) {
                        forgetOld();
                        apply(step.taken);
                    }
                    bit <<= step.certain ? 0 : 1;
                }
                forgetOld();
                if (found.equals(expectedReads())) {
                    return;
                }
            }
        }

        /** With a window the order of transactions does not matter, and one that failed may come to light in parts. */
        private void settleLate(List<Step> all) {
            for (Step step : all) {
                if (step.certain) {
                    forgetOld();
                    apply(step.taken);
                }
            }
            all.stream().filter(step -> !step.certain).forEach(step -> maybe.add(step.taken));
            forgetOld();
            takeWhatIsFound(recent());
        }

        @SuppressWarnings("NonApiType") // the model needs the order of its maps
        private static Map<Labels, TreeMap<Long, HistoryValue>> copy(Map<Labels, TreeMap<Long, HistoryValue>> samples) {
            Map<Labels, TreeMap<Long, HistoryValue>> copy = new TreeMap<>();
            samples.forEach((labels, of) -> copy.put(labels, new TreeMap<>(of)));
            return copy;
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
                            t = Math.max(t, newestOfAll(taken) - lateMs);
                            while (deleted.getOrDefault(labels, new TreeSet<>()).contains(t)) {
                                t++;
                            }
                            value = ever.getOrDefault(labels, new TreeMap<>()).getOrDefault(t, value);
                            value = valueOf(taken, labels, t, value);
                        }
                        AppendResult result =
                                value.append(appender, appender.series(labels), t, kinds.startMs(labels, t));
                        if (!db.tsdb.isReplayed()) {
                            assertThat(result).isIn(AppendResult.ACCEPTED, AppendResult.OUT_OF_BOUNDS);
                        }
                        if (result.isAccepted()) {
                            taken.add(new Taken(labels, t, value));
                            offered.add(labels + " " + t + "=" + value.text());
                        }
                    }
                    appender.commit();
                    // What failed before in this process is overwritten; what an earlier one left is not.
                    during.subList(processBegan, during.size()).removeIf(step -> !step.certain);
                    during.add(new Step(taken, true));
                } catch (IOException e) {
                    during.add(new Step(taken, false));
                }
            }
        }

        private void reopenQuietly() throws IOException {
            failed.clear();
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
            mintMs = Math.max(mintMs, retainedMs());
            forgetOld();
        }

        /** After a start only what was replayed counts for order and bounds. */
        private void forgetOld() {
            maxTimeMs = Long.MIN_VALUE;
            for (TreeMap<Long, HistoryValue> samples : model.values()) {
                samples.headMap(mintMs, false).clear();
                if (!samples.isEmpty() && samples.lastKey() >= blocksEndMs()) {
                    maxTimeMs = Math.max(maxTimeMs, samples.lastKey());
                }
            }
            model.values().removeIf(TreeMap::isEmpty);
        }

        /** A failed transaction is there as a whole or not at all. */
        private void settleMaybe() {
            Map<String, List<String>> found = recent();
            if (lateMs > 0) {
                takeWhatIsFound(found); // a transaction goes to two logs
                return;
            }
            for (List<Taken> failed : List.copyOf(maybe)) {
                if (found.equals(expectedReads())) {
                    break;
                }
                Map<Labels, TreeMap<Long, HistoryValue>> without = new TreeMap<>();
                model.forEach((labels, samples) -> without.put(labels, new TreeMap<>(samples)));
                apply(failed);
                forgetOld();
                if (!found.equals(expectedReads())) {
                    model = without;
                    forgetOld();
                }
            }
            maybe.clear();
        }

        private void takeWhatIsFound(Map<String, List<String>> found) {
            List<Taken> come = new ArrayList<>();
            for (List<Taken> failed : maybe) {
                for (Taken sample : failed) {
                    if (found.getOrDefault(sample.labels.toString(), List.of())
                            .contains(sample.timestampMs + "=" + sample.value.text())) {
                        come.add(sample);
                    }
                }
            }
            apply(come);
            forgetOld();
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
            db.files =
                    random.nextBoolean() ? db.faulty().cutPower() : db.faulty().cutPower(random);
            Map<Labels, TreeMap<Long, HistoryValue>> before = model;
            List<Taken> uncertain = List.copyOf(failed);
            maybe.clear();
            reopenQuietly();
            Map<String, List<String>> found = recent();
            Map<Labels, TreeMap<Long, HistoryValue>> after = new TreeMap<>();
            for (Taken sample : uncertain) {
                before.computeIfAbsent(sample.labels, _ -> new TreeMap<>())
                        .putIfAbsent(sample.timestampMs, sample.value);
            }
            before.forEach((labels, samples) -> samples.forEach((t, v) -> {
                if (found.getOrDefault(labels.toString(), List.of()).contains(t + "=" + v.text())) {
                    after.computeIfAbsent(labels, _ -> new TreeMap<>()).put(t, v);
                    ever.computeIfAbsent(labels, _ -> new TreeMap<>()).put(t, v);
                }
            }));
            model = after;
            forgetOld();
        }

        private Map<String, List<String>> expectedReads() {
            Map<String, List<String>> expected = new TreeMap<>();
            model.forEach((labels, samples) -> {
                List<String> texts = new ArrayList<>();
                TreeSet<Long> hidden = deleted.getOrDefault(labels, new TreeSet<>());
                samples.tailMap(mintMs, true).forEach((t, v) -> {
                    if (hidden.isEmpty() || !hidden.contains(t)) {
                        texts.add(t + "=" + v.text());
                    }
                });
                if (!texts.isEmpty()) {
                    expected.put(labels.toString(), texts);
                }
            });
            return expected;
        }

        private Map<String, List<String>> recent() {
            return read(mintMs, Long.MAX_VALUE);
        }

        /** Blocks are read from files, and a fault that waits for its call may meet a read. */
        private Map<String, List<String>> read(long fromMs, long toMs) {
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

        private void assertAgreement() {
            Map<String, List<String>> found = recent();
            if (mintMs != Long.MIN_VALUE) {
                Map<String, List<String>> older = read(Long.MIN_VALUE, mintMs - 1);
                older.forEach((labels, samples) -> assertThat(samples)
                        .as("%s after %s", labels, steps)
                        .allMatch(text -> offered.contains(labels + " " + text)));
            }
            Map<String, List<String>> expected = expectedReads();
            expected.forEach((labels, samples) -> assertThat(found.getOrDefault(labels, List.of()))
                    .as("%s after %s", labels, steps)
                    .isEqualTo(samples));
            assertThat(found.keySet()).as("after %s", steps).isEqualTo(expected.keySet());
            assertThat(db.scheduler.failures()).isEmpty();
        }
    }
}
