// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import dev.narthex.model.HistogramSample;
import dev.narthex.promql.promqltest.MemoryStorage;
import dev.narthex.promql.syntax.PromqlFeature;
import dev.narthex.storage.Queryable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;

/**
 * A real Prometheus with random data, and our own database on its blocks.
 *
 * @param database closed with this
 */
record BothDatabases(RealPrometheus prometheus, OurDatabase database) implements AutoCloseable {
    private static final int ATTEMPTS = 20;

    /**
     * Makes both. Of some series of native histograms a Prometheus cannot take a snapshot ("float histogram schema
     * change"): then there are other ones.
     *
     * @param histograms whether there are native histograms
     */
    static BothDatabases start(Path directory, Set<PromqlFeature> features, Random random, boolean histograms)
            throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            MemoryStorage storage = RandomData.generate(random);
            if (!histograms) {
                storage.series()
                        .values()
                        .removeIf(samples -> samples.values().stream().anyMatch(HistogramSample.class::isInstance));
            }
            RealPrometheus prometheus =
                    RealPrometheus.start(Files.createDirectories(directory.resolve("attempt" + attempt)), features);
            try {
                return new BothDatabases(prometheus, new OurDatabase(prometheus.load(storage)));
            } catch (IOException e) {
                prometheus.close();
                if (attempt == ATTEMPTS || !String.valueOf(e.getMessage()).contains("schema change")) {
                    throw e;
                }
            }
        }
    }

    Queryable queryable() {
        return database.queryable();
    }

    @Override
    public void close() throws IOException {
        try {
            database.close();
        } finally {
            prometheus.close();
        }
    }
}
