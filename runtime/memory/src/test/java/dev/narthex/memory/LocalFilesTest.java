// SPDX-License-Identifier: Apache-2.0
package dev.narthex.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narthex.memory.StorageFiles.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
    private final LocalFiles files = new LocalFiles();

    @TempDir
    private Path directory;

    @Test
    void writesReadsAndTruncatesAtPositions() throws IOException {
        Path path = directory.resolve("a");
        try (StorageFile file = files.openWrite(path)) {
            file.write(bytes("hello world"), 0);
            file.write(bytes("W"), 6);
            file.truncate(7);
            file.sync();
            assertThat(file.sizeBytes()).isEqualTo(7);
        }
        try (StorageFile file = files.openRead(path)) {
            ByteBuffer into = ByteBuffer.allocate(10);
            assertThat(file.read(into, 3)).isEqualTo(4);
            assertThat(new String(into.array(), 0, 4, StandardCharsets.UTF_8)).isEqualTo("lo W");
            assertThat(file.read(ByteBuffer.allocate(1), 7)).isEqualTo(-1);
        }
    }

    @Test
    void openForWritingKeepsWhatIsThere() throws IOException {
        Path path = directory.resolve("a");
        Files.writeString(path, "there");
        try (StorageFile file = files.openWrite(path)) {
            assertThat(file.sizeBytes()).isEqualTo(5);
        }
        assertThatThrownBy(() -> files.openRead(directory.resolve("b"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void listsNamesInOrderAndNothingWhereThereIsNoDirectory() throws IOException {
        for (String name : new String[] {"c", "a", "b"}) {
            Files.writeString(directory.resolve(name), name);
        }
        assertThat(files.list(directory)).containsExactly("a", "b", "c");
        assertThat(files.list(directory.resolve("none"))).isEmpty();
    }

    @Test
    void renameReplacesAndDeleteRemovesAllBelow() throws IOException {
        Path below = directory.resolve("x/y");
        files.createDirectories(below);
        Files.writeString(below.resolve("f"), "1");
        Files.writeString(below.resolve("g"), "2");
        files.rename(below.resolve("f"), below.resolve("g"));
        files.syncDirectory(below);
        assertThat(Files.readString(below.resolve("g"))).isEqualTo("1");

        files.delete(directory.resolve("x"));
        assertThat(files.exists(directory.resolve("x"))).isFalse();
        files.delete(directory.resolve("x"));
    }

    @Test
    void whatIsWrongWithAPathIsSaid() throws IOException {
        Path none = directory.resolve("none");
        assertThatThrownBy(() -> files.openRead(none))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(none + ": no such file or directory");
        Path file = Files.writeString(directory.resolve("f"), "1");
        assertThatThrownBy(() -> files.createDirectories(file))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessage(file + ": a file of that name is there already; move it away");
        assertThatThrownBy(() -> files.rename(none, file)).hasMessageContaining("no such file or directory");
    }

    /** A test may run as root, who may do everything. */
    @Test
    void missingRightsAreSaid() {
        assertThat(ExplainedException.of(new AccessDeniedException("/data/lock")))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessage("/data/lock: permission denied; give the user of this process the rights to it");
        FileSystemException readOnly = new FileSystemException("/data/lock", null, "Read-only file system");
        assertThat(ExplainedException.of(readOnly)).isSameAs(readOnly);
    }

    /** What lies elsewhere is not of this directory. */
    @Test
    void ofALinkTheLinkIsRemovedAlone() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("f"), "1");
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.createSymbolicLink(data.resolve("link"), elsewhere);
        assertThat(files.list(data.resolve("link"))).containsExactly("f");
        files.createDirectories(data.resolve("link"));
        files.delete(data);
        assertThat(data).doesNotExist();
        assertThat(elsewhere.resolve("f")).exists();
    }

    @Test
    void aLockIsHeldUntilItsFileIsClosed() throws IOException {
        Path path = directory.resolve("lock");
        try (StorageFile first = files.openWrite(path);
                StorageFile second = files.openWrite(path)) {
            assertThat(first.tryLock()).isTrue();
            assertThat(second.tryLock()).isFalse();
        }
        try (StorageFile third = files.openWrite(path)) {
            assertThat(third.tryLock()).isTrue();
        }
    }

    @Test
    void anInterruptedThreadWritesAndReadsAllTheSameAndStaysInterrupted() throws IOException {
        Path path = directory.resolve("a");
        try (StorageFile file = files.openWrite(path)) {
            file.write(bytes("before "), 0);
            Thread.currentThread().interrupt();
            file.write(bytes("during "), 7);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            file.sync();
            assertThat(file.sizeBytes()).isEqualTo(14);
            file.truncate(13);
            ByteBuffer into = ByteBuffer.allocate(6);
            assertThat(file.read(into, 7)).isEqualTo(6);
            assertThat(Thread.interrupted()).isTrue();
            file.write(bytes(" after"), 13);
        }
        assertThat(Files.readString(path)).isEqualTo("before during after");
    }

    @Test
    void tellsTheRoomOfAPathThatIsStillToBeMade() throws IOException {
        assertThat(files.usableBytes(directory.resolve("not/yet"))).isPositive();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
