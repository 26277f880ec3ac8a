// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Exemplar;
import dev.narthex.model.Labels;
import dev.narthex.model.NativeHistogram;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.storage.Appender;
import dev.narthex.tsdb.chunk.RandomHistograms;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Semaphore;

/**
 * A process that writes while it replays its log, until it is killed. Transaction n gives each of some series the value n at
 * the start time + n ms, floats and histograms, in order to some series and late to others, and an exemplar. It says on
 * standard output which transactions have been acknowledged. A segment of the log is replayed with every ten of them, so
 * most kills come before the end of the replay.
 */
final class ReplayingWriter {
    static final int SERIES = 4;
    static final long START_MS = 1_767_225_600_000L;
    /** The first sample of the late series, so that all others are late. */
    static final long NEWEST_MS = START_MS + Duration.ofHours(1).toMillis();

    private static final int TRANSACTIONS_PER_SEGMENT = 10;

    private ReplayingWriter() {}

    static Labels series(String kind, int number) {
        return Labels.of("__name__", kind, "s", Integer.toString(number));
    }

    static TsdbConfig config(Path directory, SystemScheduler scheduler) {
        return TsdbConfig.defaults(directory, new LocalFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE))
                .withRetention(Duration.ofDays(10_000))
                .withWalSegmentBytes(64 << 10)
                .with(b -> b.outOfOrderWindow = Duration.ofDays(1));
    }

    /** Arguments: the data directory, the number of the first transaction. */
    public static void main(String[] arguments) throws IOException {
        SystemScheduler scheduler = new SystemScheduler("writer");
        Semaphore written = new Semaphore(0);
        Tsdb tsdb = Tsdb.begin(config(Path.of(arguments[0]), scheduler)
                .with(b -> b.replayProgress = (_, _, _) -> written.acquireUninterruptibly(TRANSACTIONS_PER_SEGMENT)));
        Thread.ofPlatform().start(() -> {
            try {
                tsdb.replay();
                System.out.println("replayed");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        NativeHistogram histogram = new RandomHistograms(new Random(1), true).next();
        int transaction = Integer.parseInt(arguments[1]);
        if (transaction == 0) {
            write(tsdb, NEWEST_MS, -1, histogram, true);
        }
        while (true) {
            write(tsdb, START_MS + transaction, transaction, histogram, false);
            System.out.println(transaction);
            transaction++;
            written.release();
        }
    }

    private static void write(Tsdb tsdb, long timeMs, int value, NativeHistogram histogram, boolean lateOnly)
            throws IOException {
        try (Appender appender = tsdb.appender()) {
            for (int s = 0; s < SERIES; s++) {
                append(appender, series("late_floats", s), timeMs, value);
                append(appender, series("late_histograms", s), timeMs, histogram);
                if (!lateOnly) {
                    append(appender, series("floats", s), timeMs, value);
                    append(appender, series("histograms", s), timeMs, histogram);
                }
            }
            if (!lateOnly) {
                long ref = appender.series(series("floats", 0));
                appender.append(ref, new Exemplar(Labels.of("n", Integer.toString(value)), value, timeMs));
            }
            appender.commit();
        }
    }

    private static void append(Appender appender, Labels labels, long timeMs, double value) {
        accepted(appender.append(appender.series(labels), timeMs, value).isAccepted());
    }

    private static void append(Appender appender, Labels labels, long timeMs, NativeHistogram histogram) {
        accepted(appender.append(appender.series(labels), timeMs, histogram).isAccepted());
    }

    private static void accepted(boolean accepted) {
        if (!accepted) {
            throw new AssertionError("a sample was refused");
        }
    }
}
