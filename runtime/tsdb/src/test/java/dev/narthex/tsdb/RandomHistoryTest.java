// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.model.StalenessMarker;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.testkit.random.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random lives of a TSDB beside a naive model: appends of every kind, time that passes, restarts, kills, power cuts and
 * file calls that fail. {@code -Dtest.histories=10000} for more of them.
 */
@ExtendWith(QuietLog.class)
class RandomHistoryTest {
    private static final int HISTORIES = Integer.getInteger("test.histories", 250);
    private static final int STEPS = 60;
    private static final Duration RETENTION = Duration.ofHours(5);
    private static final long WINDOW_MS = Duration.ofHours(1).toMillis();

    @Test
    void theModelAgreesOnEveryRead() throws IOException {
        Seed seed = Seed.of(RandomHistoryTest.class);
        for (int number = 0; number < HISTORIES; number++) {
            Seed own = seed.forCase(number);
            try {
                new History(own.random()).live();
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("history " + number + " of " + seed + " fails alone with " + own, e);
            }
        }
    }

    /** A sample that a transaction took. */
    private record Taken(Labels labels, long timestampMs, double value) {}

    private static final class History {
        private final Random random;
        private final TsdbFixture db = new TsdbFixture();
        private final List<Labels> universe = new ArrayList<>();
        private Map<Labels, TreeMap<Long, Double>> model = new TreeMap<>();
        private long mintMs = Long.MIN_VALUE;
        private long maxTimeMs = Long.MIN_VALUE;
        /** Transactions that failed since the last one that did not: one of them may come to light after a crash. */
        private final List<List<Taken>> maybe = new ArrayList<>();

        /** Samples of all transactions that failed since the start: a power cut may undo that they were taken back. */
        private final List<Taken> failed = new ArrayList<>();

        private final List<String> steps = new ArrayList<>();

