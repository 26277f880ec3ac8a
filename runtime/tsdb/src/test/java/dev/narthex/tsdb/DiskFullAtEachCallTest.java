// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.files.FaultyFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The disk is full from a certain file call on for a while: everything that was acknowledged is there meanwhile and
 * afterwards, and things go on by themselves. {@code -Dtest.disk.every=1} for each call rather than some.
 */
@ExtendWith(QuietLog.class)
class DiskFullAtEachCallTest {
    private static final int EVERY = Integer.getInteger("test.disk.every", 41);
    private static final int SERIES = 6;
    /** So many calls that change something fail. */
    private static final int FAILING = 60;

    /** A short life of a TSDB in which all kinds of files are written. */
    private static final class Life {
        private final TsdbFixture db = new TsdbFixture();
        private final Map<String, TreeMap<Long, Integer>> model = new TreeMap<>();
        private int refused;
        private int lastCall;

        Life() {
            db.chunkRange = Duration.ofMinutes(20);
            db.segmentBytes = 32 << 10;
            db.outOfOrderWindow = Duration.ofHours(1);
        }

        /** @param firstFailing number of the first call that fails */
        void live(int firstFailing) throws IOException {
            FaultyFiles files = db.faulty();
            files.failCalls(call -> call.number() >= firstFailing
                    && call.number() < firstFailing + FAILING
                    && call.operation().isWriting());
            while (true) {
                try {
                    db.open();
                    break;
                } catch (IOException e) {
                    refused++;
                    assertThat(db.memory.bytes()).isZero();
                    files.assertNoOpenFiles();
                }
            }
            for (int minute = 0; minute < 90; minute++) {
                db.scheduler.advance(Duration.ofMinutes(1));
                transaction(minute);
                if (minute % 30 == 29) {
                    delete(minute);
                    assertThat(db.all()).isEqualTo(expected());
                }
            }
            snapshot();
            lastCall = files.calls();
            files.heal();
            db.scheduler.advance(Duration.ofMinutes(2));
            int before = refused;
            transaction(1000);
            assertThat(refused).isEqualTo(before);
            assertThat(db.all()).isEqualTo(expected());
            db.killAndRestart();
            assertThat(db.all()).isEqualTo(expected());
            db.close();
        }

        private static Labels labels(int series) {
            return Labels.of("__name__", "m" + series % 2, "i", Integer.toString(series));
        }

        private void transaction(int value) {
            Map<Labels, Map<Long, Integer>> taken = new TreeMap<>();
            try (Appender appender = db.tsdb.appender()) {
                for (int s = 0; s < SERIES; s++) {
                    Labels labels = s == 5 ? labels(100 + value) : labels(s);
                    long ref = appender.series(labels);
                    Map<Long, Integer> of = taken.computeIfAbsent(labels, _ -> new TreeMap<>());
                    put(appender, ref, db.nowMs(), value, of);
                    if (s < 2 && value > 3) {
                        put(appender, ref, db.nowMs() - 100_001, -value, of); // late
                    }
                }
                appender.commit();
            } catch (IOException e) {
                refused++;
                return;
            }
            taken.forEach((labels, samples) -> model.computeIfAbsent(labels.toString(), _ -> new TreeMap<>())
                    .putAll(samples));
        }

        private static void put(Appender appender, long ref, long t, int value, Map<Long, Integer> into) {
            assertThat(appender.append(ref, t, value)).isEqualTo(AppendResult.ACCEPTED);
            into.put(t, value);
        }

        private void delete(int minute) {
            long from = db.nowMs() - Duration.ofMinutes(40).toMillis();
            long to = db.nowMs() - Duration.ofMinutes(35).toMillis();
            while (true) {
                try {
                    db.tsdb.delete(from, to, List.of(LabelMatcher.equal("__name__", "m" + minute % 2)));
                    db.tsdb.cleanTombstones();
                    break;
                } catch (IOException e) {
                    refused++; // nothing or a part of it is done; it can be said again
                }
            }
            model.forEach((labels, samples) -> {
                if (labels.contains("\"m" + minute % 2 + "\"")) {
                    samples.subMap(from, true, to, true).clear();
                }
            });
        }

        private void snapshot() {
            for (int attempt = 0; ; attempt++) {
                try {
                    db.tsdb.snapshot(Path.of("/snapshot" + attempt), false);
                    return;
                } catch (IOException e) {
                    refused++;
                }
            }
        }

        private Map<String, List<String>> expected() {
            Map<String, List<String>> expected = new TreeMap<>();
            model.forEach((labels, samples) -> {
                if (!samples.isEmpty()) {
                    expected.put(
                            labels,
                            samples.entrySet().stream()
                                    .map(sample -> sample.getKey() + "=" + sample.getValue())
                                    .toList());
                }
            });
            return expected;
        }
    }

    @Test
    void nothingIsLostWhereverTheDiskBecomesFull() throws IOException {
        Life undisturbed = new Life();
        undisturbed.live(Integer.MAX_VALUE - FAILING);
        assertThat(undisturbed.refused).isZero();
        int last = undisturbed.lastCall;
        int refused = 0;
        for (int call = 1; call < last; call += EVERY) {
            Life life = new Life();
            try {
                life.live(call);
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("the disk is full from call " + call + " on", e);
            }
            refused += life.refused;
        }
        assertThat(refused).isGreaterThan(last / EVERY / 2);
    }
}
