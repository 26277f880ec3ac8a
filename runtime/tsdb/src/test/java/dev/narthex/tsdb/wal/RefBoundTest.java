// SPDX-License-Identifier: Apache-2.0
package dev.narthex.tsdb.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narthex.memory.StorageFiles;
import dev.narthex.testkit.files.FaultyFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What the beginning of a segment tells of the series references in the log. */
class RefBoundTest {
    private static final Path WAL = Path.of("/data/wal");

    private FaultyFiles files = new FaultyFiles();

    private Wal open(WalStart start) throws IOException {
        makeDirectory();
        return Wal.open(
                files, WAL, 1 << 20, start.nextNumber(), start.greatestRef(), WalCompression.NONE, Runnable::run);
    }

    private void makeDirectory() throws IOException {
        files.createDirectories(WAL);
        files.syncDirectory(Path.of("/"));
        files.syncDirectory(Path.of("/data"));
    }

    private static WalBatch series(long ref) {
        WalBatch batch = new WalBatch();
        batch.begin(RecordType.SERIES);
        byte[] into = batch.putSeriesRef(ref, 8);
        byte[] labels = {1, 1, 'a', 1, 'b'};
        System.arraycopy(labels, 0, into, batch.position(), labels.length);
        batch.setPosition(batch.position() + labels.length);
        batch.end();
        return batch;
    }

    @Test
    void aNewLogHasNoReferences() throws IOException {
        assertThat(WalStart.of(files, WAL)).isEqualTo(new WalStart(0, 0, 0, 0));
    }

    @Test
    void noReferenceOfALogIsGreaterThanWhatItsNewestSegmentTells() throws IOException {
        long ref = 1;
        for (int run = 0; run < 5; run++) {
            WalStart start = WalStart.of(files, WAL);
            assertThat(start.nextNumber()).isEqualTo(3 * run);
            assertThat(start.greatestRef()).isGreaterThanOrEqualTo(ref - 1);
            ref = start.greatestRef() + 1;
            Wal wal = open(start);
            wal.write(series(ref), 0);
            wal.write(series(ref + 1), 0);
            assertThat(wal.currentNumber()).isEqualTo(3 * run);
            ref += 1_000_000;
            wal.write(series(ref), 0); // farther than the segment tells
            assertThat(wal.currentNumber()).isEqualTo(3 * run + 1);
            wal.nextSegment(); // and one that stays empty
            files = files.kill();
            assertThat(WalStart.of(files, WAL).greatestRef()).isGreaterThanOrEqualTo(ref);
        }
    }

    @Test
    void aPowerCutTakesNoReferenceAwayWithoutThoseBehindIt() throws IOException {
        Wal wal = open(WalStart.of(files, WAL));
        wal.write(series(7), 0);
        files = files.cutPower();
        assertThat(WalStart.of(files, WAL).greatestRef()).isGreaterThanOrEqualTo(7);
    }

    @Test
    void segmentsOfReplaysThatDidNotEndAreKnownByTheirBeginning() throws IOException {
        try (Wal wal = open(WalStart.of(files, WAL))) {
            wal.write(series(1), 0);
        }
        assertThat(WalStart.of(files, WAL).uncheckedNumber()).isEqualTo(1);
        for (int run = 1; run < 3; run++) {
            Wal wal = open(WalStart.of(files, WAL));
            wal.beginUnchecked();
            wal.write(series(1 + run), 0);
            files = files.kill();
            assertThat(WalStart.of(files, WAL).uncheckedNumber()).isEqualTo(1);
        }
        open(WalStart.of(files, WAL)); // wrote nothing before it was killed
        files = files.kill();
        assertThat(WalStart.of(files, WAL).uncheckedNumber()).isEqualTo(1);
        try (Wal wal = open(WalStart.of(files, WAL))) {
            wal.beginUnchecked();
            wal.endUnchecked(true);
            assertThat(WalStart.of(files, WAL).uncheckedNumber()).isEqualTo(5);
        }
        Wal wal = open(WalStart.of(files, WAL));
        wal.beginUnchecked();
        wal.write(series(3), 0);
        assertThat(WalStart.of(files, WAL).uncheckedNumber()).isEqualTo(5);
        wal.endUnchecked(false);
        assertThat(wal.currentNumber()).isEqualTo(6);
        assertThat(WalStart.of(files, WAL).uncheckedNumber()).isEqualTo(7);
        wal.close();
        // Torn by a power cut, it tells as little as one that is empty: what comes next finds the same.
        byte[] told = files.content(WAL.resolve("00000006"));
        for (int length = 0; length < 24; length++) {
            write(WAL.resolve("00000006"), Arrays.copyOf(told, length));
            assertThat(WalStart.of(files, WAL).uncheckedNumber()).isEqualTo(5);
        }
        write(WAL.resolve("00000006"), new byte[1 << 15]);
        assertThat(WalStart.of(files, WAL).uncheckedNumber()).isEqualTo(5);
        write(WAL.resolve("00000006"), told);
        try (Wal quiet = open(WalStart.of(files, WAL))) {
            quiet.beginUnchecked();
            quiet.endUnchecked(false);
            assertThat(quiet.sizeBytes()).isZero(); // nothing was written meanwhile, so nothing needs to be said
        }
    }

    @Test
    void aSegmentThatBeginsOtherwiseTellsNothing() throws IOException {
        makeDirectory();
        try (Wal wal = Wal.open(files, WAL, 1 << 20, 0, Wal.NO_BOUNDS, WalCompression.NONE, Runnable::run)) {
            wal.write(series(7), 0);
        }
        assertThat(WalStart.of(files, WAL).isRefKnown()).isFalse();
    }

    @Test
    void aDamagedBeginningTellsNothing() throws IOException {
        try (Wal wal = open(WalStart.of(files, WAL))) {
            wal.write(series(7), 0);
        }
        Path segment = WAL.resolve("00000000");
        byte[] good = files.content(segment);
        assertThat(WalStart.of(files, WAL).isRefKnown()).isTrue();
        for (int bit = 0; bit < 8 * (WalLayout.HEADER_BYTES + 17); bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            write(segment, bad);
            assertThat(WalStart.of(files, WAL).isRefKnown()).as("bit %s", bit).isFalse();
        }
        for (int length = 1; length < WalLayout.HEADER_BYTES + 17; length++) {
            write(segment, Arrays.copyOf(good, length));
            assertThat(WalStart.of(files, WAL).isRefKnown())
                    .as("length %s", length)
                    .isFalse();
        }
    }

    private void write(Path path, byte[] content) throws IOException {
        try (StorageFiles.StorageFile file = files.openWrite(path)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(content), 0);
        }
    }
}
