// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import dev.narthex.memory.LocalFiles;
import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.time.SystemScheduler;
import dev.narthex.storage.Queryable;
import dev.narthex.tsdb.Tsdb;
import dev.narthex.tsdb.TsdbConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Our own database on the blocks of a real Prometheus: not only the same samples, but in the same chunks. */
final class OurDatabase implements AutoCloseable {
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final SystemScheduler scheduler = new SystemScheduler("differential");
    private final Tsdb tsdb;

    OurDatabase(Path directory) throws IOException {
        this.tsdb =
                Tsdb.open(TsdbConfig.defaults(directory, new LocalFiles(), scheduler, new MemoryAccount(Long.MAX_VALUE))
                        .with(config -> {
                            config.retention = FOREVER;
                            config.compaction = false;
                        }));
    }

    Queryable queryable() {
        return tsdb;
    }

    @Override
    public void close() throws IOException {
        try {
            tsdb.close();
        } finally {
            scheduler.close();
        }
    }
}
