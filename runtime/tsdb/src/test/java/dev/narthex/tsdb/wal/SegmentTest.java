// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.StorageFiles.StorageFile;
import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.testkit.random.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentTest {
    private static final Path SEGMENT = Path.of("/00000000");
    private static final int ROOM = WalLayout.PAGE_BYTES - WalLayout.HEADER_BYTES;

    private final FaultyFiles files = new FaultyFiles();

    private void write(List<byte[]> records) throws IOException {
        try (StorageFile file = files.openWrite(SEGMENT)) {
            SegmentWriter writer = new SegmentWriter(file, SegmentWriter.newStaging(), 0);
            for (byte[] record : records) {
                long before = writer.position();
                writer.append(record, 0, record.length, 0);
                assertThat(writer.position()).isEqualTo(SegmentWriter.endOf(before, record.length));
                writer.flush();
            }
        }
    }

    private List<byte[]> read() throws IOException {
        List<byte[]> found = new ArrayList<>();
        try (StorageFile file = files.openRead(SEGMENT)) {
            SegmentReader reader = new SegmentReader(file);
            while (reader.next()) {
                found.add(Arrays.copyOfRange(reader.record(), reader.offset(), reader.offset() + reader.length()));
            }
            damage = reader.damages();
            torn = reader.isTorn();
            goodEnd = reader.goodEnd();
        }
        return found;
    }

    private int damage;
    private boolean torn;
    private long goodEnd;

    private static byte[] record(int length, int fill) {
        byte[] record = new byte[length];
        Arrays.fill(record, (byte) fill);
        return record;
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                1,
                100,
                ROOM - 9,
                ROOM - 8,
                ROOM - 7,
                ROOM - 6,
                ROOM - 1,
                ROOM,
                ROOM + 1,
                ROOM + 7,
                ROOM + 8,
                2 * ROOM,
                2 * ROOM + 1,
                5 * ROOM + 3,
                700_000
            })
    void recordsOfEveryLengthComeBackWhereverTheyBegin(int length) throws IOException {
        List<byte[]> records = List.of(record(length, 1), record(5, 2), record(length, 3), record(length, 4));
        write(records);

        assertThat(read()).containsExactlyElementsOf(records);
        assertThat(damage).isZero();
        assertThat(torn).isFalse();
        assertThat(goodEnd).isEqualTo(files.content(SEGMENT).length);
    }

    @Test
    void fragmentsAreAsTheFormatSays() throws IOException {
        write(List.of("hello".getBytes(StandardCharsets.UTF_8)));
        // type 1, length 5, CRC-32C of "hello" 9a71bb4c, data
        assertThat(files.content(SEGMENT)).asHexString().isEqualTo("0100059A71BB4C68656C6C6F");
    }

    @Test
    void anEndCutAnywhereGivesTheRecordsBeforeItAndIsTorn() throws IOException {
        List<byte[]> records = List.of(record(40, 1), record(ROOM, 2), record(30, 3));
        write(records);
        byte[] whole = files.content(SEGMENT);
        int[] ends = {47, whole.length - 37, whole.length};
        for (int cut = 0; cut < whole.length; cut += cut < 60 || cut > whole.length - 60 ? 1 : 997) {
            files.put(SEGMENT, Arrays.copyOf(whole, cut));
            int expected = 0;
            while (ends[expected] <= cut) {
                expected++;
            }
            List<byte[]> found = read();
            assertThat(found).as("cut at %d", cut).containsExactlyElementsOf(records.subList(0, expected));
            assertThat(goodEnd).isEqualTo(expected == 0 ? 0 : ends[expected - 1]);
            assertThat(damage).isZero();
        }
    }

    @Test
    void damageCostsTheRecordsThatItTouchesAndNoMore() throws IOException {
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            records.add(record(3000, i));
        }
        write(records);
        byte[] whole = files.content(SEGMENT);
        Random random = Seed.of(SegmentTest.class).random();
        for (int run = 0; run < 200; run++) {
            byte[] hurt = whole.clone();
            int at = random.nextInt(hurt.length);
            hurt[at] ^= (byte) (1 << random.nextInt(8));
            files.put(SEGMENT, hurt);
            List<byte[]> found = read();
            assertThat(records).containsAll(found);
            assertThat(found.size()).as("flipped at %d", at).isBetween(records.size() - 12, records.size());
            assertThat(found.size() == records.size() || damage > 0 || torn).isTrue();
        }
    }

    @Test
    void dataDamageInAPageCostsOneRecord() throws IOException {
        List<byte[]> records = List.of(record(100, 1), record(100, 2), record(100, 3));
        write(records);
        files.flip(SEGMENT, 107 + 50, 4);

        assertThat(read()).containsExactly(records.get(0), records.get(2));
        assertThat(damage).isEqualTo(1);
    }

    @Test
    void zerosBehindTheLastRecordAreNoDamage() throws IOException {
        write(List.of(record(10, 1)));
        files.put(SEGMENT, Arrays.copyOf(files.content(SEGMENT), 2 * WalLayout.PAGE_BYTES));

        assertThat(read()).hasSize(1);
        assertThat(damage).isZero();
        assertThat(torn).isFalse();
    }
}
