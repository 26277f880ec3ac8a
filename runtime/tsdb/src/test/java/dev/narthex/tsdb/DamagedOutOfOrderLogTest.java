// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.files.FaultyFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A small log of samples out of order, with a chunk in a file, cut at each byte and with a bit flipped in each byte. */
@ExtendWith(QuietLog.class)
class DamagedOutOfOrderLogTest {
    private static final Path WAL = TsdbFixture.DATA.resolve("wal/00000000");
    private static final Path WBL = TsdbFixture.DATA.resolve("wbl/00000000");
    private static final Path CHUNKS = TsdbFixture.DATA.resolve("chunks_head/000001");
    private static final Labels A = Labels.of("__name__", "a");
    private static final Labels B = Labels.of("__name__", "b");

    private final TsdbFixture db = new TsdbFixture();
    private byte[] wal = {};
    private byte[] wbl = {};
    private byte[] chunks = {};
    private Map<String, List<String>> whole = Map.of();
    private long start;

    /** One series with a full chunk, which is in a file, and some more; another one with a few. */
    @BeforeEach
    void write() throws IOException {
        db.outOfOrderWindow = Duration.ofHours(1);
        db.open();
        start = db.nowMs();
        db.append(A, start, 0);
        db.append(B, start, 0);
        try (Appender appender = db.tsdb.appender()) {
            long ref = appender.series(A);
            for (int i = 1; i <= 33; i++) {
                appender.append(ref, start - 1000L * ((i * 7) % 37), i);
            }
            appender.commit();
        }
        db.tsdb.maintain();
        db.append(B, start - 7000, 1);
        db.append(A, start - 70_000, 7);
        whole = db.all();
        wal = db.faulty().content(WAL);
        wbl = db.faulty().content(WBL);
        chunks = db.faulty().content(CHUNKS);
        db.close();
        assertThat(chunks.length).isGreaterThan(40);
    }

    private Map<String, List<String>> openOn(byte[] log, byte[] files) throws IOException {
        FaultyFiles there = new FaultyFiles();
        there.put(WAL, wal);
        there.put(WBL, log);
        there.put(CHUNKS, files);
        db.files = there;
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        return db.all();
    }

    private void assertPartOfTheWhole(Map<String, List<String>> found) {
        found.forEach((labels, samples) -> assertThat(whole.get(labels)).containsAll(samples));
        assertThat(found).hasSize(2);
    }

    /** It goes on, and a second start finds nothing wrong any more. */
    private void assertMended() throws IOException {
        db.append(B, start - 9000, 3);
        Map<String, List<String>> now = db.all();
        db.restart();
        assertThat(db.all()).isEqualTo(now);
        assertThat(db.tsdb.stats().wbl().damage().tornTails()).isZero();
        assertThat(db.tsdb.stats().wbl().damage().damages()).isZero();
        db.close();
        assertThat(db.memory.bytes()).isZero();
        db.faulty().assertNoOpenFiles();
    }

    @Test
    void cutAnywhereItHasWhatCameBefore() throws IOException {
        int last = -1;
        for (int cut = 0; cut <= wbl.length; cut++) {
            Map<String, List<String>> found = openOn(Arrays.copyOf(wbl, cut), chunks);
            assertPartOfTheWhole(found);
            int samples = found.values().stream().mapToInt(List::size).sum();
            assertThat(samples).as("cut at %d", cut).isGreaterThanOrEqualTo(last);
            last = samples;
            assertMended();
        }
        assertThat(last).isEqualTo(whole.values().stream().mapToInt(List::size).sum());
    }

    @Test
    void withABitFlippedAnywhereNothingIsWrongAndLossesAreCounted() throws IOException {
        for (int at = 0; at < wbl.length; at++) {
            byte[] hurt = wbl.clone();
            hurt[at] ^= (byte) (1 << at % 8);
            assertPartOfTheWhole(openOn(hurt, chunks));
            var damage = db.tsdb.stats().wbl().damage();
            assertThat(damage.damages() + damage.tornTails())
                    .as("flipped at %d", at)
                    .isPositive();
            if (damage.damagedSegments() > 0) {
                Path copy = TsdbFixture.DATA.resolve("damaged/wbl-00000000-1");
                assertThat(db.faulty().content(copy)).isEqualTo(hurt);
            }
            assertMended();
        }
    }

    /** What a chunk holds stands in the log as well: whatever becomes of the file, nothing is lost. */
    @Test
    void withoutTheChunkTheLogHasAll() throws IOException {
        for (int at = 0; at < chunks.length; at++) {
            byte[] hurt = chunks.clone();
            hurt[at] ^= (byte) (1 << at % 8);
            assertThat(openOn(wbl, hurt)).as("flipped at %d", at).isEqualTo(whole);
            db.close();
            assertThat(openOn(wbl, Arrays.copyOf(chunks, at)))
                    .as("cut at %d", at)
                    .isEqualTo(whole);
            db.close();
        }
    }
}
