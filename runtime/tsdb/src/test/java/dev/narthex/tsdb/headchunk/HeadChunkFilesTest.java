// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.headchunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.testkit.files.FaultyFiles;
import dev.narthex.tsdb.QuietLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(QuietLog.class)
class HeadChunkFilesTest {
    private static final Path DIRECTORY = Path.of("/data/chunks_head");
    private static final Path DAMAGED = Path.of("/data/damaged");
    private static final Path FIRST = DIRECTORY.resolve("000001");

    /** A chunk as a handler met it. */
    private record Met(long seriesRef, long mintMs, long maxtMs, int encoding, long reference, int dataBytes) {}

    private FaultyFiles files = new FaultyFiles();

    private HeadChunkRecovery.Result recover(List<Met> met) throws IOException {
        return new HeadChunkRecovery(files, DIRECTORY, DAMAGED)
                .run((ref, mint, maxt, encoding, reference, dataBytes) ->
                        met.add(new Met(ref, mint, maxt, encoding, reference, dataBytes)));
    }

    private HeadChunkFiles open(long maxFileBytes) throws IOException {
        return HeadChunkFiles.open(files, DIRECTORY, recover(new ArrayList<>()), maxFileBytes);
    }

    private static byte[] data(int number) {
        byte[] data = new byte[number * 37 % 300];
        Arrays.fill(data, (byte) number);
        return data;
    }

    private static Met append(HeadChunkFiles chunks, int number) throws IOException {
        byte[] data = data(number);
        int encoding = number % 3 == 0 ? 1 | HeadChunkLayout.OUT_OF_ORDER : 1 + number % 3;
        long reference = chunks.append(number, number * 10L, number * 10L + 9, encoding, data, 0, data.length);
        return new Met(number, number * 10L, number * 10L + 9, encoding, reference, data.length);
    }

    private List<Met> write(HeadChunkFiles chunks, int from, int count) throws IOException {
        List<Met> written = new ArrayList<>();
        for (int number = from; number < from + count; number++) {
            written.add(append(chunks, number));
        }
        chunks.flush();
        return written;
    }

    private static void assertReads(HeadChunkFiles chunks, List<Met> written) throws IOException {
        HeadChunkBuffer buffer = new HeadChunkBuffer();
        for (Met chunk : written) {
            assertThat(chunks.read(chunk.reference, chunk.dataBytes, buffer)).isTrue();
            int from = buffer.dataOffset();
            assertThat(Arrays.copyOfRange(buffer.bytes(), from, from + chunk.dataBytes))
                    .isEqualTo(data((int) chunk.seriesRef));
        }
    }

    @Test
    void chunksAreReadWhileTheirFileIsWrittenAndAfterTheNextStart() throws IOException {
        List<Met> written = new ArrayList<>();
        try (HeadChunkFiles chunks = open(HeadChunkLayout.MAX_FILE_BYTES)) {
            written.addAll(write(chunks, 1, 50));
            assertReads(chunks, written);
            written.addAll(write(chunks, 51, 50));
            assertReads(chunks, written);
        }
        List<Met> met = new ArrayList<>();
        HeadChunkRecovery.Result recovered = recover(met);
        assertThat(met).isEqualTo(written);
        assertThat(recovered.damage()).isEqualTo(new HeadChunkRecovery.Damage(0, 0, 0));
        try (HeadChunkFiles chunks = HeadChunkFiles.open(files, DIRECTORY, recovered)) {
            assertReads(chunks, written);
            List<Met> more = write(chunks, 101, 3);
            assertThat(HeadChunkLayout.file(more.getFirst().reference)).isEqualTo(2);
            assertReads(chunks, more);
            assertThat(chunks.count()).isEqualTo(2);
        }
        files.assertNoOpenFiles();
    }

    @Test
    void filesEndAtTheirSizeAndGoWhenTheirSamplesAreTooOld() throws IOException {
        try (HeadChunkFiles chunks = open(HeadChunkFiles.STAGING_BYTES + 3000)) {
            List<Met> written = new ArrayList<>();
            for (int number = 1; number <= 100; number++) {
                written.addAll(write(chunks, number, 1));
            }
            int last = HeadChunkLayout.file(written.getLast().reference);
            assertThat(last).isGreaterThan(3);
            assertThat(chunks.count()).isEqualTo(last);
            long before = chunks.sizeBytes();
            long keptFrom = written.stream()
                    .filter(chunk -> HeadChunkLayout.file(chunk.reference) == 3)
                    .findFirst()
                    .orElseThrow()
                    .mintMs;
            assertThat(chunks.truncate(keptFrom)).isEqualTo(2);
            assertThat(files.list(DIRECTORY)).first().isEqualTo("000003");
            assertThat(chunks.sizeBytes()).isLessThan(before);
            assertThat(chunks.read(written.getFirst().reference, written.getFirst().dataBytes, new HeadChunkBuffer()))
                    .isFalse();
            assertThat(chunks.truncate(Long.MAX_VALUE)).isEqualTo(last - 3);
            assertReads(chunks, List.of(written.getLast()));
        }
    }

