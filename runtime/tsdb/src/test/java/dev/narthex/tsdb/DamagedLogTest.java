// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.MemoryAccount;
import dev.narthex.model.Labels;
import dev.narthex.storage.Appender;
import dev.narthex.testkit.files.FaultyFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A small log, cut at each byte and with a bit flipped in each byte. */
@ExtendWith(QuietLog.class)
class DamagedLogTest {
    private static final Path SEGMENT = TsdbFixture.DATA.resolve("wal/00000000");
    private static final int COMMITS = 4;

    private final TsdbFixture db = new TsdbFixture();
    private byte[] log = {};
    private Map<String, List<String>> whole = Map.of();
    private long start;

    /** Three series, a new one in each second commit. */
    @BeforeEach
    void write() throws IOException {
        db.open();
        start = db.nowMs();
        for (int i = 0; i < COMMITS; i++) {
            try (Appender appender = db.tsdb.appender()) {
                for (int s = 0; s <= i / 2; s++) {
                    appender.append(appender.series(Labels.of("__name__", "m", "s", "s" + s)), start + i, i * 1.5);
                }
                appender.commit();
            }
        }
        whole = db.all();
        log = db.faulty().content(SEGMENT);
        db.close();
    }

    private Map<String, List<String>> openOn(byte[] segment) throws IOException {
        FaultyFiles files = new FaultyFiles();
        files.put(SEGMENT, segment);
        db.files = files;
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        return db.all();
    }

    private void assertPartOfTheWhole(Map<String, List<String>> found) {
        found.forEach((labels, samples) -> assertThat(whole.get(labels)).containsAll(samples));
    }

    /** It goes on, and a second start finds nothing wrong any more. */
    private void assertMended(Map<String, List<String>> found) throws IOException {
        Labels more = Labels.of("__name__", "more");
        db.append(more, start + 100, 1);
        Map<String, List<String>> now = db.all();
        db.killAndRestart();
        assertThat(db.all()).isEqualTo(now).hasSize(found.size() + 1);
        TsdbStats stats = db.tsdb.stats();
        assertThat(stats.walDamage().tornTails()).isZero();
        assertThat(stats.walDamage().damages()).isZero();
        db.close();
        assertThat(db.memory.bytes()).isZero();
    }

    @Test
    void cutAnywhereItHasWhatCameBefore() throws IOException {
        int last = -1;
        for (int cut = 0; cut <= log.length; cut++) {
            Map<String, List<String>> found = openOn(Arrays.copyOf(log, cut));
            assertPartOfTheWhole(found);
            int samples = found.values().stream().mapToInt(List::size).sum();
            assertThat(samples).isGreaterThanOrEqualTo(last);
            last = samples;
            assertMended(found);
        }
        assertThat(last).isEqualTo(whole.values().stream().mapToInt(List::size).sum());
    }

    @Test
    void withABitFlippedAnywhereNothingIsWrongAndLossesAreCounted() throws IOException {
        for (int at = 0; at < log.length; at++) {
            byte[] hurt = log.clone();
            hurt[at] ^= (byte) (1 << at % 8);
            Map<String, List<String>> found = openOn(hurt);
            assertPartOfTheWhole(found);
            TsdbStats stats = db.tsdb.stats();
            int damages = stats.walDamage().damages() + stats.walDamage().tornTails();
            if (at < log.length) {
                assertThat(damages).as("flipped at %d", at).isPositive();
            }
            if (stats.walDamage().damagedSegments() > 0) {
                Path copy = TsdbFixture.DATA.resolve("damaged/wal-00000000-1");
                assertThat(db.faulty().content(copy)).isEqualTo(hurt);
            }
            assertMended(found);
        }
    }

    @Test
    void damageInTheMiddleKeepsWhatStandsBehindIt() throws IOException {
        // The record of the samples of the third commit: one flip in its data.
        byte[] hurt = log.clone();
        int record = 0;
        int at = 0;
        while (record < 4) {
            at += 7 + ((hurt[at + 1] & 0xff) << 8 | (hurt[at + 2] & 0xff));
            record++;
        }
        hurt[at + 12] ^= 1;
        Map<String, List<String>> found = openOn(hurt);
        int lost = whole.values().stream().mapToInt(List::size).sum()
                - found.values().stream().mapToInt(List::size).sum();
        assertThat(lost).isBetween(1, 3);
        assertThat(found.get("{__name__=\"m\", s=\"s0\"}"))
                .contains((start + COMMITS - 1) + "=" + TsdbFixture.text(4.5));
        assertMended(found);
    }

    @Test
    void aMissingSegmentIsReportedAndTheRestIsRead() throws IOException {
        FaultyFiles files = new FaultyFiles();
        files.put(SEGMENT, log);
        files.put(TsdbFixture.DATA.resolve("wal/00000002"), new byte[0]);
        db.files = files;
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        assertThat(db.all()).isEqualTo(whole);
        assertThat(db.tsdb.stats().walDamage().missingSegments()).isEqualTo(1);
        assertThat(db.tsdb.stats().walSegment()).isEqualTo(3);
        db.close();
    }

    @Test
    void unfinishedWorkOfACrashIsRemoved() throws IOException {
        FaultyFiles files = new FaultyFiles();
        files.put(SEGMENT, log);
        files.put(TsdbFixture.DATA.resolve("wal/checkpoint.00000000.tmp/00000000"), log);
        files.put(TsdbFixture.DATA.resolve("wal/00000000.tmp"), log);
        db.files = files;
        db.memory = new MemoryAccount(Long.MAX_VALUE);
        db.open();
        assertThat(db.all()).isEqualTo(whole);
        assertThat(files.list(TsdbFixture.DATA.resolve("wal"))).containsExactly("00000000", "00000001");
        db.close();
    }

    @Test
    void recordsOfTypesThatAreNotUsedAreCounted() throws IOException {
        // A whole fragment with a record of type 99, which nobody knows, checksum of its two bytes.
        byte[] unknown = {1, 0, 2, 0, 0, 0, 0, 99, 0};
        CRC32C crc = new CRC32C();
        crc.update(unknown, 7, 2);
        ByteBuffer.wrap(unknown).putInt(3, (int) crc.getValue());
        byte[] more = Arrays.copyOf(log, log.length + unknown.length);
        System.arraycopy(unknown, 0, more, log.length, unknown.length);

        assertThat(openOn(more)).isEqualTo(whole);
        assertThat(db.tsdb.stats().replay().unusedRecords()).isEqualTo(1);
        db.close();
        assertThat(Arrays.copyOf(db.faulty().content(SEGMENT), more.length)).isEqualTo(more);
    }
}
