// SPDX-License-Identifier: Apache-2.0
package dev.narthex.scrape;

import static dev.narthex.scrape.ScrapeScenario.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.config.GlobalConfig;
import dev.narthex.config.ScrapeConfig;
import dev.narthex.exposition.ExpositionFormat;
import dev.narthex.http.BufferPool;
import dev.narthex.model.Labels;
import dev.narthex.storage.AppendResult;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.leak.ThreadAllocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import org.junit.jupiter.api.Test;

/** A target that says the same each time costs no memory. */
class SteadyScrapeAllocationTest {
    private static final int SCRAPES = 50;
    /** The measurement's own among them. */
    private static final long MOST_BYTES = 4096;

    /** Accepts everything and keeps nothing. */
    private static final class NullAppender implements Appender {
        private final AtomicLong samples = new AtomicLong();
        private long series;

        @Override
        public long series(Labels labels) {
            return ++series;
        }

        @Override
        public AppendResult append(long seriesRef, long timestampMs, double value) {
            samples.incrementAndGet();
            return AppendResult.ACCEPTED;
        }

        @Override
        public void commit() {}

        @Override
        public void rollback() {}

        @Override
        public void close() {}
    }

    @Test
    void turnsLinesInTheirOldPlaceIntoSamplesWithoutAllocating() throws IOException, JMException {
        byte[] body = ExpositionCorpus.resource("alltypes.237mfs.prom.txt");
        assertThat(allocatedBySteadyScrapes(ExpositionFormat.TEXT, body, IngestRules.DEFAULT, 1857))
                .isLessThan(MOST_BYTES);
    }

    @Test
    void needsNoMemoryForOpenMetricsWithItsExemplarsAndStartTimestamps() throws IOException, JMException {
        byte[] body = ExpositionCorpus.resource("alltypes.5mfs.om.txt");
        assertThat(allocatedBySteadyScrapes(ExpositionFormat.OPEN_METRICS, body, IngestRules.DEFAULT, 53))
                .isLessThan(MOST_BYTES);
        IngestRules rules = IngestRules.DEFAULT.withHandedOver(true, true);
        assertThat(allocatedBySteadyScrapes(ExpositionFormat.OPEN_METRICS, body, rules, 44))
                .isLessThan(MOST_BYTES);
    }

    @Test
    void needsNoMemoryForFloatsInProtobuf() throws IOException, JMException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < 100; i++) {
            MetricFamilyBytes histogram = new MetricFamilyBytes().varint(1, 5).fixed(2, 2.5);
            histogram.message(3, new MetricFamilyBytes().varint(1, 3).fixed(2, 0.25));
            MetricFamilyBytes metric = new MetricFamilyBytes().label("a", "b").message(7, histogram);
            body.writeBytes(new MetricFamilyBytes()
                    .text(1, "h" + i)
                    .text(2, "help")
                    .varint(3, 4)
                    .message(4, metric)
                    .delimited());
        }
        assertThat(allocatedBySteadyScrapes(ExpositionFormat.PROTOBUF, body.toByteArray(), IngestRules.DEFAULT, 400))
                .isLessThan(MOST_BYTES);
    }

    private static long allocatedBySteadyScrapes(ExpositionFormat format, byte[] body, IngestRules rules, int samples)
            throws JMException {
        NullAppender appender = new NullAppender();
        ScrapeConfig config = ScrapeConfig.of("j", GlobalConfig.DEFAULT);
        Labels labels = Labels.of("instance", "a:1", "job", "j");
        Target target = new Target(
                labels, labels, labels, URI.create("http://a:1"), Duration.ofSeconds(1), Duration.ofSeconds(1));
        SampleIngester ingester = new SampleIngester(new SeriesLabeler(target, config), rules);
        try (ScrapeWorkspace work = new ScrapeWorkspace(new BufferPool(1 << 20), 1)) {
            ingester.ingest(work, format, body, body.length, appender, 1);
            ingester.ingest(work, format, body, body.length, appender, 2);
            assertThat(appender.samples.get()).isEqualTo(2L * samples);

            assertThat(ThreadAllocation.bytes())
                    .as("the first call loads classes")
                    .isPositive();
            long before = ThreadAllocation.bytes();
            for (int i = 0; i < SCRAPES; i++) {
                ingester.ingest(work, format, body, body.length, appender, 3 + i);
            }
            long allocated = ThreadAllocation.bytes() - before;
            assertThat(appender.samples.get()).isEqualTo((2L + SCRAPES) * samples);
            return allocated;
        }
    }

    @Test
    void needsNoMoreForAScrapeOfAThousandLinesThanForOneLine() throws JMException {
        // Both are scraped at the same times: what the scheduler, the transaction and the view need is the same.
        long small = allocatedByScrapes("a 1\n");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            many.append("a{i=\"").append(i).append("\"} ").append(i).append(".5\n");
        }
        long large = allocatedByScrapes(many.toString());
        assertThat(large - small).isLessThan(SCRAPES * 256L);
    }

    private static long allocatedByScrapes(String body) throws JMException {
        NullAppender appender = new NullAppender();
        try (ScrapeScenario scenario = new ScrapeScenario(() -> appender)) {
            scenario.apply(job().target("a:1")).scrape(body).pass();
            scenario.client.keepNoRequests();
            long before = ThreadAllocation.bytes();
            for (int i = 0; i < SCRAPES; i++) {
                scenario.pass();
            }
            return ThreadAllocation.bytes() - before;
        }
    }
}