    @Test
    void aFailedWriteLeavesNothingBehindAndTheNextOneSucceeds() throws IOException {
        List<Met> written;
        try (HeadChunkFiles chunks = open(HeadChunkLayout.MAX_FILE_BYTES)) {
            written = new ArrayList<>(write(chunks, 1, 5));
            files.tearCall(files.calls() + 1, 20);
            assertThatThrownBy(() -> write(chunks, 6, 5)).isInstanceOf(IOException.class);
            files.heal();
            written.addAll(write(chunks, 6, 5));
            assertReads(chunks, written);
            files.tearCall(files.calls() + 1, 20).failCall(files.calls() + 2);
            assertThatThrownBy(() -> write(chunks, 11, 5)).isInstanceOf(IOException.class);
            files.heal();
            written.addAll(write(chunks, 11, 5));
            assertReads(chunks, written);
        }
        List<Met> met = new ArrayList<>();
        assertThat(recover(met).damage()).isEqualTo(new HeadChunkRecovery.Damage(0, 0, 0));
        assertThat(met).isEqualTo(written);
    }

    /** What the files of a good run hold. */
    private List<Met> threeFiles() throws IOException {
        List<Met> written = new ArrayList<>();
        for (int file = 0; file < 3; file++) {
            try (HeadChunkFiles chunks = open(HeadChunkLayout.MAX_FILE_BYTES)) {
                written.addAll(write(chunks, 1 + 4 * file, 4));
            }
        }
        return written;
    }

    @Test
    void aFileThatIsCutAnywhereKeepsTheChunksBefore() throws IOException {
        threeFiles();
        byte[] last = files.content(DIRECTORY.resolve("000003"));
        for (int size = 0; size < last.length; size++) {
            files = new FaultyFiles();
            List<Met> written = threeFiles();
            files.put(DIRECTORY.resolve("000003"), Arrays.copyOf(last, size));
            List<Met> met = new ArrayList<>();
            HeadChunkRecovery.Result recovered = recover(met);
            assertThat(met).hasSizeBetween(8, 11).isEqualTo(written.subList(0, met.size()));
            assertThat(recovered.damage().damagedFiles()).isZero();
            try (HeadChunkFiles chunks = HeadChunkFiles.open(files, DIRECTORY, recovered)) {
                assertReads(chunks, met);
                write(chunks, 20, 1);
            }
            assertThat(files.list(DIRECTORY)).contains("000001", "000002", "000003");
            List<Met> again = new ArrayList<>();
            assertThat(recover(again).damage()).isEqualTo(new HeadChunkRecovery.Damage(0, 0, 0));
            assertThat(again).hasSize(met.size() + 1);
        }
    }

    @Test
    void aFlippedBitAnywhereEndsTheChunksBeforeItAndIsReported() throws IOException {
        threeFiles();
        int size = files.content(FIRST).length;
        for (int at = 0; at < size; at++) {
            files = new FaultyFiles();
            List<Met> written = threeFiles();
            files.flip(FIRST, at, 1 << at % 8);
            List<Met> met = new ArrayList<>();
            HeadChunkRecovery.Result recovered = recover(met);
            if (at >= 5 && at < 8) {
                assertThat(met).isEqualTo(written); // padding
                continue;
            }
            assertThat(met).hasSizeLessThan(4).isEqualTo(written.subList(0, met.size()));
            assertThat(recovered.damage()).isEqualTo(new HeadChunkRecovery.Damage(0, 1, 2));
            assertThat(files.list(DAMAGED)).hasSize(3);
            List<Met> again = new ArrayList<>();
            assertThat(recover(again).damage()).isEqualTo(new HeadChunkRecovery.Damage(0, 0, 0));
            assertThat(again).isEqualTo(met);
        }
    }

    @Test
    void whatIsDamagedLaterIsAnErrorOfTheReadAndNoWrongData() throws IOException {
        try (HeadChunkFiles chunks = open(HeadChunkLayout.MAX_FILE_BYTES)) {
            List<Met> written = write(chunks, 1, 2);
            files.flip(FIRST, (int) HeadChunkLayout.offset(written.get(1).reference) + 30, 4);
            assertReads(chunks, written.subList(0, 1));
            assertThatThrownBy(() -> assertReads(chunks, written))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("000001: the checksum of the head chunk at offset");
        }
    }

    @Test
    void behindAMissingFileTheOthersAreGivenUp() throws IOException {
        List<Met> written = threeFiles();
        files.delete(DIRECTORY.resolve("000002"));
        List<Met> met = new ArrayList<>();
        HeadChunkRecovery.Result recovered = recover(met);
        assertThat(met).isEqualTo(written.subList(0, 4));
        assertThat(recovered.damage().givenUpFiles()).isEqualTo(1);
        assertThat(recovered.nextNumber()).isEqualTo(2);
        assertThat(files.list(DAMAGED)).containsExactly("chunks_head-000003-1");
    }

    @Test
    void zerosThatWereReservedAreNoChunks() throws IOException {
        List<Met> written = threeFiles();
        byte[] last = files.content(DIRECTORY.resolve("000003"));
        files.put(DIRECTORY.resolve("000003"), Arrays.copyOf(last, 1 << 19));
        List<Met> met = new ArrayList<>();
        assertThat(recover(met).damage()).isEqualTo(new HeadChunkRecovery.Damage(0, 0, 0));
        assertThat(met).isEqualTo(written);
    }

    @Test
    void everyFileCallOfTheRecoveryMayFail() throws IOException {
        for (int call = 1; ; call++) {
            files = new FaultyFiles();
            List<Met> written = threeFiles();
            files.flip(DIRECTORY.resolve("000002"), 60, 1);
            int before = files.calls();
            files.failCall(before + call);
            boolean failed = false;
            try {
                recover(new ArrayList<>());
            } catch (IOException e) {
                failed = true;
                files.assertNoOpenFiles();
            }
            if (!failed) {
                assertThat(call).isGreaterThan(15);
                break;
            }
            files.heal();
            List<Met> met = new ArrayList<>();
            recover(met);
            assertThat(met).isEqualTo(written.subList(0, 4));
        }
    }
}
