// SPDX-License-Identifier: Apache-2.0
package dev.narthex.testkit.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.narthex.memory.StorageFiles.StorageFile;
import dev.narthex.testkit.files.FileCall.Operation;
import dev.narthex.testkit.random.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyFilesTest {
    private static final Path DATA = Path.of("/data");
    private static final Path WAL = DATA.resolve("wal");

    private final FaultyFiles files = new FaultyFiles();

    @Test
    void readsWhatWasWritten() throws IOException {
        write(WAL, "hello", true);
        try (StorageFile file = files.openRead(WAL)) {
            ByteBuffer buffer = ByteBuffer.allocate(10);
            assertThat(file.sizeBytes()).isEqualTo(5);
            assertThat(file.read(buffer, 1)).isEqualTo(4);
            assertThat(file.read(buffer, 5)).isEqualTo(-1);
            assertThat(new String(buffer.array(), 0, 4, UTF_8)).isEqualTo("ello");
            assertThatIOException()
                    .isThrownBy(() -> file.write(bytes("x"), 0))
                    .withMessageContaining("is open for reading only");
        }
        assertThat(files.list(DATA)).containsExactly("wal");
    }

    @Test
    void growsAndShrinksFiles() throws IOException {
        files.createDirectories(DATA);
        try (StorageFile file = files.openWrite(WAL)) {
            file.write(bytes("abc"), 2);
            file.truncate(3);
            file.truncate(6);
        }
        assertThat(files.content(WAL)).containsExactly(0, 0, 'a', 0, 0, 0);
    }

    @Test
    void renamesAndDeletesAsPosix() throws IOException {
        write(DATA.resolve("tmp/chunk"), "new", true);
        files.rename(DATA.resolve("tmp"), DATA.resolve("block"));
        assertThat(files.content(DATA.resolve("block/chunk"))).asString(UTF_8).isEqualTo("new");
        assertThat(files.exists(DATA.resolve("tmp"))).isFalse();

        files.delete(DATA.resolve("block"));
        files.delete(DATA.resolve("block"));

        assertThat(files.list(DATA)).isEmpty();
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> files.rename(DATA.resolve("tmp"), DATA.resolve("x")));
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> files.openRead(WAL));
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> files.openWrite(DATA.resolve("none/x")));
    }

    @Test
    void failsEachCallInTurn() throws IOException {
        FaultyFiles good = new FaultyFiles();
        writeOn(good, WAL, "hello", true);
        int calls = good.calls();
        assertThat(calls).isEqualTo(5);

        for (int n = 1; n <= calls; n++) {
            FaultyFiles faulty = new FaultyFiles().failCall(n);
            String number = "injected fault at call " + n + " (";
            assertThatIOException()
                    .isThrownBy(() -> writeOn(faulty, WAL, "hello", true))
                    .withMessageContaining(number);
            faulty.assertNoOpenFiles();
            writeOn(faulty, WAL, "hello", true); // once only
        }
    }

    @Test
    void failsAsADyingDiskUntilHealed() throws IOException {
        files.failFrom(1);
        assertThatIOException().isThrownBy(() -> files.exists(WAL));
        assertThatIOException().isThrownBy(() -> files.exists(WAL));

        files.heal();

        assertThat(files.exists(WAL)).isFalse();
    }

    @Test
    void failsWhatThePredicatePicks() throws IOException {
        files.failCalls(
                call -> call.operation() == Operation.SYNC && call.path().equals(WAL));
        write(DATA.resolve("other"), "x", true);

        assertThatIOException().isThrownBy(() -> write(WAL, "x", true));
    }

    @Test
    void tearsAWrite() throws IOException {
        files.tearCall(3, 2);

        assertThatIOException()
                .isThrownBy(() -> write(WAL, "hello", false))
                .withMessageContaining("injected torn write at call 3");

        assertThat(files.content(WAL)).asString(UTF_8).isEqualTo("he");
    }

    @Test
    void fillsUp() throws IOException {
        files.capacityBytes(8);
        write(WAL, "12345", false);
        assertThat(files.usableBytes(DATA)).isEqualTo(3);

        assertThatIOException()
                .isThrownBy(() -> write(DATA.resolve("next"), "12345", false))
                .withMessageContaining("No space left on device");

        assertThat(files.content(DATA.resolve("next"))).asString(UTF_8).isEqualTo("123");
        assertThat(files.usableBytes(DATA)).isZero();
        write(WAL, "abcde", false); // overwriting needs no room
    }

    @Test
    void aKilledProcessLeavesAllThatItWrote() throws IOException {
        write(WAL, "unsynced", false);

        FaultyFiles after = files.kill();

        assertThat(after.content(WAL)).asString(UTF_8).isEqualTo("unsynced");
        assertThatIOException().isThrownBy(() -> files.exists(WAL)).withMessageContaining("has crashed");
    }

    @Test
    void aPowerCutLosesWhatWasNotSynced() throws IOException {
        write(WAL, "synced", true);
        files.syncDirectory(Path.of("/"));
        files.syncDirectory(DATA);
        write(WAL, "SYNC", false);
        write(DATA.resolve("no-name"), "synced, but not its name", true);

        FaultyFiles after = files.cutPower();

        assertThat(after.content(WAL)).asString(UTF_8).isEqualTo("synced");
        assertThat(after.list(DATA)).containsExactly("wal");
    }

    @Test
    void aPowerCutUndoesARenameThatWasNotSynced() throws IOException {
        files.put(WAL, "x".getBytes(UTF_8));
        files.syncDirectory(Path.of("/"));
        files.rename(WAL, DATA.resolve("wal2"));

        assertThat(files.cutPower().list(DATA)).containsExactly("wal");
    }

    @Test
    void aPowerCutAtWorkKeepsATornBeginning() throws IOException {
        Random random = Seed.of(FaultyFilesTest.class).random();
        boolean torn = false;
        for (int i = 0; i < 200; i++) {
            FaultyFiles fresh = new FaultyFiles();
            fresh.put(WAL, new byte[0]);
            fresh.syncDirectory(Path.of("/"));
            try (StorageFile file = fresh.openWrite(WAL)) {
                file.write(bytes("aaaa"), 0);
                file.write(bytes("bbbb"), 4);
            }
            String found = new String(fresh.cutPower(random).content(WAL), UTF_8);
            assertThat("aaaabbbb").startsWith(found);
            torn |= found.length() % 4 != 0;
        }
        assertThat(torn).isTrue();
    }

    @Test
    void namesTheOpenFiles() throws IOException {
        files.createDirectories(DATA);
        StorageFile file = files.openWrite(WAL);
        assertThat(files.openFiles()).containsExactly(WAL);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(files::assertNoOpenFiles)
                .withMessage("files left open: [/data/wal]");

        file.close();
        file.close();

        files.assertNoOpenFiles();
        assertThatIOException().isThrownBy(file::sizeBytes).withMessageContaining("is closed");
    }

    @Test
    void flipsBits() throws IOException {
        files.put(WAL, new byte[] {0, 1});
        files.flip(WAL, 1, 0x80);

        assertThat(files.content(WAL)).containsExactly(0, 0x81);
    }

    @Test
    void copiesToRealFiles(@TempDir Path real) throws IOException {
        files.put(DATA.resolve("wal/00000000"), "x".getBytes(UTF_8));

        files.copyTo(DATA, real.resolve("copy"));

        assertThat(real.resolve("copy/wal/00000000")).hasContent("x");
    }

    private void write(Path path, String text, boolean sync) throws IOException {
        writeOn(files, path, text, sync);
    }

    private static void writeOn(FaultyFiles files, Path path, String text, boolean sync) throws IOException {
        files.createDirectories(Objects.requireNonNull(path.getParent()));
        try (StorageFile file = files.openWrite(path)) {
            file.write(bytes(text), 0);
            if (sync) {
                file.sync();
            }
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    @Test
    void aLockIsHeldUntilItsFileIsClosed() throws IOException {
        FaultyFiles files = new FaultyFiles();
        Path path = Path.of("/lock");
        try (StorageFile first = files.openWrite(path);
                StorageFile second = files.openWrite(path)) {
            assertThat(first.tryLock()).isTrue();
            assertThat(second.tryLock()).isFalse();
        }
        try (StorageFile third = files.openWrite(path)) {
            assertThat(third.tryLock()).isTrue();
        }
    }
}
