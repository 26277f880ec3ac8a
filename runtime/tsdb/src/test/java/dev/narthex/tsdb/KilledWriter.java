// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.storage.Appender;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process that writes until it is killed: transaction n gives every series the value n at the start time + n ms. It
 * says on standard output which transactions have been acknowledged.
 */
final class KilledWriter {
    static final int SERIES = 50;
    static final long START_MS = 1_767_225_600_000L;

    private KilledWriter() {}

    static Labels series(int number) {
        return Labels.of("__name__", "m", "s", Integer.toString(number));
    }

    static TsdbConfig config(Path directory, SystemScheduler scheduler) {
        return TsdbConfig.defaults(directory, new LocalFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE))
                .withRetention(Duration.ofDays(10_000))
                .withRetentionBytes(2 << 20)
                .withWalSegmentBytes(256 << 10);
    }

    /** Arguments: the data directory, the number of the first transaction. */
    public static void main(String[] arguments) throws IOException {
        SystemScheduler scheduler = new SystemScheduler("writer");
        int transaction = Integer.parseInt(arguments[1]);
        Tsdb tsdb = Tsdb.open(config(Path.of(arguments[0]), scheduler));
        while (true) {
            try (Appender appender = tsdb.appender()) {
                for (int s = 0; s < SERIES; s++) {
                    appender.append(appender.series(series(s)), START_MS + transaction, transaction);
                }
                appender.commit();
            }
            System.out.println(transaction);
            transaction++;
            if (transaction % 200 == 0) {
                tsdb.maintain();
            }
        }
    }
}