        History(Random random) {
            this.random = random;
            for (int i = random.nextInt(1, 15); i > 0; i--) {
                universe.add(Labels.of("__name__", "m" + i % 3, "i", "é" + i));
            }
            db.retention = RETENTION;
            db.segmentBytes = 32 * 1024L * random.nextInt(1, 3);
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
            long minValidMs = Math.max(mintMs, maxTimeMs == Long.MIN_VALUE ? maxTimeMs : maxTimeMs - WINDOW_MS);
            try (Appender appender = db.tsdb.appender()) {
                long baseMs = db.nowMs() + random.nextInt(-3, 60) * 1000L;
                for (int i = random.nextInt(random.nextInt(5) == 0 ? 300 : 12); i >= 0; i--) {
                    Labels labels = universe.get(random.nextInt(universe.size()));
                    long t = baseMs + jitter();
                    baseMs += random.nextInt(3) * 1000L;
                    double value = value();
                    AppendResult result = appender.append(appender.series(labels), t, value);
                    assertThat(result).isEqualTo(expected(labels, t, value, minValidMs));
                    if (result.isAccepted()) {
                        taken.add(new Taken(labels, t, value));
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

        private long jitter() {
            return switch (random.nextInt(12)) {
                case 0 -> -random.nextLong(2 * WINDOW_MS);
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

        private AppendResult expected(Labels labels, long t, double value, long minValidMs) {
            if (t < minValidMs) {
                return AppendResult.OUT_OF_BOUNDS;
            }
            Map.Entry<Long, Double> last = last(labels);
            if (last == null || t > last.getKey()) {
                return AppendResult.ACCEPTED;
            }
            if (t < last.getKey()) {
                return AppendResult.OUT_OF_ORDER;
            }
            return same(last.getValue(), value) ? AppendResult.ACCEPTED : AppendResult.DUPLICATE;
        }

        private Map.@Nullable Entry<Long, Double> last(Labels labels) {
            TreeMap<Long, Double> samples = model.get(labels);
            return samples == null ? null : samples.lastEntry();
        }

        private static boolean same(double left, double right) {
            return Double.doubleToRawLongBits(left) == Double.doubleToRawLongBits(right);
        }

        private void apply(List<Taken> taken) {
            maybe.clear();
            for (Taken sample : taken) {
                Map.Entry<Long, Double> last = last(sample.labels);
                boolean alreadyThere =
                        last != null && last.getKey() == sample.timestampMs && same(last.getValue(), sample.value);
                if (last == null || sample.timestampMs > last.getKey()) {
                    model.computeIfAbsent(sample.labels, _ -> new TreeMap<>()).put(sample.timestampMs, sample.value);
                }
                if (!alreadyThere) {
                    maxTimeMs = Math.max(maxTimeMs, sample.timestampMs);
                }
            }
        }

        private void pass() {
            db.scheduler.advance(
                    Duration.ofSeconds(random.nextInt(5) == 0 ? random.nextInt(20_000) : random.nextInt(900)));
            db.tsdb.maintain();
            mintMs = Math.max(mintMs, db.nowMs() - RETENTION.toMillis());
        }

        private void restart() throws IOException {
            db.faulty().heal();
            db.tsdb.close();
            reopen();
        }

        private void kill() throws IOException {
            db.files = db.faulty().kill();
            reopen();
            settleMaybe();
        }

        private void reopen() throws IOException {
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
            mintMs = db.nowMs() - RETENTION.toMillis();
            forgetOld();
        }

        /** After a start only what was replayed counts for order and bounds. */
        private void forgetOld() {
            maxTimeMs = Long.MIN_VALUE;
            for (TreeMap<Long, Double> samples : model.values()) {
                samples.headMap(mintMs, false).clear();
                if (!samples.isEmpty()) {
                    maxTimeMs = Math.max(maxTimeMs, samples.lastKey());
                }
            }
            model.values().removeIf(TreeMap::isEmpty);
        }

        /** A failed transaction is there as a whole or not at all. */
        private void settleMaybe() {
            Map<String, List<String>> found = db.all();
            for (List<Taken> failed : List.copyOf(maybe)) {
                if (found.equals(expectedReads())) {
                    break;
                }
                Map<Labels, TreeMap<Long, Double>> without = new TreeMap<>();
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
            Map<Labels, TreeMap<Long, Double>> before = model;
            List<Taken> uncertain = List.copyOf(failed);
            maybe.clear();
            reopen();
            Map<String, List<String>> found = db.all();
            Map<Labels, TreeMap<Long, Double>> after = new TreeMap<>();
            for (Taken sample : uncertain) {
                before.computeIfAbsent(sample.labels, _ -> new TreeMap<>())
                        .putIfAbsent(sample.timestampMs, sample.value);
            }
            before.forEach((labels, samples) -> samples.forEach((t, v) -> {
                if (found.getOrDefault(labels.toString(), List.of()).contains(t + "=" + TsdbFixture.text(v))) {
                    after.computeIfAbsent(labels, _ -> new TreeMap<>()).put(t, v);
                }
            }));
            model = after;
            forgetOld();
        }

        private Map<String, List<String>> expectedReads() {
            Map<String, List<String>> expected = new TreeMap<>();
            model.forEach((labels, samples) -> {
                List<String> texts = new ArrayList<>();
                samples.tailMap(mintMs, true).forEach((t, v) -> texts.add(t + "=" + TsdbFixture.text(v)));
                if (!texts.isEmpty()) {
                    expected.put(labels.toString(), texts);
                }
            });
            return expected;
        }

        /** A query that meets a file that cannot be read fails, and succeeds when the file can be read again. */
        private Map<String, List<String>> read() {
            while (true) {
                try {
                    return db.all();
                } catch (UncheckedIOException e) {
                    steps.add("failed read");
                }
            }
        }

        private void assertAgreement() {
            Map<String, List<String>> found = read();
            Map<String, List<String>> expected = expectedReads();
            expected.forEach((labels, samples) -> assertThat(found.getOrDefault(labels, List.of()))
                    .as("%s after %s", labels, steps)
                    .isEqualTo(samples));
            assertThat(found.keySet()).isEqualTo(expected.keySet());
            assertThat(db.scheduler.failures()).isEmpty();
        }
    }
}
