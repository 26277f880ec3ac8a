// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Exemplar;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.model.Metadata;
import dev.narthex.model.MetricType;
import dev.narthex.storage.Appender;
import dev.narthex.storage.ExemplarSeries;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.tsdb.chunk.RandomHistograms;
import dev.narthex.tsdb.wal.WalCompression;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A log with records of all types, cut and hurt at every byte: what is read was written, and nothing fails. */
@ExtendWith(QuietLog.class)
class DamagedRecordsTest {
    private static final Path SEGMENT = TsdbFixture.DATA.resolve("wal/00000000");
    private static final List<LabelMatcher> ALL = List.of(LabelMatcher.of(MatchOp.REGEX, "__name__", ".+"));

    private final TsdbFixture db = new TsdbFixture();
    private byte[] log = {};
    private Map<String, List<String>> whole = Map.of();
    private List<ExemplarSeries> exemplars = List.of();
    private Map<Labels, Metadata> metadata = Map.of();

    private void write(WalCompression compression) throws IOException {
        db.compression = compression;
        db.open();
        Random random = new Random(5);
        RandomHistograms integers = new RandomHistograms(random, false);
        RandomHistograms floats = new RandomHistograms(random, true);
        for (int i = 0; i < 4; i++) {
            try (Appender appender = db.tsdb.appender()) {
                long ref = appender.series(Labels.of("__name__", "a"));
                appender.metadata(ref, new Metadata(MetricType.COUNTER, "", "Things counted " + i));
                appender.append(ref, db.nowMs() + i, i);
                appender.append(ref, new Exemplar(Labels.of("trace_id", "t" + i), i, db.nowMs() + i));
                appender.append(appender.series(Labels.of("__name__", "h")), db.nowMs() + i, integers.next());
                appender.append(appender.series(Labels.of("__name__", "f")), db.nowMs() + i, floats.next());
                appender.commit();
            }
        }
        whole = HistogramHeadTest.read(db.tsdb, Long.MIN_VALUE, Long.MAX_VALUE);
        exemplars = db.tsdb.exemplars().exemplars(Long.MIN_VALUE, Long.MAX_VALUE, List.of(ALL));
        metadata = db.tsdb.metadata(ALL);
        log = db.faulty().content(SEGMENT);
        db.close();
        assertThat(whole).hasSize(3);
        assertThat(exemplars.getFirst().exemplars()).hasSize(4);
        assertThat(metadata).hasSize(1);
    }

    private void assertReadsPartOf(byte[] segment) throws IOException {
        FaultyFiles files = new FaultyFiles();
        files.put(SEGMENT, segment);
        db.files = files;
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        HistogramHeadTest.read(db.tsdb, Long.MIN_VALUE, Long.MAX_VALUE)
                .forEach((labels, samples) -> assertThat(whole.get(labels)).containsAll(samples));
        for (ExemplarSeries found : db.tsdb.exemplars().exemplars(Long.MIN_VALUE, Long.MAX_VALUE, List.of(ALL))) {
            assertThat(exemplars.getFirst().exemplars()).containsAll(found.exemplars());
        }
        assertThat(db.tsdb.metadata(ALL).size()).isLessThanOrEqualTo(1);
        db.close();
        assertThat(db.memory.bytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void cutAnywhere(WalCompression compression) throws IOException {
        write(compression);
        for (int cut = 0; cut <= log.length; cut++) {
            assertReadsPartOf(Arrays.copyOf(log, cut));
        }
        assertReadsPartOf(log);
    }

    @ParameterizedTest
    @EnumSource
    void aBitFlippedAnywhere(WalCompression compression) throws IOException {
        write(compression);
        for (int at = 0; at < log.length; at++) {
            byte[] hurt = log.clone();
            hurt[at] ^= (byte) (1 << at % 8);
            assertReadsPartOf(hurt);
        }
    }
}
